"""The audit log: what was changed by whom. Rows are only ever added; the database refuses all else."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel


class AuditEntry(SQLModel, table=True):
    """One act that changed something.

    No subscriber's address stands in it: people are named by their number, so that who is erased is gone.
    """

    __tablename__ = "audit_entry"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True)
    actor: str = Field(index=True, description="desk:ADDRESS, cli:USER@MACHINE or api:ROUTE")
    act: str = Field(index=True, description="what was done, for machines: editions.pause")
    list_slug: str = Field(default="", index=True)
    about: str = Field(default="", description="what it was done to")
    before: dict[str, Any] = Field(default_factory=dict, sa_type=JSON, description="what changed, as it was")
    after: dict[str, Any] = Field(default_factory=dict, sa_type=JSON, description="what changed, as it is")
    came_from: str = Field(default="", description="address of the network, or terminal")


class ListCount(SQLModel, table=True):
    """How many people a list has, counted now and then: counting a million takes longer than a page may."""

    __tablename__ = "list_count"

    list_id: int = Field(foreign_key="mailing_list.id", ondelete="CASCADE", primary_key=True)
    confirmed: int
    pending: int
    joined: int = Field(description="in the last thirty days")
    gone: int = Field(description="in the last thirty days")
    counted_at: datetime
