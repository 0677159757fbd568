"""`digest tool summarize`: one JSON line in, one out."""

from datetime import UTC, datetime
from typing import Any

from digest.model.news.article import Article
from digest.summarize.extract.filling import fill
from digest.summarize.extract.reading import read
from digest.text.lines import paragraphs
from digest.text.words.language import detect

_NO_WORDS = 60
# Only the order of articles matters here, and the line gives it.
_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)


def answer(item: dict[str, Any]) -> dict[str, Any]:
    """Return {"id", "sentences": [{"text", "article", "paragraph"}], "headline"} for one item.

    The item is {"id", "title", "text", "max_words"?} or {"id", "articles": [{"id", "title", "text",
    "source"}], "max_words"?}; paragraphs are those that `digest.text.lines.paragraphs` finds. Sentences are
    chosen until `max_words` (60 when not given) is filled, so that the last may run over. What cannot be read
    gives {"id", "error"}; nothing is raised.
    """
    try:
        articles, budget = _articles(item), _budget(item)
    except (TypeError, ValueError, KeyError) as error:
        return {"id": item.get("id") if isinstance(item, dict) else None, "error": str(error)}
    event = read(articles)
    return {
        "id": item.get("id"),
        "headline": event.headline.text,
        "sentences": [
            {"text": one.text, "article": one.article, "paragraph": one.paragraph}
            for one in fill(event, max_words=budget)
        ],
    }


def _budget(item: dict[str, Any]) -> int:
    budget = item.get("max_words", _NO_WORDS)
    if isinstance(budget, bool) or not isinstance(budget, int) or budget < 1:
        raise ValueError("max_words is not a whole number above 0")
    return budget


def _articles(item: dict[str, Any]) -> list[Article]:
    if not isinstance(item, dict):
        raise TypeError("the line is not an object")
    given = item.get("articles")
    if given is None:
        return [_article(item)]
    if not isinstance(given, list) or not given:
        raise ValueError("articles is not a list with something in it")
    return [_article(each) for each in given]


def _article(item: Any) -> Article:
    if not isinstance(item, dict) or not isinstance(item.get("text"), str):
        raise TypeError("an article has no text")
    title, text = item.get("title") or "", item["text"]
    if not isinstance(title, str):
        raise TypeError("a title is not text")
    return Article(
        title=title,
        source_name=str(item.get("source") or ""),
        language=detect(text) if text.strip() else "ar",
        paragraphs=paragraphs(text),
        first_seen_at=_UNDATED,
    )
