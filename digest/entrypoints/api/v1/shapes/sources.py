"""Shapes of sources."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from digest.entrypoints.api.v1.shapes.base import SentBody
from digest.model import SourceKind
from digest.services.sources.health import HealthWord


class SourceShown(BaseModel):
    """A source, and how it fares; the sentences say it to people."""

    id: int
    kind: SourceKind
    location: str
    name: str
    section: str | None
    weight: float
    enabled: bool
    state: HealthWord
    sentence: str
    sentence_ar: str
    last_success_at: datetime | None
    last_item_at: datetime | None
    items_a_day: float | None
    failures: int


class SourcePage(BaseModel):
    """All sources on the schedule, by name."""

    items: list[SourceShown]
    next: str | None = None


class NewSource(SentBody):
    """A site, feed, page or channel to be read; it is visited once before it is kept."""

    location: Annotated[str, Field(min_length=8, max_length=2000, pattern="^https?://")]
    name: Annotated[str, Field(max_length=200)] = ""
    section: Annotated[str, Field(max_length=60)] | None = None
    weight: Annotated[float, Field(ge=0, le=3)] = 1.0
    selector: Annotated[str, Field(max_length=300)] | None = None
    headline_only: bool = False
    summary_words: Annotated[int, Field(ge=10, le=400)] | None = None
    timezone: Annotated[str, Field(max_length=60)] | None = None


class SourceAdded(BaseModel):
    """A source that was kept, what its first visit brought, and other feeds that the site announces."""

    source: SourceShown
    articles: int
    problems: list[str]
    other_feeds: list[str]


class SourceHappening(BaseModel):
    """A line of a source's history."""

    at: datetime
    reason: str
    message: str
    message_ar: str


class SourceHistory(BaseModel):
    """The newest lines of a source's history, newest first."""

    items: list[SourceHappening]
    next: str | None = None
