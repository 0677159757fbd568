"""Read the ledger: balances, failures, timelines."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, exists, func, or_, text, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import Batch, Delivery, DeliveryStatus, Edition, Subscriber, WebhookEvent
from digest.model.editions.edition_moves import Move
from digest.storage import outbox
from digest.storage.editions.states import moving
from digest.storage.ledger import outcomes


@dataclass(frozen=True, slots=True)
class Balance:
    """An edition's books. Every batch's are checked by the database; `holds` says whether they make up the
    edition.
    """

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


@dataclass(frozen=True, slots=True)
class Try:
    """One try for one recipient. `code` is None when the server said nothing; `words` are its own."""

    at: datetime
    code: int | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """What became of one person's mail of one edition. `tries` oldest first; empty: never tried."""

    edition: Edition
    status: DeliveryStatus
    reason: str
    tries: tuple[Try, ...]
    next_try_at: datetime | None


async def balance(session: AsyncSession, edition_id: int) -> Balance:
    """Return an edition's books: every planned recipient in exactly one state. Costs a row a batch."""
    planned = (await session.exec(select(Edition.planned).where(Edition.id == edition_id))).first() or 0
    sums = select(
        *(
            func.coalesce(func.sum(getattr(Batch, name)), 0)
            for name in ("waiting", "sent", "bounced", "failed", "skipped", "in_doubt")
        )
    ).where(Batch.edition_id == edition_id)
    waiting, sent, bounced, failed, skipped, in_doubt = (await session.exec(sums)).one()
    reasons: dict[str, int] = {}
    if skipped:
        rows = await session.exec(
            select(Delivery.reason, func.count())
            .where(Delivery.edition_id == edition_id, Delivery.status == DeliveryStatus.SKIPPED)
            .group_by(col(Delivery.reason))
        )
        reasons = dict(rows.all())
    return Balance(planned, sent, bounced, failed, reasons, in_doubt, waiting)


async def agrees(session: AsyncSession, edition_id: int) -> bool:
    """Count the ledger's rows and say whether the books of the batches say the same. Costs a look at every
    row.
    """
    rows = await session.exec(
        select(Delivery.status, func.count())
        .where(Delivery.edition_id == edition_id)
        .group_by(col(Delivery.status))
    )
    counted = dict(rows.all())
    books = await balance(session, edition_id)
    booked = {
        DeliveryStatus.SENT: books.sent,
        DeliveryStatus.BOUNCED: books.bounced,
        DeliveryStatus.FAILED: books.failed,
        DeliveryStatus.SKIPPED: sum(books.skipped.values()),
        DeliveryStatus.IN_DOUBT: books.in_doubt,
    }
    return books.holds and all(counted.get(status, 0) == count for status, count in booked.items())


async def close_finished(session: AsyncSession, now: datetime) -> list[int]:
    """Finish the editions in which nothing waits any more; returns their ids."""
    open_batch = exists().where(col(Batch.edition_id) == col(Edition.id), col(Batch.done).is_(other=False))
    done = await session.exec(moving(Move.FINISH, ~open_batch, finished_at=now).returning(col(Edition.id)))
    ids = [row[0] for row in done.all()]
    await outbox.note_editions(session, WebhookEvent.SENT, ids, now)
    return ids


async def in_doubt(session: AsyncSession, edition_id: int) -> list[int]:
    """Return the ids of those whose outcome is unknown, in order."""
    query = (
        select(Delivery.subscriber_id)
        .where(
            Delivery.edition_id == edition_id,
            Delivery.status == DeliveryStatus.IN_DOUBT,
            Delivery.reason != outcomes.ON_THE_WIRE,
        )
        .order_by(col(Delivery.subscriber_id))
    )
    return list((await session.exec(query)).all())


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One whom an edition did not reach; a deleted person's address is its number."""

    address: str
    status: DeliveryStatus
    reason: str
    code: int | None
    reply: str
    at: datetime


async def failures(session: AsyncSession, edition_id: int) -> list[Failure]:
    """Return who bounced or failed in an edition, in the order of their addresses."""
    query = (
        select(Delivery, Subscriber.email)
        .join(Subscriber, col(Subscriber.id) == col(Delivery.subscriber_id), isouter=True)
        .where(
            Delivery.edition_id == edition_id,
            col(Delivery.status).in_((DeliveryStatus.BOUNCED, DeliveryStatus.FAILED)),
        )
        .order_by(col(Subscriber.email), col(Delivery.subscriber_id))
    )
    return [
        Failure(
            address=email or f"#{one.subscriber_id}",
            status=one.status,
            reason=one.reason,
            code=one.code,
            reply=one.reply,
            at=one.at,
        )
        for one, email in (await session.exec(query)).all()
    ]


async def again(
    session: AsyncSession, edition_id: int, statuses: Collection[DeliveryStatus], now: datetime
) -> int:
    """Let those in the given states wait again, due at once; returns how many.

    Those who are on the wire at this moment are left alone.
    """
    # The batches first, in the order in which every writer takes them: a result that is just being written
    # comes in before.
    made = (
        await session.exec(
            select(Batch.id).where(Batch.edition_id == edition_id).order_by(col(Batch.id)).with_for_update()
        )
    ).all()
    done = await session.exec(
        update(Delivery)
        .where(
            col(Delivery.edition_id) == edition_id,
            col(Delivery.status).in_(statuses),
            col(Delivery.reason) != outcomes.ON_THE_WIRE,
        )
        .values(status=DeliveryStatus.WAITING, reason="asked for again", next_try_at=now)
    )
    if done.rowcount:
        connection = await session.connection()
        for batch_id in filter(None, made):
            await connection.run_sync(outcomes.recount, batch_id)
        await session.exec(
            update(Batch)
            .where(
                col(Batch.edition_id) == edition_id,
                col(Batch.waiting) > 0,
                or_(col(Batch.planned_at).is_(None), col(Batch.planned_at) <= now),
            )
            .values(due_at=now)
        )
    return done.rowcount


async def timelines(
    session: AsyncSession,
    subscriber_id: int,
    limit: int | None = None,
    *,
    seen: Collection[int] | None = None,
) -> list[Timeline]:
    """Return what became of a person's mail, newest edition first; editions that did not plan the person are
    left out. `limit` None: all of them; `seen`: of these lists alone.
    """
    rows = await session.exec(
        select(Edition, Delivery)
        .join(Delivery, col(Delivery.edition_id) == col(Edition.id))
        .where(Delivery.subscriber_id == subscriber_id)
    )
    found = {edition.id: _timeline(edition, delivery) for edition, delivery in rows.all()}
    connection = await session.connection()
    for edition_id in await connection.run_sync(_untried, subscriber_id):
        edition = await session.get(Edition, edition_id)
        if edition is not None and edition.id not in found:
            found[edition.id] = Timeline(
                edition=edition, status=DeliveryStatus.WAITING, reason="", tries=(), next_try_at=None
            )
    shown = [one for one in found.values() if seen is None or one.edition.list_id in seen]
    newest = sorted(shown, key=lambda one: (one.edition.local_date, one.edition.id), reverse=True)
    return newest[:limit]


def _timeline(edition: Edition, delivery: Delivery) -> Timeline:
    tries = [Try(_instant(at), code, words) for at, code, words in delivery.history]
    if delivery.attempts:
        tries.append(Try(delivery.at, delivery.code, delivery.reply))
    return Timeline(
        edition=edition,
        status=delivery.status,
        reason=delivery.reason,
        tries=tuple(tries),
        next_try_at=delivery.next_try_at,
    )


def _instant(text_: str) -> datetime:
    moment = datetime.fromisoformat(text_)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _untried(connection: Connection, subscriber_id: int) -> list[int]:
    """The editions that still have to try a person, in whose batches the person stands."""
    each = (
        "json_each(batch.members) AS member WHERE member.value = :person"
        if connection.dialect.name == "sqlite"
        else "json_array_elements_text(batch.members) AS member WHERE member::int = :person"
    )
    query = text(f"SELECT edition_id FROM batch WHERE waiting > 0 AND EXISTS (SELECT 1 FROM {each})")  # noqa: S608
    return list(connection.execute(query, {"person": subscriber_id}).scalars())


async def try_now(session: AsyncSession, edition_id: int, now: datetime) -> None:
    """Make the next try of all who wait for one in an edition due now."""
    await session.exec(
        update(Delivery)
        .where(
            col(Delivery.edition_id) == edition_id,
            col(Delivery.status) == DeliveryStatus.WAITING,
            col(Delivery.next_try_at) > now,
        )
        .values(next_try_at=now)
    )
