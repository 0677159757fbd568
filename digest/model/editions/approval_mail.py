"""Mail to those who may approve or edit an edition."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import AutoString, Field, SQLModel


class ApprovalMailKind(StrEnum):
    """What a mail about an edition that waits for people says."""

    ASKS = "asks"
    """It is composed."""
    REMINDS = "reminds"
    """Its time is near."""
    HELD = "held"
    """Its time came and nobody approved."""


class ApprovalMail(SQLModel, table=True):
    """A mail to somebody who may approve or edit an edition; one of each kind for each of them."""

    __tablename__ = "approval_mail"
    __table_args__ = (UniqueConstraint("edition_id", "account_id", "kind"),)

    id: int | None = Field(default=None, primary_key=True)
    edition_id: int = Field(foreign_key="edition.id", ondelete="CASCADE")
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    kind: ApprovalMailKind = Field(sa_type=AutoString)
    created_at: datetime
    attempts: int = 0
    next_try_at: datetime | None = Field(
        default=None, index=True, description="None: it is mailed, or given up"
    )
