"""Alerts: what was found to be one, and what became of it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from digest.model.columns import by_value
from digest.model.rows import no_items


class AlertVerdict(StrEnum):
    """What became of a story that a list might alert its readers to."""

    SENT = "sent"
    SOON = "soon"
    NIGHT = "night"
    LIMIT = "limit"
    PUBLISHED = "told"
    NOBODY = "nobody"
    LATE = "late"


class Alert(SQLModel, table=True):
    """A story that met a list's rule for alerts, and what was decided on it last. One row for each story of a
    list.
    """

    __tablename__ = "alert"
    __table_args__ = (UniqueConstraint("list_id", "topic"),)

    id: int | None = Field(default=None, primary_key=True)
    list_id: int = Field(foreign_key="mailing_list.id", ondelete="CASCADE")
    topic: str = Field(description="the story's key when it was found")
    headline: str
    cause: str = Field(description="publisher, outlets or editor")
    is_big: bool = False
    outlets: int = 1
    verdict: AlertVerdict = Field(sa_type=by_value(AlertVerdict))  # type: ignore[call-overload, unused-ignore]
    marks: list[str] = Field(
        default_factory=no_items, sa_type=JSON, description="its key and its articles' addresses"
    )
    found_at: datetime
    decided_at: datetime = Field(index=True)
    edition_id: int | None = Field(default=None, foreign_key="edition.id", ondelete="SET NULL", index=True)


class AlertWatch(SQLModel, table=True):
    """How far a list's articles were looked at for alerts, and who looks now.

    A process looks until `lease_until`; `fence` grows with every claim, so that one that slept past its lease
    makes nothing.
    """

    __tablename__ = "alert_watch"

    list_id: int = Field(foreign_key="mailing_list.id", ondelete="CASCADE", primary_key=True)
    seen_to: int = Field(default=0, description="id of the newest article that was looked at")
    lease_until: datetime | None = None
    fence: int = 0
