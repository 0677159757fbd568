"""Where news comes from."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from digest.model.columns import by_value


class SourceKind(StrEnum):
    """How a source is read."""

    FEED = "feed"
    PAGE = "page"
    FOLDER = "folder"
    SITEMAP = "sitemap"
    LISTING = "listing"
    IMAP = "imap"
    WEBHOOK = "webhook"
    TELEGRAM = "telegram"


class Rights(StrEnum):
    """How much of a source's text an edition may carry."""

    SUMMARY = "summary"
    HEADLINE = "headline"


class Source(SQLModel, table=True):
    """A feed, page, folder or mailbox that is read on a schedule, with its health and its politeness
    state.
    """

    __tablename__ = "source"

    id: int | None = Field(default=None, primary_key=True)
    kind: SourceKind = Field(default=SourceKind.FEED, sa_type=by_value(SourceKind))  # type: ignore[call-overload, unused-ignore]
    location: str = Field(unique=True, description="URL, or path of a folder or file")
    name: str = ""
    section: str | None = Field(default=None, description="section key that all its articles belong to")
    language: str = "ar"
    timezone: str = Field(default="Asia/Riyadh", description="zone of dates that name none")
    standing: float = Field(default=1.0, description="weight of the outlet in ranking, 0 to 3")
    rights: Rights = Field(default=Rights.SUMMARY, sa_type=by_value(Rights))  # type: ignore[call-overload, unused-ignore]
    summary_words: int | None = None
    enabled: bool = True
    by_hand: bool = Field(
        default=False, description="named on a command line only; the scheduler leaves it alone"
    )
    selector: str | None = Field(
        default=None, description="CSS selector of article links (listing) or body (page)"
    )

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    poll_seconds: int = 1800
    next_poll_at: datetime | None = None
    visited_since: datetime | None = Field(
        default=None, description="when the visit that goes on began; None: nobody visits it"
    )
    failures: int = 0
    last_success_at: datetime | None = None
    last_item_at: datetime | None = None
    last_error: str | None = None
    last_error_at: datetime | None = None
    moved_to: str | None = None
    moved_since: datetime | None = None
    muted_reason: str | None = None
    items_a_day: float | None = Field(default=None, description="its rhythm of late; None when unknown")
    hub: str | None = Field(default=None, description="WebSub hub that it announces")
    topic: str | None = Field(default=None, description="the feed's own address, by which the hub knows it")
    hub_until: datetime | None = Field(default=None, description="how long the hub tells us of news")
    cursor: str | None = Field(default=None, description="how far a mailbox was read")
    rights_line: str | None = Field(default=None, description="licence or rights that the feed claims")
    cleaning: dict[str, Any] = Field(
        default_factory=dict,
        sa_type=JSON,
        description="what does not belong to its articles, as `SourceCleaning` holds it",
    )
    seen_items: int | None = Field(default=None, description="items that the last reading of it held")
    undated_items: int | None = Field(default=None, description="of those, how many told no date")
    read_seconds: float | None = Field(default=None, description="how long it took to answer, last time")
    created_at: datetime


class SourceEvent(SQLModel, table=True):
    """What happened to a source: a line of its history, in a sentence an editor understands."""

    __tablename__ = "source_event"

    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id", ondelete="CASCADE", index=True)
    at: datetime = Field(index=True)
    reason: str = Field(description="key of the sentence, for machines")
    message: str = Field(description="the sentence in English")
    message_ar: str = Field(description="the sentence in Arabic")
    detail: str = Field(
        default="", description="what the machine said; the item's title when it was put aside"
    )
