"""Write group commits through the driver's own connection.

Each is one transaction: on SQLite the fewest statements, on PostgreSQL a single one, which is one round trip.
They write what is usual, where all rows are new to the books. Where some are not, nothing is written, and the
ledger does it the long way.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from digest.model import DeliveryStatus, EditionState
from digest.storage.ledger.batches import Claim
from digest.storage.ledger.outcomes import (
    ALL,
    BOOK,
    MARK,
    RECORD,
    ClaimStatus,
    Result,
    Row,
    as_json,
    by_portions,
    moved_by,
    moved_by_mark,
    outcome_rows,
    stamp,
)


class Change(NamedTuple):
    """Rows of a batch, and by how much they move its books."""

    held: Claim
    columns: str
    rows: Sequence[Row]
    moved: Mapping[DeliveryStatus, int]
    at: str

    @property
    def books(self) -> list[int]:
        """By how much each count of the books moves."""
        return [self.moved.get(status, 0) for status in DeliveryStatus]


def outcomes(dialect: str, held: Claim, results: Sequence[Result], now: datetime) -> Change:
    """Return what `outcomes.record` writes."""
    rows = outcome_rows(results, dialect)
    return Change(held, RECORD, rows, moved_by(results), stamp(dialect, now))


def marks(dialect: str, held: Claim, subscriber_ids: Sequence[int], now: datetime) -> Change:
    """Return what `outcomes.mark` writes."""
    rows: list[Row] = [(one,) for one in subscriber_ids]
    return Change(held, MARK, rows, moved_by_mark(len(rows)), stamp(dialect, now))


def commit(connection: Any, dialect: str, change: Change) -> ClaimStatus | None:
    """Write a change; None: some of it was final already, and nothing was written. For `Database.group`.

    Raises:
        sqlite3.Error, psycopg.Error: as the driver says.
    """
    if dialect == "postgresql":
        from psycopg.errors import CheckViolation  # loaded by now, and on SQLite never

        try:
            state = connection.execute(booked(change.columns), given(change), prepare=True).fetchone()
        except CheckViolation:
            return None
        return claim_status(state and state[0])
    found = written(connection, change)
    connection.execute("COMMIT" if found in {ClaimStatus.HELD, ClaimStatus.STOPPED} else "ROLLBACK")
    return found


def written(connection: Any, change: Change) -> ClaimStatus | None:
    """Write a change on SQLite in a transaction that stays open; to be rolled back unless the claim is
    held.
    """
    run = connection.execute
    run("BEGIN IMMEDIATE")
    portions = by_portions(change.columns, change.held.edition_id, change.rows, change.at)
    if sum(run(statement, values).rowcount for statement, values in portions) != len(change.rows):
        return None
    state = run(BOOK["sqlite"], (*change.books, change.held.batch_id, change.held.fence)).fetchone()
    return claim_status(state and state[0])


def claim_status(state: str | None) -> ClaimStatus:
    """Say how a worker stands to its batch, by the state of the edition that the books gave back; None:
    none.
    """
    if state is None:
        return ClaimStatus.LOST
    return ClaimStatus.HELD if state == EditionState.SENDING else ClaimStatus.STOPPED


def given(change: Change) -> list[Any]:
    """Return the values of `booked`."""
    held, (waiting, *others) = change.held, change.books
    rows = as_json(change.rows)
    return [
        *(change.at, held.batch_id, held.fence, rows),
        *(waiting, len(change.rows), *others),
        *(held.batch_id, held.fence),
    ]


@cache
def booked(columns: str) -> str:
    """PostgreSQL's statement: the rows and the books in one.

    The books count on every row being written: by each that is not, those who wait are one too many, so that
    the database refuses the whole (`books_balance`).
    """
    names = [status.value for status in DeliveryStatus]
    moves = ", ".join(f"{name} = {name} + %s" for name in names if name != DeliveryStatus.WAITING)
    return f"""
WITH written AS ({ALL[columns]} RETURNING 1)
UPDATE batch SET waiting = waiting + %s + %s - (SELECT count(*) FROM written), {moves}
WHERE id = %s AND fence = %s
RETURNING (SELECT state FROM edition WHERE edition.id = batch.edition_id)
"""  # noqa: S608 - only constants of the ledger
