"""Addresses that must never be mailed: under which hashes, why, and what was ever taken off the list."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel


class SuppressionReason(StrEnum):
    """Where a suppression came from. The values are kept, so they never change."""

    LEFT_ALL = "left all lists"
    COMPLAINED = "complained"
    NO_SUCH_ADDRESS = "no such address"
    REMOVED = "removed"
    ADMIN = "admin"
    LISTED = "imported list"
    IMPORTED_BOUNCED = "imported: bounced"
    IMPORTED_BLOCKED = "imported: blocked"


MEANINGS = {
    SuppressionReason.LEFT_ALL: "its owner left all lists",
    SuppressionReason.COMPLAINED: "its owner reported a mail as spam",
    SuppressionReason.NO_SUCH_ADDRESS: "a server said for good that there is no such address",
    SuppressionReason.REMOVED: "the person was forgotten",
    SuppressionReason.ADMIN: "an admin blocked it",
    SuppressionReason.LISTED: "a list of suppressed addresses was imported",
    SuppressionReason.IMPORTED_BOUNCED: "an imported file said that it bounced",
    SuppressionReason.IMPORTED_BLOCKED: "an imported file said that it was blocked",
}
"""What each reason means, for people."""


class Suppression(SQLModel, table=True):
    """A keyed hash of an address that must never be mailed; outlives deletion and re-import."""

    __tablename__ = "suppression"

    address_hash: str = Field(primary_key=True)
    reason: str = Field(description="a SuppressionReason")
    note: str = Field(default="", description="an admin's own words; never an address")
    created_at: datetime = Field(index=True)
    import_id: int | None = Field(default=None, description="the import that brought it")


class SuppressionRemoval(SQLModel, table=True):
    """A suppression that somebody took off, and why. Added to, never changed."""

    __tablename__ = "suppression_removal"

    id: int | None = Field(default=None, primary_key=True)
    address_hash: str = Field(index=True)
    was: str = Field(description="the reason that it was suppressed for")
    suppressed_at: datetime
    removed_at: datetime
    why: str = Field(description="the words of whoever removed it")
