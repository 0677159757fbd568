"""Which database this is, in the store."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from functools import cache
from secrets import token_hex

from sqlalchemy import Executable, bindparam, delete, func, text, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import (
    Batch,
    Delivery,
    DeliveryStatus,
    Edition,
    EditionKind,
    EditionState,
    Instance,
    MailingList,
    WebhookEvent,
)
from digest.model.editions.edition_moves import Move
from digest.model.mark import Mark
from digest.storage import outbox
from digest.storage.editions.editions import TOO_FEW
from digest.storage.editions.states import moving

COPY = "copy"
"""Code of editions that are held because the database went back in time or is a copy."""


async def known(session: AsyncSession) -> Instance | None:
    """Return which database this is; None before it was ever asked."""
    found = await session.exec(select(Instance).limit(1).execution_options(populate_existing=True))
    return found.first()


async def ensure(session: AsyncSession, now: datetime) -> Instance:
    """Return which database this is, and give it an id when it has none."""
    if session.get_bind().dialect.name == "postgresql":
        # Two processes that start at once make one row.
        await session.exec(text("LOCK TABLE instance IN SHARE ROW EXCLUSIVE MODE"))  # type: ignore[call-overload]
    found = await known(session)
    if found is None:
        found = Instance(id=token_hex(16), place=await place(session), created_at=now)
        session.add(found)
        await session.flush()
    return found


async def advance(session: AsyncSession, mark: Mark | None = None) -> tuple[str, int] | None:
    """Count one further before something is sent; returns the id and the count. None: nothing may be sent, or
    it has no id, or a `mark` is given that is another's or ahead.
    """
    connection = await session.connection()
    given = {"instance": mark.instance, "least": mark.sequence} if mark else {}
    row = (await connection.execute(_advancing(marked=mark is not None), given)).first()
    return (row[0], row[1]) if row else None


@cache
def _advancing(*, marked: bool) -> Executable:
    """Made once for all batches."""
    like = (col(Instance.id) == bindparam("instance"), col(Instance.sequence) >= bindparam("least"))
    return (
        update(Instance)
        .where(col(Instance.noticed_at).is_(None), *(like if marked else ()))
        .values(sequence=col(Instance.sequence) + 1)
        .returning(col(Instance.id), col(Instance.sequence))
    )


async def renamed(session: AsyncSession, found: Instance, also: Collection[str], now: datetime) -> Instance:
    """Give the database another id: what was noticed is over, and the marks of its former ids stay known."""
    former = [*found.former, found.id, *(one for one in also if one not in {*found.former, found.id})]
    await session.exec(delete(Instance))
    made = Instance(
        id=token_hex(16),
        sequence=found.sequence,
        place=await place(session),
        former=former,
        seen_at=found.seen_at,
        created_at=now,
    )
    session.add(made)
    await session.flush()
    return made


async def place(session: AsyncSession) -> str:
    """Return where the server keeps this database, in a word that a copy does not share; empty for an
    embedded one.

    A dump that is loaded makes new tables, a template a new database, a new cluster another system
    identifier.
    """
    if session.get_bind().dialect.name != "postgresql":
        return ""
    query = "SELECT oid::text || '.' || 'instance'::regclass::oid::text FROM pg_database WHERE datname = current_database()"
    here = (await session.exec(text(query))).scalar_one()  # type: ignore[call-overload]
    allowed = "SELECT has_function_privilege('pg_control_system()', 'execute')"
    if (await session.exec(text(allowed))).scalar_one():  # type: ignore[call-overload]
        system = "SELECT system_identifier::text FROM pg_control_system()"
        return f"{(await session.exec(text(system))).scalar_one()}.{here}"  # type: ignore[call-overload]
    return str(here)


async def has_sent(session: AsyncSession) -> bool:
    """Say whether an edition ever began to be sent."""
    return (
        await session.exec(select(Edition.id).where(col(Edition.started_at).is_not(None)).limit(1))
    ).first() is not None


async def oldest_list(session: AsyncSession) -> datetime | None:
    """Return when the first list was made, or None."""
    return (await session.exec(select(func.min(MailingList.created_at)))).one()


async def sent_of(session: AsyncSession, batch_ids: Collection[int]) -> Mapping[int, int]:
    """Return how many of each batch were sent; batches that are gone are left out."""
    if not batch_ids:
        return {}
    query = select(Batch.id, Batch.sent).where(col(Batch.id).in_(batch_ids))
    return {batch: count for batch, count in (await session.exec(query)).all() if batch is not None}


def edition_name(slug: str, kind: EditionKind, local_date: date, number: int) -> str:
    """Return how marks name an edition."""
    return f"{slug} {kind.value} {local_date.isoformat()} {number}"


async def unknown_deliveries(
    session: AsyncSession, mailed: Mapping[int, Collection[int]]
) -> Mapping[int, tuple[int, bool]]:
    """Return of each edition how many of those that were mailed the ledger does not know, and whether it
    began here.
    """
    found: dict[int, tuple[int, bool]] = {}
    for edition_id, people in mailed.items():
        edition = await session.get(Edition, edition_id)
        query = select(Delivery.subscriber_id).where(
            Delivery.edition_id == edition_id,
            col(Delivery.subscriber_id).in_(people),
            Delivery.status != DeliveryStatus.WAITING,
        )
        settled = set((await session.exec(query)).all())
        began = edition is not None and edition.started_at is not None
        found[edition_id] = (len(set(people) - settled), began)
    return found


async def suspect(session: AsyncSession, now: datetime, sentence: str) -> list[int]:
    """Keep that the database went back in time or is a copy, and hold what could go out; returns the
    editions' ids.
    """
    await session.exec(update(Instance).values(noticed_at=now, noticed=sentence))
    held = await session.exec(
        moving(Move.SUSPECT, held_reason=sentence, held_code=COPY).returning(col(Edition.id))
    )
    # What had too little to say may have been let go since, and must not be made anew by itself.
    again = await session.exec(
        update(Edition)
        .where(col(Edition.state) == EditionState.HELD, col(Edition.held_code) == TOO_FEW)
        .values(held_reason=sentence, held_code=COPY)
        .returning(col(Edition.id))
    )
    ids = [row[0] for row in held.all()]
    await outbox.note_editions(session, WebhookEvent.HELD, ids, now)
    return sorted([*ids, *(row[0] for row in again.all())])


async def keep_held(session: AsyncSession, edition_id: int, reason: str, code: str = "") -> None:
    """Say why an edition stays held although the database is accepted."""
    await session.exec(
        update(Edition)
        .where(col(Edition.id) == edition_id, col(Edition.held_code) == COPY)
        .values(held_reason=reason, held_code=code)
    )


async def suspected(session: AsyncSession) -> list[Edition]:
    """Return the editions that are held for it, oldest first."""
    query = select(Edition).where(col(Edition.held_code) == COPY).order_by(col(Edition.id))
    return list((await session.exec(query.execution_options(populate_existing=True))).all())
