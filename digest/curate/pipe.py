"""`digest tool cluster`: one article a line in, its story's key out."""

from datetime import UTC, datetime
from typing import Any

from digest.curate.events.cluster import StoryIndex
from digest.model import Article


class ClusterPipe:
    """Answers line by line, so that it can stand in a stream; remembers the articles of a rolling window."""

    def __init__(self) -> None:
        self._index = StoryIndex()
        self._last = datetime.fromtimestamp(0, UTC)
        self._lines = 0

    def answer(self, item: dict[str, Any]) -> dict[str, Any]:
        """Answer one line: {"id", "story"}, or {"id", "error"} when it cannot be read; the next line goes on.

        `item` has "id", "title" and "text", and perhaps "published_at" (ISO 8601; without one the time of the
        line before is taken, without a zone UTC), "source" and "url".
        """
        known = item.get("id")
        self._lines += 1
        texts: dict[str, str] = {}
        for name in ("title", "text", "published_at", "source", "url"):
            value = item.get(name)
            if value is not None and not isinstance(value, str):
                return {"id": known, "error": f'"{name}" is not a string'}
            texts[name] = (value or "").strip()
        if not texts["title"] and not texts["text"]:
            return {"id": known, "error": "there is neither a title nor a text"}
        when = _time(texts["published_at"])
        if when is None and texts["published_at"]:
            return {"id": known, "error": '"published_at" is not an ISO 8601 time'}
        self._last = when or self._last
        called = f"line {self._lines}" if known is None else known
        article = Article(
            url=texts["url"] or None,
            url_key=texts["url"] or f"{texts['source']} {called}",
            title=texts["title"],
            source_name=texts["source"],
            first_seen_at=self._last,
            paragraphs=[line for line in texts["text"].splitlines() if line.strip()],
        )
        return {"id": known, "story": self._index.add(article)}


def _time(text: str) -> datetime | None:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)
