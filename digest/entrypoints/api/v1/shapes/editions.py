"""Shapes of editions and alerts."""

from datetime import date, datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field

from digest.entrypoints.api.v1.shapes.base import SentBody
from digest.model import AlertVerdict, DeliveryStatus, EditionContent, EditionKind, EditionState, Story


class EditionHeadShown(BaseModel):
    """An edition in short."""

    number: int
    kind: EditionKind
    local_date: date
    state: EditionState
    subject: str
    held_reason: str | None
    planned: int
    started_at: datetime | None
    finished_at: datetime | None
    send_deadline: datetime


class EditionPage(BaseModel):
    """A list's editions, newest first."""

    items: list[EditionHeadShown]
    next: str | None = None


class BooksShown(BaseModel):
    """Who was planned, and what became of them; planned is always the sum of the others."""

    planned: int
    sent: int
    bounced: int
    failed: int
    skipped: int
    in_doubt: int
    waiting: int


class EditionProgress(BaseModel):
    """How an edition's send stands. `seconds_left` is null while nothing moves."""

    number: int
    state: EditionState
    held_reason: str | None
    books: BooksShown
    per_minute: float
    seconds_left: float | None


class EditionShown(EditionHeadShown):
    """An edition with its stories, how its send stands, and the moves that are open to it."""

    content: EditionContent
    books: BooksShown
    moves: list[str]


class RetryAsked(SentBody):
    """Whom to try again to reach."""

    statuses: list[DeliveryStatus] = Field(min_length=1, max_length=6)


class AlertShown(BaseModel):
    """A story that met the list's rule for alerts, and what was decided on it."""

    id: int
    headline: str
    cause: str
    is_big: bool
    outlets: int
    verdict: AlertVerdict
    found_at: datetime
    decided_at: datetime
    edition: int | None = Field(description="number of the edition that it went out by")


class AlertPage(BaseModel):
    """A list's alerts of the last thirty days, newest first."""

    items: list[AlertShown]
    next: str | None = None


class ApprovalAsked(SentBody):
    """An approval. `version` is the one that was looked at, and is refused when there is a newer one; null:
    what stands there now. `at_once`: it does not wait for its time.
    """

    version: int | None = Field(default=None, ge=0, le=2**31 - 1)
    at_once: bool = False


class ScheduleAsked(SentBody):
    """When an edition is to go out, within a week."""

    due_at: AwareDatetime


class EditAsked(SentBody):
    """One edit of an edition that waits; which fields an action reads, the guide to editing says.

    `version` is the one that was looked at: the same words changed since are refused.
    """

    version: int = Field(ge=0, le=2**31 - 1)
    action: Annotated[str, Field(min_length=1, max_length=20)]
    story: Annotated[str, Field(max_length=64)] = ""
    headline: Annotated[str, Field(max_length=2000)] | None = None
    text: Annotated[str, Field(max_length=20_000)] | None = None
    section: Annotated[str, Field(max_length=60)] = ""
    place: int = Field(default=0, ge=0, le=1000)
    other: Annotated[str, Field(max_length=64)] = ""
    articles: list[Annotated[int, Field(ge=1, le=1000)]] = Field(default_factory=list, max_length=100)
    url: Annotated[str, Field(max_length=2000)] = ""


class VersionAsked(SentBody):
    """The version that was looked at."""

    version: int = Field(ge=0, le=2**31 - 1)


class EditShown(BaseModel):
    """An edit that was made: of which kind, about which story, by whom, when."""

    version: int
    kind: str
    story: str
    by: str
    at: datetime


class EditionEdited(BaseModel):
    """An edition as it is edited: its version, what it says now, what was dropped, and its edits, oldest
    first.
    """

    number: int
    version: int
    state: EditionState
    due_at: datetime | None
    approved_by: str
    content: EditionContent
    dropped: list[Story]
    edits: list[EditShown]
