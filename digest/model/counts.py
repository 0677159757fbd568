"""What is counted beside the pages: counting a million people takes longer than a page may."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel


class DayCount(SQLModel, table=True):
    """How a list fared on a day of its own zone; days of the past stay as they were counted."""

    __tablename__ = "day_count"

    list_id: int = Field(foreign_key="mailing_list.id", ondelete="CASCADE", primary_key=True)
    day: date = Field(primary_key=True)
    confirmed: int = Field(default=0, description="subscribers at the end of the day")
    joined: int = 0
    gone: int = 0
    bounced: int = 0
    complained: int = 0


class DomainCount(SQLModel, table=True):
    """How an edition fared at one of its largest domains; the empty one stands for all of them together."""

    __tablename__ = "domain_count"

    edition_id: int = Field(foreign_key="edition.id", ondelete="CASCADE", primary_key=True)
    domain: str = Field(primary_key=True)
    sent: int = 0
    bounced: int = 0
    failed: int = 0
    complained: int = 0
    counted_at: datetime


class ChoiceCount(SQLModel, table=True):
    """How many subscribers of a list read a section: all who chose none in particular do."""

    __tablename__ = "choice_count"

    list_id: int = Field(foreign_key="mailing_list.id", ondelete="CASCADE", primary_key=True)
    section: str = Field(primary_key=True)
    reading: int = 0
    chosen: int = Field(default=0, description="of those, who named it")
    counted_at: datetime


class GuideStep(SQLModel, table=True):
    """A step of the first-run guide that somebody put aside; the others are known from what is there."""

    __tablename__ = "guide_step"

    step: str = Field(primary_key=True)
    at: datetime
