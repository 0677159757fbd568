"""Keys that all processes on one database share, and which signed calls of providers were taken."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class Secret(SQLModel, table=True):
    """A key of one purpose: in use, or kept because something that it sealed is still out there."""

    __tablename__ = "secret"
    __table_args__ = (
        Index(
            "one_key_in_use",
            "purpose",
            unique=True,
            sqlite_where=text("retired_at IS NULL"),
            postgresql_where=text("retired_at IS NULL"),
        ),
    )

    name: str = Field(primary_key=True)
    value: str = Field(description="hex")
    created_at: datetime
    purpose: str = Field(default="", description="links, return-paths, suppression, sessions or hubs")
    origin: str = Field(
        default="made",
        description="made (here), shared (one key for all, of an older version), web.secret, remembered or marker",
    )
    used_from: datetime | None = Field(default=None, description="None: since it was made")
    retired_at: datetime | None = Field(
        default=None, description="when another took its place; of web.secret: when it was last seen"
    )
    leaked: bool = Field(default=False, description="never believed again")


class TakenCall(SQLModel, table=True):
    """A provider's signed call that was taken, so that its signature serves no other."""

    __tablename__ = "taken_call"

    token_hash: str = Field(primary_key=True)
    body_hash: str
    at: datetime = Field(index=True)
    done: bool = Field(default=False, description="what it says was counted")
