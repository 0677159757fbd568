"""The tables of channels: where editions are posted besides mail, and the ledger of what was posted."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from digest.model.columns import by_value
from digest.model.rows import no_items


class ChannelKind(StrEnum):
    """What a channel is."""

    TELEGRAM = "telegram"
    WEBHOOK = "webhook"


class PostState(StrEnum):
    """Where the posting of an edition to a channel stands. Every post is in exactly one."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class Channel(SQLModel, table=True):
    """A place where a list's editions or alerts are posted."""

    __tablename__ = "channel"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    kind: ChannelKind = Field(sa_type=by_value(ChannelKind))  # type: ignore[call-overload, unused-ignore]
    list_id: int = Field(foreign_key="mailing_list.id", ondelete="CASCADE", index=True)
    target: str = Field(description="of Telegram @NAME or the chat's number; of a webhook its address")
    secret: str = Field(default="", description="of a webhook: signs what is posted")
    editions: bool = Field(default=True, description="whether it gets the list's editions")
    alerts: bool = Field(default=True, description="whether it gets its alerts")
    approvals: bool = Field(
        default=False,
        description="whether it is the editors' own: told of editions that wait for an approval",
    )
    created_at: datetime
    broken: str = Field(default="", description="why nothing is posted to it any more; empty: it is")
    paused_at: datetime | None = Field(
        default=None, description="since when somebody lets nothing be posted to it; None: it is posted to"
    )


class ChannelPost(SQLModel, table=True):
    """One edition on its way to one channel: the ledger of channels. Written when the edition starts."""

    __tablename__ = "channel_post"
    __table_args__ = (UniqueConstraint("channel_id", "edition_id"),)

    id: int | None = Field(default=None, primary_key=True)
    channel_id: int = Field(foreign_key="channel.id", ondelete="CASCADE")
    edition_id: int = Field(foreign_key="edition.id", ondelete="CASCADE", index=True)
    state: PostState = Field(default=PostState.WAITING, sa_type=by_value(PostState))  # type: ignore[call-overload, unused-ignore]
    parts: list[dict[str, Any]] = Field(
        default_factory=no_items,
        sa_type=JSON,
        description="what stands in the channel: number and text's hash",
    )
    revision: int = Field(default=0, description="how often it was corrected")
    created_at: datetime
    attempts: int = 0
    next_try_at: datetime | None = Field(default=None, index=True, description="None: no more tries")
    posted_at: datetime | None = None
    error: str = Field(default="", description="why the last try failed")
