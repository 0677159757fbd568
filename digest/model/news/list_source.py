"""Which sources a list reads."""

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel


class ListSource(SQLModel, table=True):
    """What a list says of a source: whether it reads it, and what it weighs there.

    A list that reads all sources has rows for those it leaves out or weighs otherwise, another one for those
    that it reads.
    """

    __tablename__ = "list_source"
    __table_args__ = (CheckConstraint("weight >= 0 AND weight <= 3", name="list_source_weight"),)

    list_id: int = Field(foreign_key="mailing_list.id", ondelete="CASCADE", primary_key=True)
    source_id: int = Field(foreign_key="source.id", ondelete="CASCADE", primary_key=True, index=True)
    is_read: bool = True
    weight: float | None = Field(
        default=None, description="0 to 3, instead of the source's own; None: its own"
    )
