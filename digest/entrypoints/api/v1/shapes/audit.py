"""Shapes of the audit log."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from digest.entrypoints.api.v1.shapes.base import PageAsked


class AuditAsked(PageAsked):
    """Which entries are asked for; days are those of UTC, both included."""

    actor: str = Field(default="", max_length=200)
    act: str = Field(default="", max_length=200, description="acts that begin so")
    list: str = Field(default="", max_length=60)
    since: date | None = None
    until: date | None = None


class AuditShown(BaseModel):
    """Who did what, when, from where, and what it was before and after."""

    id: int
    at: datetime
    actor: str
    act: str
    list: str
    about: str
    before: dict[str, Any]
    after: dict[str, Any]
    came_from: str


class AuditPage(BaseModel):
    """Some entries of the log, newest first."""

    items: list[AuditShown]
    next: str | None = None
