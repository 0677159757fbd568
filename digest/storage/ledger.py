"""Writing the ledger: what became of whom, in set-based statements behind the fence.

Two statements a group, however many recipients it has: the rows, then the batch's books. The first locks the batch and
writes nothing when the claim was lost. The database checks the books with every commit (`books_balance`).
These functions are for `Database.write`, or for `session.run_sync`.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, TextClause, text

from digest.model import DeliveryStatus, EditionState
from digest.storage.batches import Claim

ON_THE_WIRE = "on the wire"
"""The reason of those who were marked before the wire, while their batch is being sent."""
UNKNOWN = "unknown"
"""The reason of those whose outcome nobody will ever hear of."""
LONGEST_REPLY = 500


class Standing(Enum):
    """How a worker stands to its batch after a write."""

    HELD = "held"
    STOPPED = "stopped"
    """Still its own, but the edition is not being sent any more: what is on the wire may be recorded, no more."""
    LOST = "lost"
    """Another worker has it; nothing was written."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one recipient. `attempts` counts the tries, this one too; `marked`: it was marked before."""

    subscriber_id: int
    status: DeliveryStatus
    reason: str
    code: int | None
    reply: str
    next_try_at: datetime | None
    attempts: int = 1
    marked: bool = False


# An earlier try is kept with the server's words; a mark, or a row written twice, is no try.
_HISTORY = {
    "sqlite": "json_insert(delivery.history, '$[#]', json_array(delivery.at, delivery.code, delivery.reply))",
    "postgresql": "(delivery.history::jsonb || jsonb_build_array(jsonb_build_array("
    "delivery.at, delivery.code, delivery.reply)))::json",
}
# On PostgreSQL the batch's row is locked by the first statement, so that nobody can claim it in between. On SQLite there
# is one writer at a time. Its driver lets other threads in at every step, so that with a statement a row this thread and
# the sender's would take turns at each of them.
_HELD = "SELECT 1 FROM batch WHERE id = ? AND fence = ?"
AT_ONCE = 64
"""Rows in one statement on SQLite: few enough that the driver keeps a statement for each count."""
_RECORD_COLUMNS = "edition_id, subscriber_id, status, reason, code, reply, attempts, next_try_at, at, history"
_RECORD_ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?, '[]')"
_MARK_COLUMNS = "edition_id, subscriber_id, status, reason, reply, attempts, at, history"
_MARK_ROW = "(?, ?, 'in_doubt', 'on the wire', '', 0, ?, '[]')"


def _record_statement(dialect: str, rows: str) -> str:
    """A result replaces what waits and what was marked, never what is final. Written twice (a commit whose answer was
    lost) it changes nothing: the number of tries tells."""
    return f"""
INSERT INTO delivery ({_RECORD_COLUMNS}) {rows}
ON CONFLICT (edition_id, subscriber_id) DO UPDATE SET
    status = excluded.status, reason = excluded.reason, code = excluded.code, reply = excluded.reply,
    attempts = excluded.attempts, next_try_at = excluded.next_try_at, at = excluded.at,
    history = CASE WHEN delivery.attempts = 0 OR delivery.attempts >= excluded.attempts THEN delivery.history
        ELSE {_HISTORY[dialect]} END
WHERE (delivery.status = 'in_doubt' AND delivery.reason = 'on the wire')
    OR (delivery.status = 'waiting' AND (excluded.status <> 'waiting' OR delivery.attempts < excluded.attempts))
"""


def _mark_statement(rows: str) -> str:
    return f"""
INSERT INTO delivery ({_MARK_COLUMNS}) {rows}
ON CONFLICT (edition_id, subscriber_id) DO UPDATE SET status = 'in_doubt', reason = 'on the wire'
WHERE delivery.status = 'waiting'
"""


@lru_cache(maxsize=AT_ONCE)
def _record_some(count: int) -> str:
    return _record_statement("sqlite", f"VALUES {', '.join([_RECORD_ROW] * count)}")


@lru_cache(maxsize=AT_ONCE)
def _mark_some(count: int) -> str:
    return _mark_statement(f"VALUES {', '.join([_MARK_ROW] * count)}")


_RECORD_ALL = text(
    _record_statement(
        "postgresql",
        """
SELECT held.edition_id, (value ->> 0)::int, value ->> 1, value ->> 2, (value ->> 3)::int, value ->> 4, (value ->> 5)::int,
    (value ->> 6)::timestamptz, CAST(:at AS timestamptz), '[]'
FROM (SELECT edition_id FROM batch WHERE id = :batch AND fence = :fence FOR UPDATE) AS held,
    json_array_elements(CAST(:rows AS json)) AS t (value)
""",
    )
)
_MARK_ALL = text(
    _mark_statement("""
SELECT held.edition_id, (value ->> 0)::int, 'in_doubt', 'on the wire', '', 0, CAST(:at AS timestamptz), '[]'
FROM (SELECT edition_id FROM batch WHERE id = :batch AND fence = :fence FOR UPDATE) AS held,
    json_array_elements(CAST(:rows AS json)) AS t (value)
""")
)
_BOOK = text("""
UPDATE batch SET waiting = waiting + :waiting, sent = sent + :sent, bounced = bounced + :bounced,
    failed = failed + :failed, skipped = skipped + :skipped, in_doubt = in_doubt + :in_doubt
WHERE id = :batch AND fence = :fence
RETURNING (SELECT state FROM edition WHERE edition.id = batch.edition_id)
""")
_MEMBERS = {
    "sqlite": "SELECT value FROM batch, json_each(batch.members) WHERE batch.id = :batch",
    "postgresql": "SELECT value::text::int FROM batch, json_array_elements(batch.members) WHERE batch.id = :batch",
}


def record(connection: Connection, held: Claim, results: Sequence[Result], now: datetime) -> Standing:
    """Write outcomes. An outcome that is final already stays as it is."""
    rows = [
        (
            one.subscriber_id,
            one.status.value,
            one.reason,
            one.code,
            one.reply[:LONGEST_REPLY].replace("\x00", ""),
            one.attempts,
            one.next_try_at and stamp(connection, one.next_try_at),
        )
        for one in results
    ]
    moved: Counter[DeliveryStatus] = Counter(one.status for one in results)
    moved.subtract(DeliveryStatus.IN_DOUBT if one.marked else DeliveryStatus.WAITING for one in results)
    changed = _write(connection, held, (_record_some, _RECORD_ALL), rows, now)
    return _book(connection, held, moved, agreed=changed == len(rows))


def mark(connection: Connection, held: Claim, subscriber_ids: Sequence[int], now: datetime) -> Standing:
    """Mark recipients as in doubt before they go on the wire."""
    count = len(subscriber_ids)
    moved = Counter({DeliveryStatus.IN_DOUBT: count, DeliveryStatus.WAITING: -count})
    changed = _write(connection, held, (_mark_some, _MARK_ALL), [(one,) for one in subscriber_ids], now)
    return _book(connection, held, moved, agreed=changed == count)


def pause(connection: Connection, edition_id: int, reason: str) -> None:
    """Pause an edition that is being sent, with the reason."""
    connection.execute(
        text(
            "UPDATE edition SET state = 'paused', held_reason = :reason WHERE id = :edition AND state = 'sending'"
        ),
        {"edition": edition_id, "reason": reason},
    )


def give_up_marks(connection: Connection, held: Claim) -> None:
    """Say of those whom an earlier owner of the batch had marked that their outcome will stay unknown."""
    members = _MEMBERS[connection.dialect.name]
    connection.execute(
        text(f"""
UPDATE delivery SET reason = '{UNKNOWN}' WHERE edition_id = :edition AND status = 'in_doubt'
    AND reason = '{ON_THE_WIRE}' AND subscriber_id IN ({members})
"""),  # noqa: S608 - only constants of this file
        {"edition": held.edition_id, "batch": held.batch_id},
    )


def recount(connection: Connection, batch_id: int) -> None:
    """Make a batch's books from its rows again."""
    members = _MEMBERS[connection.dialect.name]
    counted = connection.execute(
        text(f"""
SELECT delivery.status, count(*) FROM delivery
WHERE edition_id = (SELECT edition_id FROM batch WHERE id = :batch) AND subscriber_id IN ({members})
GROUP BY delivery.status
"""),  # noqa: S608 - only constants of this file
        {"batch": batch_id},
    )
    found: dict[str, int] = {row[0]: row[1] for row in counted}
    settled = {
        status.value: found.get(status.value, 0)
        for status in DeliveryStatus
        if status is not DeliveryStatus.WAITING
    }
    connection.execute(
        text("""
UPDATE batch SET sent = :sent, bounced = :bounced, failed = :failed, skipped = :skipped, in_doubt = :in_doubt,
    waiting = size - :settled, done = (done AND size = :settled) WHERE id = :batch
"""),
        {**settled, "settled": sum(settled.values()), "batch": batch_id},
    )


def stamp(connection: Connection, moment: datetime | None) -> str | None:
    """Write an instant as the column keeps it: SQLite's are UTC without a zone."""
    if moment is None:
        return None
    plain = moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return f"{plain}+00" if connection.dialect.name == "postgresql" else plain


def _write(
    connection: Connection,
    held: Claim,
    statements: tuple[Callable[[int], str], TextClause],
    rows: Sequence[tuple[Any, ...]],
    now: datetime,
) -> int:
    """Write rows if the claim still stands; returns how many were changed."""
    at = stamp(connection, now)
    some_rows, at_once = statements
    if connection.dialect.name == "postgresql":
        every = {
            "batch": held.batch_id,
            "fence": held.fence,
            "rows": json.dumps(rows, ensure_ascii=False),
            "at": at,
        }
        return connection.execute(at_once, every).rowcount
    if connection.exec_driver_sql(_HELD, (held.batch_id, held.fence)).first() is None:
        return 0
    changed = 0
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        values = tuple(value for row in some for value in (held.edition_id, *row, at))
        changed += connection.exec_driver_sql(some_rows(len(some)), values).rowcount
    return changed


def _book(
    connection: Connection, held: Claim, moved: Mapping[DeliveryStatus, int], *, agreed: bool
) -> Standing:
    """Move the batch's counts. When some rows were final already, what was moved is known only from the rows."""
    books = {status.value: moved.get(status, 0) if agreed else 0 for status in DeliveryStatus}
    claim = {"batch": held.batch_id, "fence": held.fence}
    state = connection.execute(_BOOK, {**books, **claim}).scalar_one_or_none()
    if state is None:
        return Standing.LOST
    if not agreed:
        recount(connection, held.batch_id)
    return Standing.HELD if state == EditionState.SENDING else Standing.STOPPED
