"""One issue of one list, and the ledger of who got it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from digest.model.columns import by_value
from digest.model.rows import no_items


class EditionKind(StrEnum):
    """What sort of issue it is."""

    DAILY = "daily"
    WEEKLY = "weekly"
    BREAKING = "breaking"


class EditionState(StrEnum):
    """Where an edition stands. It is frozen from `approved` on."""

    DRAFT = "draft"
    APPROVED = "approved"
    SENDING = "sending"
    PAUSED = "paused"
    FINISHED = "finished"
    HELD = "held"
    CANCELLED = "cancelled"


class DeliveryStatus(StrEnum):
    """How one recipient's mail ended. No row means: still waiting, never tried."""

    WAITING = "waiting"
    SENT = "sent"
    BOUNCED = "bounced"
    FAILED = "failed"
    SKIPPED = "skipped"
    IN_DOUBT = "in_doubt"


class Edition(SQLModel, table=True):
    """One issue of one list. `(list, kind, local_date, topic)` is unique: that is what makes it go out once a
    day.
    """

    __tablename__ = "edition"
    __table_args__ = (
        UniqueConstraint("list_id", "kind", "local_date", "topic"),
        UniqueConstraint("list_id", "number"),
        CheckConstraint("planned >= 0", name="planned_is_a_count"),
    )

    id: int | None = Field(default=None, primary_key=True)
    list_id: int = Field(foreign_key="mailing_list.id", ondelete="CASCADE")
    kind: EditionKind = Field(default=EditionKind.DAILY, sa_type=by_value(EditionKind))  # type: ignore[call-overload, unused-ignore]
    local_date: date
    for_weekly_readers: bool = Field(
        default=False, description="a weekly edition of a daily list, only for who asked for weekly ones"
    )
    for_any_day: bool = Field(
        default=True,
        description="of a weekly one for weekly readers: whether it is for those, too, who chose no day of their own",
    )
    topic: str = Field(
        default="",
        description="of an alert the key of its story, of a segment's edition segment:NAME, else empty",
    )
    is_big: bool = Field(default=True, description="an alert that those get, too, who want only the big ones")
    corrects: int | None = Field(
        default=None,
        description="id of the alert that it corrects, for those who got that one and nobody else",
    )
    segment: dict[str, object] | None = Field(
        default=None,
        sa_type=JSON(none_as_null=True),  # type: ignore[call-overload, unused-ignore]
        description="name and definition of the segment that it is for, as they were then; None: for all",
    )
    number: int
    state: EditionState = Field(default=EditionState.DRAFT, sa_type=by_value(EditionState), index=True)  # type: ignore[call-overload, unused-ignore]
    window_start: datetime
    window_end: datetime
    send_deadline: datetime = Field(description="after this instant it is held, not sent")
    content: dict[str, object] = Field(default_factory=dict, sa_type=JSON)
    fingerprint: str = Field(default="", description="SHA-256 of the content, hex")
    subject: str = ""
    planned: int = 0
    held_reason: str | None = None
    held_code: str = Field(default="", description="why it is held, for programs; empty: for another reason")
    created_at: datetime
    composed_at: datetime | None = Field(default=None, description="when its content was last made")
    started_at: datetime | None = None
    finished_at: datetime | None = None
    resumed_at: datetime | None = Field(
        default=None, description="when a person last let it go on; what came before trips no breaker again"
    )
    due_at: datetime | None = Field(
        default=None, description="when it is to go out, where people approve it; None: once it is made"
    )
    starts_at: datetime | None = Field(
        default=None, description="an approved one does not begin before this instant; None: it may at once"
    )
    approved_by: str = Field(default="", description="who approved it, as the audit log names them")
    approved_at: datetime | None = None
    stopped_by: str = Field(
        default="", description="who took the approval back; then it does not go out by itself"
    )
    version: int = Field(default=0, description="grows with every change of what it says")
    composed: dict[str, object] | None = Field(
        default=None,
        sa_type=JSON(none_as_null=True),  # type: ignore[call-overload, unused-ignore]
        description="what was composed, before people edited it; None: nobody did",
    )
    held_about: dict[str, str] = Field(
        default_factory=dict, sa_type=JSON, description="figures and names of the reason that held_code tells"
    )
    words_dropped: bool = Field(
        default=False, description="whether what servers said of its mail was dropped, for its age"
    )


class EditionText(SQLModel, table=True):
    """What an edition's archive is searched by: its subject, headlines and sentences, folded."""

    __tablename__ = "edition_text"

    edition_id: int = Field(foreign_key="edition.id", ondelete="CASCADE", primary_key=True)
    folded: str


class Erratum(SQLModel, table=True):
    """What an edition had wrong, and what is right. It belongs to the edition of that number."""

    __tablename__ = "correction"
    __table_args__ = (UniqueConstraint("list_id", "edition_number", "text"),)

    id: int | None = Field(default=None, primary_key=True)
    list_id: int = Field(foreign_key="mailing_list.id", ondelete="CASCADE")
    edition_number: int
    text: str
    story: str = Field(default="", description="key of the story that had it wrong; empty: the whole edition")
    created_at: datetime
    told_in: int | None = Field(
        default=None,
        foreign_key="edition.id",
        ondelete="SET NULL",
        index=True,
        description="the edition that tells it",
    )


class Batch(SQLModel, table=True):
    """A slice of an edition's frozen audience: the unit of claiming.

    `members` are subscriber ids. A worker owns the batch until `lease_until`; `fence` grows with every
    claim, so that a worker that slept past its lease cannot record anything any more.

    The counts are the batch's books. The database refuses any that do not balance, and a batch that says it
    is done while somebody waits.
    """

    __tablename__ = "batch"
    __table_args__ = (
        UniqueConstraint("edition_id", "position"),
        CheckConstraint(
            "waiting >= 0 AND sent >= 0 AND bounced >= 0 AND failed >= 0 AND skipped >= 0 AND in_doubt >= 0",
            name="counts_are_counts",
        ),
        CheckConstraint(
            "size = waiting + sent + bounced + failed + skipped + in_doubt", name="books_balance"
        ),
        CheckConstraint("NOT done OR waiting = 0", name="done_means_nobody_waits"),
    )

    id: int | None = Field(default=None, primary_key=True)
    edition_id: int = Field(foreign_key="edition.id", ondelete="CASCADE", index=True)
    position: int
    members: list[int] = Field(default_factory=no_items, sa_type=JSON)
    size: int
    waiting: int
    sent: int = 0
    bounced: int = 0
    failed: int = 0
    skipped: int = 0
    in_doubt: int = 0
    done: bool = False
    due_at: datetime = Field(
        description="not claimed before this instant; later than now when only retries wait"
    )
    planned_at: datetime | None = Field(
        default=None, description="when the hour comes that its readers chose; None: the edition's own time"
    )
    send_deadline: datetime | None = Field(
        default=None,
        description="it may go out until then, however early its edition must; None: as its edition",
    )
    lease_until: datetime | None = None
    worker: str | None = None
    fence: int = 0


class Delivery(SQLModel, table=True):
    """The ledger: one row per (edition, subscriber), written when the outcome is known.

    `subscriber_id` is no foreign key: the books stay balanced when a person is deleted.
    """

    __tablename__ = "delivery"
    __table_args__ = {"sqlite_with_rowid": False}

    edition_id: int = Field(foreign_key="edition.id", ondelete="CASCADE", primary_key=True)
    subscriber_id: int = Field(primary_key=True, index=True)
    status: DeliveryStatus = Field(sa_type=by_value(DeliveryStatus))  # type: ignore[call-overload, unused-ignore]
    reason: str = Field(default="", description="why skipped or held")
    code: int | None = None
    reply: str = ""
    attempts: int = 0
    next_try_at: datetime | None = None
    at: datetime
    history: list[tuple[str, int | None, str]] = Field(
        default_factory=no_items,
        sa_type=JSON,
        description="earlier tries, oldest first: instant (ISO 8601, UTC), code, the server's words",
    )
