"""The table of opened links: how often, by the day. There is no person in it."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel


class ClickCount(SQLModel, table=True):
    """How often a link of an edition was opened on a day of its list's. No row: never."""

    __tablename__ = "click_count"
    __table_args__ = (CheckConstraint("clicks > 0", name="a_row_counts_something"),)

    edition_id: int = Field(foreign_key="edition.id", ondelete="CASCADE", primary_key=True)
    link: int = Field(primary_key=True, description="its place among the edition's addresses, from 0")
    day: date = Field(primary_key=True, index=True)
    clicks: int
