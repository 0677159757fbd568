"""What an operator asks and does about deliveries."""

from collections.abc import Collection
from datetime import datetime

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import InputError, NotFoundError
from digest.model import DeliveryStatus, Edition
from digest.model.editions.edition_moves import Move, state_after
from digest.model.editions.lateness import put_further
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.sending import times
from digest.storage.audience import lists, subscribers
from digest.storage.editions import editions
from digest.storage.editions.states import move_one
from digest.storage.ledger import batches, deliveries
from digest.storage.ledger.deliveries import Balance, Failure, Timeline
from digest.text.addresses.email_address import normalised

log = structlog.get_logger()


async def balance(app: App, edition_id: int) -> Balance:
    """Return an edition's books."""
    return await app.database.at_once(deliveries.balance, edition_id)


async def audit(app: App, edition_id: int) -> bool:
    """Count the ledger row by row and say whether the books agree."""
    async with app.database.begin() as session:
        return await deliveries.agrees(session, edition_id)


async def move_by_hand(app: App, edition: Edition, move: Move) -> Edition:
    """Pause or cancel an edition, or let it go on. What is already on the wire is still recorded.

    An edition that is resumed may go out for as long again as its list allows, however late it is: a person
    has decided that.

    Raises:
        InputError: it cannot go there from where it is.
    """
    async with app.database.begin() as session:
        goes_on = move is Move.RESUME
        deadline = await _new_deadline(app, session, edition) if goes_on else None
        changed = await editions.move_by_hand(session, row_id(edition), move, app.clock.now(), deadline)
        if goes_on:
            await times.make_due_in(session, app, row_id(edition))
        return changed


async def retry(app: App, edition: Edition, statuses: Collection[DeliveryStatus]) -> int:
    """Let those who failed, bounced or are in doubt wait again, and the edition go on; returns how many.

    Raises:
        InputError: the edition was never sent, or was cancelled.
    """
    began = edition.started_at is not None
    after = state_after(edition.state, Move.REOPEN, started=began)
    if after is None:
        raise InputError(f"Edition {edition.number} is {edition.state.value}; there is nobody to try again.")
    now = app.clock.now()
    async with app.database.begin() as session:
        count = await deliveries.again(session, row_id(edition), statuses, now)
        if count and edition.state is not after:
            deadline = await _new_deadline(app, session, edition)
            opened = {"resumed_at": now, "send_deadline": deadline}
            await move_one(session, row_id(edition), Move.REOPEN, **opened)
        await times.free(session, app, row_id(edition))
        due = await batches.due_batches(session, now, 1_000_000, edition.id)
        await app.queue.enqueue_with(session, "send_batch", due)
    return count


async def _new_deadline(app: App, session: AsyncSession, edition: Edition) -> datetime:
    mailing_list = await lists.by_id(session, edition.list_id)
    hours = mailing_list.misfire_hours if mailing_list else 0
    return put_further(edition.send_deadline, app.clock.now(), hours)


async def who(
    app: App, address: str, limit: int | None = 10, *, seen: Collection[int] | None = None
) -> list[Timeline]:
    """Return what became of a person's mail, newest edition first; `limit` None: of all of it.

    `seen`: of the editions of these lists alone.

    Raises:
        InputError: it is no address, or nobody has it.
    """
    email = normalised(address)
    async with app.database.begin() as session:
        person = await subscribers.by_email(session, email)
        if person is None:
            raise NotFoundError(
                f"Nobody has the address {email}.", remedy="`digest subscribers list` shows who is known."
            )
        return await deliveries.timelines(session, row_id(person), limit, seen=seen)


async def failures(app: App, edition: Edition) -> list[Failure]:
    """Return whom an edition did not reach for good, and why."""
    async with app.database.begin() as session:
        return await deliveries.failures(session, row_id(edition))


async def in_doubt(app: App, edition: Edition) -> list[str]:
    """Return the addresses of those whose outcome is unknown; a deleted person's is its number."""
    async with app.database.begin() as session:
        ids = await deliveries.in_doubt(session, row_id(edition))
        people = {one: await subscribers.by_id(session, one) for one in ids}
    return [person.email if person else f"#{one}" for one, person in people.items()]
