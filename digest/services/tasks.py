"""The work there is. The database is the truth; a queue only carries (task, row id), so that a lost, late or doubled
job is harmless: `run_due` asks the store again what is due."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog

from digest.errors import DigestError, TemporaryDeliveryError
from digest.services import articles, bounce_score, bounces, consent, deliveries, editions, notices
from digest.services.app import App
from digest.services.due import due_day
from digest.services.kinds import regular_kind
from digest.storage import editions as stored_editions
from digest.storage import lists, sources, subscribers

log = structlog.get_logger()

AT_ONCE = 500
"""How much of each kind one `run_due` enqueues; the rest comes with the next."""


@dataclass(frozen=True, slots=True)
class Task:
    """A bounded, repeatable piece of work on one row. `run` returns whether it found anything to do."""

    name: str
    run: Callable[[App, int], Awaitable[bool]]


async def poll_source(app: App, source_id: int) -> bool:
    """Visit one source that is due."""
    async with app.database.begin() as session:
        source = await sources.take(session, source_id, app.clock.now())
    if source is None:
        return False
    await articles.visit(app, source)
    return True


async def make_edition(app: App, list_id: int) -> bool:
    """Make and start a list's edition, if one is due."""
    return await editions.make_due(app, list_id) is not None


async def start_edition(app: App, edition_id: int) -> bool:
    """Start an edition whose maker died between approving and starting it."""
    return await editions.start_approved(app, edition_id)


async def send_batch(app: App, batch_id: int) -> bool:
    """Send one batch; when the server cannot be reached it stays due."""
    try:
        return await deliveries.deliver_batch(app, batch_id)
    except TemporaryDeliveryError:
        return False


async def send_notice(app: App, notice_id: int) -> bool:
    """Send one mail to one person: a confirmation, or the probe of an address that bounces."""
    return await notices.send_notice(app, notice_id)


async def collect_bounces(app: App, _row_id: int) -> bool:
    """Read what came into the bounce mailbox."""
    return await bounces.collect_mailbox(app) > 0


TASKS: Mapping[str, Task] = {
    task.name: task
    for task in (
        Task("poll_source", poll_source),
        Task("make_edition", make_edition),
        Task("start_edition", start_edition),
        Task("send_batch", send_batch),
        Task("send_notice", send_notice),
        Task("collect_bounces", collect_bounces),
    )
}


async def attempt(app: App, name: str, row_id: int) -> None:
    """Run a task for an engine. One broken row never stops the work on the others: it stays due, the log has the trace."""
    try:
        await TASKS[name].run(app, row_id)
    except DigestError as error:
        log.warning("task.failed", task=name, row=row_id, reason=str(error))
    except Exception:
        log.exception("task.broken", task=name, row=row_id)


async def run_due(app: App) -> int:
    """Ask the store what is due and enqueue it. Returns how many jobs that made."""
    now = app.clock.now()
    due: list[tuple[str, int]] = []
    async with app.database.begin() as session:
        due += [("send_notice", one) for one in await subscribers.due_notices(session, now, AT_ONCE)]
        due += [("poll_source", one) for one in await sources.due(session, now, AT_ONCE)]
        for mailing in await lists.all_lists(session):
            day = due_day(mailing, now) if mailing.enabled else None
            kind = regular_kind(mailing)
            if day and not await stored_editions.by_day(session, mailing.id or 0, kind, day[0]):
                due.append(("make_edition", mailing.id or 0))
        due += [("start_edition", one) for one in await stored_editions.approved(session, now)]
    due += [("send_batch", one) for one in await deliveries.due_batches(app, now, AT_ONCE)]
    for name, row_id in due:
        await app.queue.enqueue(name, row_id)
    return len(due)


async def sweep(app: App) -> None:
    """Do the house-keeping of a day: drop old text, forget people who never confirmed, and bounces of long ago."""
    now = app.clock.now()
    await articles.drop_old_text(app, now)
    await consent.forget_unconfirmed(app, now)
    await bounce_score.forget_stale(app, now)
    await bounces.count_missed(app)


async def ask_for_bounces(app: App) -> None:
    """Have the bounce mailbox read, by one of the processes that work."""
    await app.queue.enqueue("collect_bounces", 0)
