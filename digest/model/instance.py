"""Which database this is, and how far it has come: what tells a copy from its original."""

from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from digest.model.rows import no_items


class Instance(SQLModel, table=True):
    """One row. What it says is compared with the mark that is kept outside the database.

    `sequence` grows before anything is sent. `place` is where the server keeps the database, as far as it
    says so.
    """

    __tablename__ = "instance"

    id: str = Field(primary_key=True, description="made once; another after a person accepted a copy")
    sequence: int = 0
    place: str = ""
    marked: bool = Field(default=False, description="whether a mark was ever kept outside")
    former: list[str] = Field(
        default_factory=no_items,
        sa_type=JSON,
        description="ids that it had before a person accepted it, oldest first",
    )
    noticed_at: datetime | None = Field(
        default=None,
        description="when it was seen to be a copy or older than its mark; until a person says so",
    )
    noticed: str = Field(default="", description="what was seen, in a sentence")
    seen_at: datetime | None = Field(
        default=None, description="the last time that the clock was known to be right"
    )
    created_at: datetime
