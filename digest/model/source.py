"""Where news comes from."""

from datetime import datetime
from enum import StrEnum

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
    """A feed, page or folder that is read on a schedule, with its health and its politeness state."""

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
    failures: int = 0
    last_success_at: datetime | None = None
    last_item_at: datetime | None = None
    last_error: str | None = None
    last_error_at: datetime | None = None
    moved_to: str | None = None
    moved_since: datetime | None = None
    muted_reason: str | None = None
    created_at: datetime
