"""How people came and went: sign-ups that wait, what was said about consent, and imports that can be
undone.
"""

from datetime import date, datetime

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
    answers: dict[str, str] = Field(
        default_factory=dict, sa_type=JSON, description="what the form said in the list's own fields, by key"
    )
    at: datetime
    page: str = Field(default="", description="path or address of the page that the form stood on")
    text_key: str = Field(default="", description="which `consent_text` the form showed")
    released: bool = Field(default=False, description="let through by a person who looked at it")


class BlockedSignup(SQLModel, table=True):
    """A form that a limit kept back; whoever runs the list looks at it, and it is dropped after seven
    days.
    """

    __tablename__ = "blocked_signup"

    id: int | None = Field(default=None, primary_key=True)
    list_id: int = Field(foreign_key="mailing_list.id", ondelete="CASCADE")
    email: str
    came_from: str = ""
    at: datetime = Field(index=True)
    page: str = ""
    text_key: str = ""
    answers: dict[str, str] = Field(
        default_factory=dict, sa_type=JSON, description="as of `Signup`, so that its release keeps them"
    )
    reason: str = Field(description="hidden-field, domain, list or network")


class SignupCount(SQLModel, table=True):
    """How often something happened in an hour: forms from a network, for a domain, for a list."""

    __tablename__ = "signup_count"
    __table_args__ = (CheckConstraint("counted >= 0", name="counted_is_a_count"),)

    scope: str = Field(primary_key=True, description="near, network, domain, list, or confirmed")
    subject: str = Field(primary_key=True, description="the network, the domain, the list's id")
    hour: datetime = Field(primary_key=True, index=True)
    counted: int = 1


class SignupDay(SQLModel, table=True):
    """What became of the sign-ups of one day of a list, in its own zone: numbers, and nobody's name."""

    __tablename__ = "signup_day"

    list_id: int = Field(foreign_key="mailing_list.id", ondelete="CASCADE", primary_key=True)
    day: date = Field(primary_key=True)
    asked: int = 0
    by_page: int = Field(default=0, description="confirmed by the button on the page")
    by_reply: int = Field(default=0, description="confirmed by a reply to the mail")
    declined: int = Field(default=0, description="said on the page that they had not asked")


class ConsentText(SQLModel, table=True):
    """Words that people agreed to, once for all who did. Added to, never changed."""

    __tablename__ = "consent_text"

    key: str = Field(primary_key=True, description="the beginning of the SHA-256 of language and words")
    language: str
    words: str
    first_shown_at: datetime


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
        description="asked, confirmed, declined, left, returned, added (by an admin), stopped, address asked, "
        "address changed, confirmation undone (of an import), or before (what stood before)"
    )
    how: str = Field(
        default="",
        description="form, link, one-click, mail, preferences, admin, import, undo-import, sample, complaint, undo",
    )
    came_from: str = Field(default="", description="address of the request or name of the file")
    page: str = Field(default="", description="path or address of the page on which it was done")
    text_key: str = Field(default="", description="which `consent_text` was agreed to")


class AddressChange(SQLModel, table=True):
    """A change of address that a subscriber asked for and the new address has not confirmed yet; the last
    one.
    """

    __tablename__ = "address_change"

    subscriber_id: int = Field(foreign_key="subscriber.id", ondelete="CASCADE", primary_key=True)
    list_id: int = Field(foreign_key="mailing_list.id", ondelete="CASCADE")
    email: str
    key: str = Field(
        unique=True, description="128 random bits in hex: the link that confirms it is signed with it"
    )
    came_from: str = ""
    asked_at: datetime


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
