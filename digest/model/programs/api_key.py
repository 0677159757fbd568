"""The tables of keys, and of answers that are kept so that a request asked twice is done once."""

from datetime import datetime

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from digest.model.rows import no_items


class ApiKey(SQLModel, table=True):
    """A key by which a program calls the JSON interface. Only its SHA-256 is kept; it is shown once."""

    __tablename__ = "api_key"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, description="who calls; the audit log says api:NAME")
    key_hash: str = Field(unique=True, description="SHA-256 of the key, hex")
    start: str = Field(description="its first characters, to tell keys apart")
    scopes: list[str] = Field(default_factory=no_items, sa_type=JSON)
    list_id: int | None = Field(
        default=None,
        foreign_key="mailing_list.id",
        ondelete="CASCADE",
        index=True,
        description="the one list that it is for; None: all lists",
    )
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = Field(default=None, description="to the minute")


class KeptAnswer(SQLModel, table=True):
    """What a request with an Idempotency-Key was answered, for a day. `status` 0: it is being worked on."""

    __tablename__ = "kept_answer"
    __table_args__ = (UniqueConstraint("api_key_id", "idempotency_key"),)

    id: int | None = Field(default=None, primary_key=True)
    api_key_id: int = Field(foreign_key="api_key.id", ondelete="CASCADE")
    idempotency_key: str
    fingerprint: str = Field(description="SHA-256 of method, address and body, hex")
    status: int = 0
    body: str = ""
    location: str = ""
    created_at: datetime = Field(index=True)
