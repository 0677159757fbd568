"""How people came and went: sign-ups that wait, what was said about consent, and imports that can be
undone.
"""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint
from sqlmodel import Field, SQLModel


class Signup(SQLModel, table=True):
    """A form that was sent in and waits to be looked at. Everybody's is written alike, so that the answer
    takes as long.
    """

    __tablename__ = "signup"

    id: int | None = Field(default=None, primary_key=True)
    list_id: int = Field(foreign_key="mailing_list.id", ondelete="CASCADE")
    email: str
    came_from: str = ""
    at: datetime


class ConsentEvent(SQLModel, table=True):
    """One thing that a person, or somebody in the person's name, did about a subscription. Added to, never
    changed.
    """

    __tablename__ = "consent_event"

    id: int | None = Field(default=None, primary_key=True)
    list_id: int = Field(foreign_key="mailing_list.id", ondelete="CASCADE")
    subscriber_id: int = Field(foreign_key="subscriber.id", ondelete="CASCADE", index=True)
    at: datetime
    event: str = Field(
        description="asked, confirmed, left, added (by an admin), or before (what stood before)"
    )
    how: str = Field(default="", description="form, link, mail, admin, import, sample, complaint")
    came_from: str = Field(default="", description="address of the request or name of the file")


class ConfirmationAllowance(SQLModel, table=True):
    """How many confirmations a mailbox was mailed. `mailbox` is a keyed hash that all spellings of one
    mailbox share.
    """

    __tablename__ = "confirmation_allowance"
    __table_args__ = (CheckConstraint("asked >= 0", name="asked_is_a_count"),)

    mailbox: str = Field(primary_key=True)
    asked_at: datetime
    asked: int = 1


class ImportRun(SQLModel, table=True):
    """One import of a file into a list. What it changed carries its id, until it is undone."""

    __tablename__ = "import_run"

    id: int | None = Field(default=None, primary_key=True)
    list_id: int = Field(foreign_key="mailing_list.id", ondelete="CASCADE")
    file: str
    at: datetime
    counts: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
    undone_at: datetime | None = None
