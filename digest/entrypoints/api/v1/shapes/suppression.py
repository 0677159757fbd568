"""Shapes of suppressions."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from digest.entrypoints.api.v1.shapes.base import Address, PageAsked, SentBody
from digest.model import SuppressionReason

Why = Annotated[str, Field(max_length=300)]


class SuppressionsAsked(PageAsked):
    """Which suppressions are asked for."""

    reason: SuppressionReason | None = None


class SuppressionShown(BaseModel):
    """An address that must never be mailed, by its keyed hash: the address itself is not kept."""

    hash: str
    reason: str
    note: str
    since: datetime


class SuppressionPage(BaseModel):
    """Some suppressions, by hash."""

    items: list[SuppressionShown]
    next: str | None = None


class NewSuppression(SentBody):
    """An address that is never to be mailed again; the note may name no address."""

    email: Address
    note: Why = ""


class SuppressionDone(BaseModel):
    """What became of an address: suppressed now, or before."""

    outcome: Literal["suppressed", "known"]


class AddressAsked(SentBody):
    """An address, or a hash that the list gave out."""

    address: Address


class SuppressionState(BaseModel):
    """How an address stands; `suppression` is null when it may be mailed."""

    suppression: SuppressionShown | None


class SuppressionLifted(SentBody):
    """An address, or a hash, that may be mailed again, and why."""

    address: Address
    why: Annotated[str, Field(min_length=1, max_length=300)]


class AddressLifted(BaseModel):
    """What else stops mail to the address; null: nothing."""

    stopped: str | None
