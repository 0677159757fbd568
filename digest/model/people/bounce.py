"""What came back: the evidence against an address, and the score that it adds up to."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel


class BounceEvent(SQLModel, table=True):
    """One thing that was said about a subscriber's address, or done about it. `step` is what followed from
    it.

    Kept as evidence for people; the words are the receiver's own. It goes with the subscriber.
    """

    __tablename__ = "bounce_event"
    __table_args__ = (Index("ix_bounce_event_edition_subscriber", "edition_id", "subscriber_id"),)

    id: int | None = Field(default=None, primary_key=True)
    subscriber_id: int = Field(foreign_key="subscriber.id", ondelete="CASCADE", index=True)
    edition_id: int | None = Field(
        default=None,
        foreign_key="edition.id",
        ondelete="SET NULL",
        description="None: not known, or a notice",
    )
    at: datetime
    event: str = Field(description="bounce, complaint, left (by mail) or enabled (by an admin, or its owner)")
    weight: str = Field(default="", description="hard, unknown, soft or block; only bounces weigh")
    code: str = Field(default="", description="enhanced status code such as 5.1.1, or empty")
    words: str = ""
    read_by: str = Field(
        default="",
        description="who told: smtp, dsn, arf, letter, mail, nobody (it cannot be read), a provider, or who enabled it",
    )
    step: str = Field(default="nothing", description="nothing, probe, disable or suppress")


class BounceScore(SQLModel, table=True):
    """How an address stands. No row: nothing is held against it. Days are dates in UTC."""

    __tablename__ = "bounce_score"
    __table_args__ = (CheckConstraint("points >= 0", name="points_are_not_owed"),)

    subscriber_id: int = Field(foreign_key="subscriber.id", ondelete="CASCADE", primary_key=True)
    points: float = 0
    last_on: date | None = None
    probed_on: date | None = None
