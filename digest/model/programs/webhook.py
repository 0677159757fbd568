"""The tables of webhooks: where events are sent to, and the messages that carry them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from digest.model.rows import no_items


class WebhookEvent(StrEnum):
    """What programs may be told of."""

    JOINED = "subscriber.joined"
    LEFT = "subscriber.left"
    BOUNCED = "subscriber.bounced"
    COMPOSED = "edition.composed"
    APPROVED = "edition.approved"
    SENT = "edition.sent"
    HELD = "edition.held"
    ALERT = "alert"
    TEST = "test"


class Webhook(SQLModel, table=True):
    """Where events are posted to, and the secret that signs them (Standard Webhooks)."""

    __tablename__ = "webhook"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    url: str
    secret: str = Field(description="whsec_ and 256 bits in base64; kept as it is, for it signs")
    events: list[str] = Field(default_factory=no_items, sa_type=JSON, description="empty: all of them")
    list_id: int | None = Field(
        default=None,
        foreign_key="mailing_list.id",
        ondelete="CASCADE",
        index=True,
        description="of one list alone; None: of all lists",
    )
    created_at: datetime
    stopped: str = Field(default="", description="why nothing is posted to it any more; empty: it is")


class WebhookMessage(SQLModel, table=True):
    """One event on its way to one webhook, written in the transaction in which it happened.

    Whom it is about stands here by number alone: the address is looked up when it is sent.
    """

    __tablename__ = "webhook_message"
    __table_args__ = (Index("ix_webhook_message_log", "webhook_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    webhook_id: int = Field(foreign_key="webhook.id", ondelete="CASCADE")
    message_id: str = Field(description="the same for every try: by it a repeat is told")
    event: str
    list_slug: str = ""
    subscriber_id: int | None = None
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    at: datetime = Field(index=True)
    attempts: int = 0
    next_try_at: datetime | None = Field(default=None, index=True, description="None: no more tries")
    delivered_at: datetime | None = None
    status: int | None = Field(default=None, description="what the webhook last answered")
    error: str = Field(default="", description="why the last try failed")
