"""`digest tool cluster`: articles in, one a line; their stories' keys out, once all are in."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from digest.curate.events.cluster import group, key_of
from digest.model import Article


class ClusterPipe:
    """Gathers articles, and answers as an edition that is made of them would group them."""

    def __init__(self) -> None:
        self._articles: list[tuple[Any, Article]] = []
        self._last = datetime.fromtimestamp(0, UTC)
        self._lines = 0

    def take(self, item: dict[str, Any]) -> dict[str, Any] | None:
        """Take one line; return None, or {"id", "error"} when it cannot be read; the next line goes on.

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
        self._articles.append((known, article))
        return None

    def answers(self) -> Iterator[dict[str, Any]]:
        """Give {"id", "story"} of each line that was taken, in their order."""
        keys: dict[int, str] = {}
        for members in group([article for _, article in self._articles]):
            keys |= dict.fromkeys(map(id, members), key_of(members))
        for known, article in self._articles:
            yield {"id": known, "story": keys[id(article)]}


def _time(text: str) -> datetime | None:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)
