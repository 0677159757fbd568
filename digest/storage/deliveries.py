"""The ledger: what became of whom, and whether the books balance.

Set-based statements on both databases: a recipient costs no object and no statement of its own.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import exists, func, text, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import Batch, Delivery, DeliveryStatus, Edition, EditionState
from digest.storage.batches import OPEN, Claim


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one recipient."""

    subscriber_id: int
    status: DeliveryStatus
    reason: str
    code: int | None
    reply: str
    next_try_at: datetime | None


@dataclass(frozen=True, slots=True)
class Balance:
    """An edition's books."""

    planned: int
    sent: int
    bounced: int
    failed: int
    skipped: Mapping[str, int]
    in_doubt: int
    waiting: int

    @property
    def holds(self) -> bool:
        """Whether everybody who was planned is in exactly one state."""
        settled = self.sent + self.bounced + self.failed + sum(self.skipped.values()) + self.in_doubt
        return self.waiting >= 0 and self.planned == settled + self.waiting

    def line(self) -> str:
        """Write the books as one line, states with nobody in them left out."""
        skipped = sum(self.skipped.values())
        why = ", ".join(f"{reason} {count}" for reason, count in sorted(self.skipped.items()))
        parts = [f"{self.planned} planned = {self.sent} sent"]
        parts += [
            f"{count} {name}" for name, count in (("bounced", self.bounced), ("failed", self.failed)) if count
        ]
        parts += [f"{skipped} skipped ({why})"] if skipped else []
        parts += [
            f"{count} {name}"
            for name, count in (("in doubt", self.in_doubt), ("waiting", self.waiting))
            if count
        ]
        return " + ".join(parts)


RECORD_SQLITE = text("""
INSERT INTO delivery (edition_id, subscriber_id, status, reason, code, reply, attempts, next_try_at, at)
SELECT :edition, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, 1, value ->> 5, :at
FROM json_each(:rows) WHERE true
ON CONFLICT (edition_id, subscriber_id) DO UPDATE SET
    status = excluded.status, reason = excluded.reason, code = excluded.code, reply = excluded.reply,
    attempts = delivery.attempts + 1, next_try_at = excluded.next_try_at, at = excluded.at
WHERE delivery.status = 'waiting' OR (delivery.status = 'in_doubt' AND delivery.attempts = 0)
""")
RECORD_POSTGRESQL = text("""
INSERT INTO delivery (edition_id, subscriber_id, status, reason, code, reply, attempts, next_try_at, at)
SELECT :edition, (value ->> 0)::int, value ->> 1, value ->> 2, (value ->> 3)::int, value ->> 4, 1,
    (value ->> 5)::timestamptz, CAST(:at AS timestamptz)
FROM json_array_elements(CAST(:rows AS json)) AS t (value)
ON CONFLICT (edition_id, subscriber_id) DO UPDATE SET
    status = excluded.status, reason = excluded.reason, code = excluded.code, reply = excluded.reply,
    attempts = delivery.attempts + 1, next_try_at = excluded.next_try_at, at = excluded.at
WHERE delivery.status = 'waiting' OR (delivery.status = 'in_doubt' AND delivery.attempts = 0)
""")
# A row marked before the wire has attempts 0; one that ended in doubt for good has more, and no result may change it.
MARK_SQLITE = text("""
INSERT INTO delivery (edition_id, subscriber_id, status, reason, reply, attempts, at)
SELECT :edition, value, 'in_doubt', 'on the wire', '', 0, :at FROM json_each(:rows) WHERE true
ON CONFLICT (edition_id, subscriber_id) DO UPDATE SET status = 'in_doubt', reason = 'on the wire', attempts = 0, at = excluded.at
WHERE delivery.status = 'waiting'
""")
MARK_POSTGRESQL = text("""
INSERT INTO delivery (edition_id, subscriber_id, status, reason, reply, attempts, at)
SELECT :edition, value::text::int, 'in_doubt', 'on the wire', '', 0, CAST(:at AS timestamptz)
FROM json_array_elements(CAST(:rows AS json)) AS t (value)
ON CONFLICT (edition_id, subscriber_id) DO UPDATE SET status = 'in_doubt', reason = 'on the wire', attempts = 0, at = excluded.at
WHERE delivery.status = 'waiting'
""")


def _stamp(moment: datetime | None, *, postgresql: bool) -> str | None:
    """Write an instant as the column keeps it: SQLite's are UTC without a zone."""
    if moment is None:
        return None
    plain = moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return f"{plain}+00" if postgresql else plain


async def _still_held(session: AsyncSession, held: Claim) -> bool:
    """Lock the batch's row and say whether the claim is still the newest."""
    query = select(Batch.fence).where(Batch.id == held.batch_id).with_for_update()
    return (await session.exec(query)).first() == held.fence


async def record(session: AsyncSession, held: Claim, results: Sequence[Result], now: datetime) -> bool:
    """Write outcomes in one statement. False, and nothing is written, when the claim was lost."""
    if not await _still_held(session, held):
        return False
    postgresql = session.get_bind().dialect.name == "postgresql"
    rows = [
        [
            one.subscriber_id,
            one.status.value,
            one.reason,
            one.code,
            one.reply[:500].replace("\x00", ""),
            _stamp(one.next_try_at, postgresql=postgresql),
        ]
        for one in results
    ]
    await session.exec(  # type: ignore[call-overload]
        RECORD_POSTGRESQL if postgresql else RECORD_SQLITE,
        params={
            "edition": held.edition_id,
            "rows": json.dumps(rows, ensure_ascii=False),
            "at": _stamp(now, postgresql=postgresql),
        },
    )
    return True


async def mark(session: AsyncSession, held: Claim, subscriber_ids: Sequence[int], now: datetime) -> bool:
    """Mark recipients as in doubt before they go on the wire. False when the claim was lost."""
    if not await _still_held(session, held):
        return False
    postgresql = session.get_bind().dialect.name == "postgresql"
    await session.exec(  # type: ignore[call-overload]
        MARK_POSTGRESQL if postgresql else MARK_SQLITE,
        params={
            "edition": held.edition_id,
            "rows": json.dumps(list(subscriber_ids)),
            "at": _stamp(now, postgresql=postgresql),
        },
    )
    return True


async def balance(session: AsyncSession, edition_id: int) -> Balance:
    """Return an edition's books: every planned recipient in exactly one state."""
    planned = (await session.exec(select(Edition.planned).where(Edition.id == edition_id))).first() or 0
    counts: dict[DeliveryStatus, int] = {}
    skipped: dict[str, int] = {}
    rows = await session.exec(
        select(Delivery.status, Delivery.reason, func.count())
        .where(Delivery.edition_id == edition_id)
        .group_by(col(Delivery.status), col(Delivery.reason))
    )
    for value, reason, count in rows.all():
        status = DeliveryStatus(value)
        counts[status] = counts.get(status, 0) + count
        if status is DeliveryStatus.SKIPPED:
            skipped[reason] = count
    settled = sum(count for status, count in counts.items() if status not in OPEN)
    return Balance(
        planned=planned,
        sent=counts.get(DeliveryStatus.SENT, 0),
        bounced=counts.get(DeliveryStatus.BOUNCED, 0),
        failed=counts.get(DeliveryStatus.FAILED, 0),
        skipped=skipped,
        in_doubt=counts.get(DeliveryStatus.IN_DOUBT, 0),
        waiting=planned - settled,
    )


async def close_finished(session: AsyncSession, now: datetime) -> list[int]:
    """Finish the editions in which nothing waits any more; returns their ids."""
    open_batch = exists().where(col(Batch.edition_id) == col(Edition.id), col(Batch.done).is_(other=False))
    done = await session.exec(
        update(Edition)
        .where(col(Edition.state) == EditionState.SENDING, ~open_batch)
        .values(state=EditionState.FINISHED, finished_at=now)
        .returning(col(Edition.id))
    )
    return [row[0] for row in done.all()]
