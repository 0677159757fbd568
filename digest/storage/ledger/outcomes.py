"""Write outcomes to the ledger in set-based, fenced statements.

Two statements a group, however many recipients it has: the rows, then the batch's books. The first locks the
batch and writes nothing when the claim was lost. The database checks the books with every commit
(`books_balance`). These functions are for `Database.write`, or for `session.run_sync`.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from digest.model import DeliveryStatus, EditionState
from digest.storage.ledger.batches import Claim

Row = tuple[Any, ...]
ON_THE_WIRE = "on the wire"
"""The reason of those who were marked before the wire, while their batch is being sent."""
UNKNOWN = "unknown"
"""The reason of those whose outcome nobody will ever hear of."""
LONGEST_REPLY = 500


class ClaimStatus(Enum):
    """How a worker stands to its batch after a write."""

    HELD = "held"
    STOPPED = "stopped"
    """Still its own, but the edition is not being sent any more: what is on the wire may be recorded, no
    more.
    """
    LOST = "lost"
    """Another worker has it; nothing was written."""


class Result(NamedTuple):
    """What became of one recipient. `attempts` counts the tries, this one too; `marked`: it was marked
    before.
    """

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
# On PostgreSQL the batch's row is locked by the first statement, so that nobody can claim it in between. On
# SQLite there
# is one writer at a time. Its driver lets other threads in at every step, so that with a statement a row this
# thread and
# the sender's would take turns at each of them.
HELD = "SELECT 1 FROM batch WHERE id = ? AND fence = ?"
AT_ONCE = 64
"""Rows in one statement on SQLite: few enough that the driver keeps a statement for each count."""
RECORD = "edition_id, subscriber_id, status, reason, code, reply, attempts, next_try_at, at, history"
_RECORD_ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?, '[]')"
MARK = "edition_id, subscriber_id, status, reason, reply, attempts, at, history"
_MARK_ROW = "(?, ?, 'in_doubt', 'on the wire', '', 0, ?, '[]')"


def _record_statement(dialect: str, rows: str) -> str:
    """A result replaces what waits and what was marked, never what is final. Written twice (a commit whose
    answer was lost) it changes nothing: the number of tries tells.
    """
    return f"""
INSERT INTO delivery ({RECORD}) {rows}
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
INSERT INTO delivery ({MARK}) {rows}
ON CONFLICT (edition_id, subscriber_id) DO UPDATE SET status = 'in_doubt', reason = 'on the wire'
WHERE delivery.status = 'waiting'
"""


@lru_cache(maxsize=2 * AT_ONCE)
def _some(columns: str, count: int) -> str:
    if columns == RECORD:
        return _record_statement("sqlite", f"VALUES {', '.join([_RECORD_ROW] * count)}")
    return _mark_statement(f"VALUES {', '.join([_MARK_ROW] * count)}")


_GIVEN = """
FROM (SELECT edition_id FROM batch WHERE id = %s AND fence = %s FOR UPDATE) AS held,
    json_array_elements(CAST(%s AS json)) AS t (value)
"""
ALL = {
    RECORD: _record_statement(
        "postgresql",
        f"""
SELECT held.edition_id, (value ->> 0)::int, value ->> 1, value ->> 2, (value ->> 3)::int, value ->> 4, (value ->> 5)::int,
    (value ->> 6)::timestamptz, CAST(%s AS timestamptz), '[]' {_GIVEN}""",
    ),
    MARK: _mark_statement(
        f"""
SELECT held.edition_id, (value ->> 0)::int, 'in_doubt', 'on the wire', '', 0, CAST(%s AS timestamptz), '[]' {_GIVEN}""",
    ),
}
_WORDS = {status: status.value for status in DeliveryStatus}
"""An enumeration's own `value` is slow to read."""
_BOOKS = tuple(_WORDS.values())
BOOK = {
    dialect: f"""
UPDATE batch SET {", ".join(f"{name} = {name} + {mark}" for name in _BOOKS)}
WHERE id = {mark} AND fence = {mark}
RETURNING (SELECT state FROM edition WHERE edition.id = batch.edition_id)
"""  # noqa: S608 - only constants of this file
    for dialect, mark in (("sqlite", "?"), ("postgresql", "%s"))
}
_MEMBERS = {
    "sqlite": "SELECT value FROM batch, json_each(batch.members) WHERE batch.id = :batch",
    "postgresql": "SELECT value::text::int FROM batch, json_array_elements(batch.members) WHERE batch.id = :batch",
}


def record(connection: Connection, held: Claim, results: Sequence[Result], now: datetime) -> ClaimStatus:
    """Write outcomes. An outcome that is final already stays as it is."""
    rows = outcome_rows(results, connection.dialect.name)
    changed = _write(connection, held, RECORD, rows, now)
    return _book(connection, held, moved_by(results), agreed=changed == len(rows))


def mark(connection: Connection, held: Claim, subscriber_ids: Sequence[int], now: datetime) -> ClaimStatus:
    """Mark recipients as in doubt before they go on the wire."""
    count = len(subscriber_ids)
    changed = _write(connection, held, MARK, [(one,) for one in subscriber_ids], now)
    return _book(connection, held, moved_by_mark(count), agreed=changed == count)


def outcome_rows(results: Sequence[Result], dialect: str) -> list[Row]:
    """Return what is written of each outcome."""
    return [
        (
            subscriber_id,
            _WORDS[status],
            reason,
            code,
            reply if len(reply) <= LONGEST_REPLY and "\x00" not in reply else _fit(reply),
            attempts,
            next_try_at and stamp(dialect, next_try_at),
        )
        for subscriber_id, status, reason, code, reply, next_try_at, attempts, _ in results
    ]


def _fit(reply: str) -> str:
    return reply[:LONGEST_REPLY].replace("\x00", "")


def moved_by(results: Sequence[Result]) -> Counter[DeliveryStatus]:
    """Return by how much outcomes move each count of their batch's books, if they all are new."""
    moved: Counter[DeliveryStatus] = Counter([one.status for one in results])
    marked = [one.marked for one in results].count(True)
    moved[DeliveryStatus.IN_DOUBT] -= marked
    moved[DeliveryStatus.WAITING] -= len(results) - marked
    return moved


def moved_by_mark(count: int) -> Counter[DeliveryStatus]:
    """Return by how much marks move the books, if they all are new."""
    return Counter({DeliveryStatus.IN_DOUBT: count, DeliveryStatus.WAITING: -count})


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


def stamp(dialect: str, moment: datetime) -> str:
    """Write an instant as the column keeps it: SQLite's are UTC without a zone."""
    plain = moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return f"{plain}+00" if dialect == "postgresql" else plain


def as_json(rows: Sequence[Row]) -> str:
    """Write rows as PostgreSQL's statements take them: in one value."""
    return json.dumps(rows, ensure_ascii=False)


def _write(connection: Connection, held: Claim, columns: str, rows: Sequence[Row], now: datetime) -> int:
    """Write rows if the claim still stands; returns how many were changed."""
    at = stamp(connection.dialect.name, now)
    if connection.dialect.name == "postgresql":
        given = (at, held.batch_id, held.fence, as_json(rows))
        return int(_said(connection, ALL[columns], given).rowcount)
    if _said(connection, HELD, (held.batch_id, held.fence)).fetchone() is None:
        return 0
    return sum(
        _said(connection, statement, values).rowcount
        for statement, values in by_portions(columns, held.edition_id, rows, at)
    )


def by_portions(
    columns: str, edition_id: int, rows: Sequence[Row], at: str
) -> Iterator[tuple[str, list[Any]]]:
    """Yield the statements that write rows on SQLite, each with its values."""
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        values: list[Any] = []
        for row in some:
            values += (edition_id, *row, at)
        yield _some(columns, len(some)), values


def _book(
    connection: Connection, held: Claim, moved: Mapping[DeliveryStatus, int], *, agreed: bool
) -> ClaimStatus:
    """Move the batch's counts. When some rows were final already, what was moved is known only from the
    rows.
    """
    books = [moved.get(status, 0) if agreed else 0 for status in DeliveryStatus]
    statement = BOOK[connection.dialect.name]
    found = _said(connection, statement, (*books, held.batch_id, held.fence)).fetchone()
    if found is None:
        return ClaimStatus.LOST
    if not agreed:
        recount(connection, held.batch_id)
    return ClaimStatus.HELD if found[0] == EditionState.SENDING else ClaimStatus.STOPPED


def _said(connection: Connection, statement: str, values: Sequence[Any]) -> Any:
    """Execute by the driver's own cursor and return it: the way through SQLAlchemy costs more than the
    statement.
    """
    cursor = connection.connection.cursor()
    driver: Any = connection.dialect.dbapi
    try:
        cursor.execute(statement, values)
    except driver.Error as error:
        raise DBAPIError.instance(statement, None, error, driver.Error) from error
    return cursor
