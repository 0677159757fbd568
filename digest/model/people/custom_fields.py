"""What a list asks of its readers beyond name and address, and the tags that admins give them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from digest.model.columns import by_value
from digest.model.rows import no_items

LONGEST_VALUE = 500
"""Letters of a value."""
LONGEST_TAG = 60


class FieldKind(StrEnum):
    """What may stand in a custom field."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"


class CustomField(SQLModel, table=True):
    """A field of a list: its key in files and segments, its title for readers, and what may stand in it."""

    __tablename__ = "custom_field"
    __table_args__ = (UniqueConstraint("list_id", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    list_id: int = Field(foreign_key="mailing_list.id", ondelete="CASCADE")
    key: str
    title: str
    kind: FieldKind = Field(sa_type=by_value(FieldKind))  # type: ignore[call-overload, unused-ignore]
    choices: list[str] = Field(default_factory=no_items, sa_type=JSON, description="what a choice may be")
    in_form: bool = Field(default=False, description="whether the form asks for it")
    created_at: datetime


class FieldValue(SQLModel, table=True):
    """One person's value in one field. `compared` is what segments look at; `number` of a number alone."""

    __tablename__ = "field_value"
    __table_args__ = (
        Index("ix_field_value_compared", "field_id", "compared"),
        Index("ix_field_value_number", "field_id", "number"),
    )

    subscriber_id: int = Field(foreign_key="subscriber.id", ondelete="CASCADE", primary_key=True)
    field_id: int = Field(foreign_key="custom_field.id", ondelete="CASCADE", primary_key=True)
    value: str = Field(description="as it is shown: text, a number, or a date as YYYY-MM-DD")
    compared: str = Field(description="the value without what does not matter when values are compared")
    number: float | None = None
    import_id: int | None = Field(default=None, description="the import that wrote it")


class SubscriberTag(SQLModel, table=True):
    """A tag that an admin gave a person on a list."""

    __tablename__ = "subscriber_tag"
    __table_args__ = (Index("ix_subscriber_tag_people", "list_id", "tag", "subscriber_id"),)

    subscriber_id: int = Field(foreign_key="subscriber.id", ondelete="CASCADE", primary_key=True)
    list_id: int = Field(foreign_key="mailing_list.id", ondelete="CASCADE", primary_key=True)
    tag: str = Field(primary_key=True)
    given_at: datetime
