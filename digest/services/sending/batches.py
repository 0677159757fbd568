"""Claim batches and send them."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from math import inf
from time import monotonic
from typing import NamedTuple, TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import EditionHeldError, TemporaryDeliveryError, TemporaryStoreError
from digest.model import DeliveryStatus, Edition, MailingList
from digest.model.mark import Mark
from digest.model.people.eligibility import SUPPRESSED
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.bounces import breaker
from digest.services.copies import watch
from digest.services.sending import times
from digest.services.sending.deliveries import balance, log
from digest.services.sending.gate import Gate, window
from digest.services.sending.pace.allowances import quiet, slow_down
from digest.services.sending.patience import through_outages
from digest.services.sending.recorder import STOP_SECONDS, BatchRun
from digest.services.sending.send_batch import send
from digest.storage import instances
from digest.storage.audience import lists, suppressions
from digest.storage.editions import editions
from digest.storage.ledger import batch_members, batch_times, batches, deliveries, outcomes
from digest.storage.ledger.batch_members import Waiting
from digest.storage.ledger.batches import Claim
from digest.storage.ledger.deliveries import Balance

Done = TypeVar("Done")

WORKER = f"{socket.gethostname()}:{os.getpid()}"
UNREACHABLE_WAIT = timedelta(minutes=1)
AT_ONCE = 50
"""Batches looked up at a time: to look costs a row a batch."""
REPORT_SECONDS = 0.2
"""How often the books are told of: to sum them costs a row a batch, too."""
REFUSED = (DeliveryStatus.BOUNCED, DeliveryStatus.FAILED)


async def deliver_batch(
    app: App, batch_id: int, on_progress: Callable[[int], None] = lambda _: None, outage_seconds: float = inf
) -> bool:
    """Claim a batch, send what waits in it, record every outcome. False when there was nothing to claim.

    `on_progress` is told how many outcomes each commit recorded. What is on the wire or accepted but not yet
    committed is never more than `mail.gate`. A claim that was lost (another worker took over) ends the work
    without recording. A database that goes away meanwhile is waited for, for `outage_seconds`: what the
    server took is not forgotten. The same on every engine: embedded and distributed call this.

    Raises:
        TemporaryDeliveryError: no connection to the server can be made; the batch is given back for later.
        EditionHeldError: the database went back in time, or is a copy: nothing is claimed.
    """
    read_at = monotonic()
    taken = await _claimed(app, batch_id)
    if taken is None:
        return False
    claim, edition, mailing_list = taken.claim, taken.edition, taken.mailing_list
    if (morning := quiet(app, mailing_list)) is not None:
        await app.database.at_once(batches.postpone, claim, morning)
        return True

    def marked(count: int) -> None:
        watch.note_sent(app, batch_id, claim.sent + sending.tally[DeliveryStatus.SENT.value])
        on_progress(count)

    gate = Gate(window(app.settings.mail))
    sending = BatchRun(app, claim, edition, mailing_list, marked, gate, read_at, outage_seconds, taken.hashes)
    until = None
    try:
        await send(sending, taken.people)
    except TemporaryDeliveryError as error:
        log.warning("server.unreachable", edition=edition.id, reason=str(error))
        until = app.clock.now() + UNREACHABLE_WAIT
        raise
    except EditionHeldError as error:
        # Its layout was changed or lost since it was approved: nothing of this batch is on the wire.
        log.warning("edition.held", edition=edition.id, reason=str(error))
        async with app.database.begin() as session:
            await editions.hold(session, row_id(edition), str(error), editions.CANNOT_GO, app.clock.now())
    finally:
        await _give_back(app, sending, until)
    return True


class Taken(NamedTuple):
    """A claimed batch, and what is needed to send it.

    `hashes`: by which each member could be suppressed. `further`: how far the database has come with it.
    """

    claim: Claim
    edition: Edition
    mailing_list: MailingList
    people: list[Waiting]
    hashes: dict[int, tuple[str, ...]]
    further: tuple[str, int] | None = None


async def _claimed(app: App, batch_id: int) -> Taken | None:
    """Claim a batch, and note in the database and then in the mark that it will be sent: one hop.

    Raises:
        EditionHeldError: as `deliver_batch`.
    """
    with suppress(watch.UnlikeMarkError):
        if (taken := await _claim_after(app, batch_id, looked=False)) is not None:
            return taken
    # Of a database that is held nothing can be claimed, either: that is said, too.
    await watch.require_like_its_mark(app)
    return await _claim_after(app, batch_id, looked=True)


async def _claim_after(app: App, batch_id: int, *, looked: bool) -> Taken | None:
    now = app.clock.now()

    def marked() -> Taken | None:
        # The mark is read first and written last, so that it is never ahead of the database by itself.
        mark = app.mark.read() if app.mark else None
        taken = app.database.at_once_here(_claim_members, app, batch_id, now, mark, looked=looked)
        if taken is not None and app.mark is not None and taken.further is not None:
            app.mark.advance(*taken.further, _name(taken))
        return taken

    claiming = asyncio.ensure_future(asyncio.to_thread(marked))
    try:
        return await asyncio.shield(claiming)
    except asyncio.CancelledError:
        # A thread goes on when it is not waited for: what it has claimed is given back.
        if taken := await claiming:
            await app.database.at_once(batches.postpone, taken.claim, now)
        raise


async def _claim_members(
    session: AsyncSession,
    app: App,
    batch_id: int,
    now: datetime,
    mark: Mark | None,
    *,
    looked: bool,
) -> Taken | None:
    lease = timedelta(seconds=app.settings.run.lease_seconds)
    claim = await batches.claim(session, batch_id, WORKER, now, lease)
    if claim is None:
        return None
    if claim.in_doubt:
        await (await session.connection()).run_sync(outcomes.give_up_marks, claim)
    edition = await editions.by_id(session, claim.edition_id)
    mailing_list = await lists.by_id(session, edition.list_id) if edition else None
    if edition is None or mailing_list is None:
        return None
    further = await watch.count_further(session, mark, looked=looked) if app.mark else None
    people = await batch_members.waiting(session, claim, now, real=bool(app.settings.mail.all_servers))
    hashes = {one.subscriber_id: app.keys.suppression_hashes(one.email) for one in people if not one.skip}
    whose = {each: one for one, several in hashes.items() for each in several}
    never = {whose[one] for one in await suppressions.suppressed(session, list(whose))}
    people = [one._replace(skip=SUPPRESSED) if one.subscriber_id in never else one for one in people]
    return Taken(claim, edition, mailing_list, people, hashes, further)


def _name(taken: Taken) -> str:
    edition = taken.edition
    return instances.edition_name(taken.mailing_list.slug, edition.kind, edition.local_date, edition.number)


async def _give_back(app: App, sending: BatchRun, until: datetime | None) -> None:
    log.info(
        "batch.sent",
        edition=sending.edition.id,
        batch=sending.claim.batch_id,
        lost=sending.lost,
        **sending.tally,
    )
    if sending.lost:
        return
    if sending.complained:
        with suppress(TemporaryStoreError):  # the pace is no promise; the batch is
            await slow_down(app, sending.complained)

    async def given_back(session: AsyncSession) -> None:
        if until is not None:
            await batches.postpone(session, sending.claim, until)
        else:
            await batches.release(session, sending.claim, sending.left or app.clock.now())
            await deliveries.close_finished(session, app.clock.now())

    patience = min(sending.outage_seconds, STOP_SECONDS) if sending.leaving else sending.outage_seconds
    await through_outages(app, lambda: app.database.at_once(given_back), patience)
    if until is None and not sending.leaving:
        await through_outages(app, lambda: _look_through(app, sending), patience)


async def _look_through(app: App, sending: BatchRun) -> None:
    """Hold refusals against the addresses, unless there are so many that it must be our own fault."""
    claim = sending.claim
    stopped = await breaker.after_batch(app, claim.edition_id, claim.position)
    if not stopped and any(sending.tally[one.value] for one in REFUSED):
        from digest.services.bounces import reports

        await reports.count_refusals(app, claim.edition_id, claim.members)


async def deliver_edition(app: App, edition_id: int, on_progress: Callable[[Balance], None]) -> Balance:
    """Send all that is due of an edition from this process, batch by batch; returns the books afterwards.

    `on_progress` is told the books some times a second, and in the end.

    Raises:
        TemporaryDeliveryError: the server cannot be reached; nothing that was recorded is lost, and what
            waits waits.
        TemporaryStoreError: the database was away for longer than `database.outage_seconds`.
    """
    reported_at = monotonic()
    await times.make_due(app, edition_id)
    while due := await _waited_for(
        app, lambda: app.database.at_once(batches.due_batches, app.clock.now(), AT_ONCE, edition_id)
    ):
        for batch_id in due:
            await _delivered(app, batch_id, edition_id)
            if monotonic() - reported_at >= REPORT_SECONDS:
                on_progress(await _waited_for(app, lambda: balance(app, edition_id)))
                reported_at = monotonic()
    # Of two that give back an edition's last batches at the same moment, neither sees that the other did.
    await _waited_for(app, lambda: app.database.at_once(deliveries.close_finished, app.clock.now()))
    books = await _waited_for(app, lambda: balance(app, edition_id))
    on_progress(books)
    return books


async def _waited_for(app: App, work: Callable[[], Awaitable[Done]]) -> Done:
    return await through_outages(app, work, app.settings.database.outage_seconds)


async def _delivered(app: App, batch_id: int, edition_id: int) -> None:
    """Deliver a batch, also over the database's going away: what this process had claimed without hearing of
    it is let go.
    """
    try:
        await deliver_batch(app, batch_id, outage_seconds=app.settings.database.outage_seconds)
    except TemporaryStoreError as error:
        if app.database.outage.seconds() >= app.settings.database.outage_seconds:
            raise
        app.database.outage.failed(error)
        await _waited_for(app, lambda: app.database.at_once(batch_times.let_go, WORKER, edition_id))


async def due_batches(app: App, now: datetime, limit: int) -> list[int]:
    """Return the batches that may be claimed now; editions past their deadline are held first, never sent.

    Times that only a wrong clock can have set are void.
    """
    await times.pull_in(app, now)
    async with app.database.begin() as session:
        late = await editions.hold_late(session, now)
        due = await batches.due_batches(session, now, limit)
        await deliveries.close_finished(session, now)
    for edition_id in late:
        log.warning("edition.held", edition=edition_id, reason="past its deadline")
    return due
