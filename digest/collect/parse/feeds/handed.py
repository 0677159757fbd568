"""Validate what `POST /ingest` brings and make articles of it."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, HttpUrl, ValidationError

from digest.collect.clean import sections
from digest.collect.clean.article import build_article, split_section
from digest.collect.clean.url import canonical
from digest.collect.parse.feeds.items import identifier
from digest.errors import SourceError
from digest.model import Article, Source
from digest.text.sanitise import inline, plain, safe_url

LONGEST_TEXT = 200_000
LONGEST_URL = 2_083
"""Characters of an address once it is encoded, in which an Arabic letter takes six."""
MOST_ARTICLES = 200


def _short_when_encoded(url: HttpUrl) -> HttpUrl:
    if len(str(url)) > LONGEST_URL:
        raise ValueError(f"an address has at most {LONGEST_URL} characters once it is encoded")
    return url


Line = Annotated[str, Field(max_length=1000)]
WebAddress = Annotated[HttpUrl, AfterValidator(_short_when_encoded)]


class IngestItem(BaseModel):
    """One article as it is handed in. Texts may hold HTML; without an `id` the address or the text identifies
    it.
    """

    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1, max_length=1000)
    text: str = Field(default="", max_length=LONGEST_TEXT)
    url: WebAddress | None = None
    id: Line | None = None
    published_at: datetime | None = None
    author: Line | None = None
    section: Line | None = None
    image: WebAddress | None = None
    rights: Line | None = None


class IngestRequest(BaseModel):
    """What one POST /ingest brings: articles of a source of kind webhook, by its name."""

    model_config = ConfigDict(extra="forbid")

    source: str = Field(max_length=1000, pattern=r"^[^\x00]*$")
    articles: list[IngestItem] = Field(min_length=1, max_length=MOST_ARTICLES)


def read(body: bytes) -> dict[str, Any]:
    """Return a body's fields, checked, as JSON can take them.

    Raises:
        SourceError: the body is not of the shape of `Delivery`.
    """
    try:
        return IngestRequest.model_validate_json(body).model_dump(mode="json")
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        where = ".".join(map(str, first["loc"])) or "the body"
        raise SourceError(
            f"{where}: {first['msg']}.", remedy="docs/howto/sources.md shows the shape."
        ) from error


def to_article(handed: IngestItem, source: Source, now: datetime) -> Article:
    """Make an article of what was handed in."""
    glued, title = split_section(inline(handed.title))
    section = source.section or sections.named(handed.section or "") or glued
    article = build_article(title, plain(handed.text), now=now, section=section, source=source.name)
    article.source_id = source.id
    article.url = canonical(str(handed.url)) if handed.url else None
    article.guid = identifier(inline(handed.id or ""))
    article.url_key = article.url or article.guid or article.content_hash
    when = handed.published_at
    article.published_at = min(when, now) if when and when.tzinfo else None
    article.byline = inline(handed.author or "") or article.byline
    article.image_url = safe_url(str(handed.image)) if handed.image else None
    article.rights_line = inline(handed.rights or "")
    return article
