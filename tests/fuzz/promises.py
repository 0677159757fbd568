"""What is promised about every value made of foreign bytes."""

from datetime import UTC, datetime

from digest.collect.clean.url import own_address
from digest.errors import DigestError
from digest.model import Article
from digest.text.sanitise import safe_url
from digest.text.words.normalise import clean

NOW = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
ADDRESS = "https://marfa.example/news/feed.xml"
MOST_KEY = 2_500
"""Bytes that PostgreSQL surely indexes."""


def has_words(error: DigestError) -> None:
    """It says what is wrong."""
    assert str(error).strip()


def is_storable(text: str | None) -> None:
    """Both databases take it: no zero and no half of a surrogate pair."""
    if text is not None:
        assert "\x00" not in text
        text.encode("utf-8")


def is_clean(line: str | None) -> None:
    """It is one line as it is shown."""
    is_storable(line)
    if line is not None:
        assert clean(line) == line


def is_safe(url: str | None) -> None:
    """It is an absolute web address that misleads nobody."""
    is_storable(url)
    if url is not None:
        assert safe_url(url) == url


def is_past(instant: datetime | None) -> None:
    """It is an instant, and none to come."""
    if instant is not None:
        assert instant.tzinfo is not None
        assert instant <= NOW


def is_article(article: Article) -> None:
    """It can be stored, found again and shown."""
    for line in (article.title, article.byline, article.source_name, article.agency, article.image_alt):
        is_clean(line)
    for paragraph in article.paragraphs:
        is_clean(paragraph)
        assert paragraph
    assert set(article.headings) <= set(article.paragraphs)
    is_clean(article.rights_line)
    is_safe(article.url)
    is_safe(article.image_url)
    assert own_address(article.url) == article.url
    for key in (article.url_key, article.guid, article.section, article.language):
        is_storable(key)
    assert article.url_key
    for key in (article.url_key, article.guid or ""):
        assert len(key.encode()) <= MOST_KEY
    is_past(article.published_at)
    assert article.first_seen_at == NOW
