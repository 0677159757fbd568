"""The tasks that workers run.

The database is the truth; a queue only carries (task, row id), so that a lost, late or doubled job is
harmless: `run_due` asks the store again what is due.

A task brings in what it needs when it is first done: a process that only sends mail does not hold the readers
of news.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog

from digest.errors import DigestError, TemporaryDeliveryError, TemporaryStoreError
from digest.model.rows import row_id
from digest.services import outgoing
from digest.services.alarms import alarms
from digest.services.app import App
from digest.services.copies import watch
from digest.services.editions import clock
from digest.services.schedule.slots import next_due_slot
from digest.services.sending.batches import deliver_batch, due_batches
from digest.services.sending.pace import providers
from digest.storage.answer_cache import StoredAnswers
from digest.storage.articles import sources
from digest.storage.audience import lists, subscribers
from digest.storage.editions import alerts as stored_alerts
from digest.storage.editions import approving as stored_approvals
from digest.storage.editions import editions as stored_editions

log = structlog.get_logger()

AT_ONCE = 500
"""How much of each kind one `run_due` enqueues; the rest comes with the next."""
ALARMS_AT_ONCE = 5
"""Alarms that one `run_due` tells itself, where no worker did."""


@dataclass(frozen=True, slots=True)
class Task:
    """A bounded, repeatable piece of work on one row. `run` returns whether it found anything to do."""

    name: str
    run: Callable[[App, int], Awaitable[bool]]


async def poll_source(app: App, source_id: int) -> bool:
    """Visit one source that is due."""
    from digest.services.sources import polling

    async with app.database.begin() as session:
        source = await sources.take(session, source_id, app.clock.now())
    if source is None:
        return False
    await polling.visit(app, source)
    return True


async def make_edition(app: App, list_id: int) -> bool:
    """Make and start a list's edition, if one is due."""
    from digest.services.editions import publish

    return await publish.make_due(app, list_id) is not None


async def start_edition(app: App, edition_id: int) -> bool:
    """Start an edition whose maker died between approving and starting it."""
    from digest.services.editions import publish

    return await publish.start_approved(app, edition_id)


async def close_approval(app: App, edition_id: int) -> bool:
    """Send or hold an edition whose time came before anybody approved it."""
    from digest.services.editions.lifecycle import awaiting

    return await awaiting.close(app, edition_id)


async def mail_approver(app: App, mail_id: int) -> bool:
    """Mail one of those who may approve an edition."""
    from digest.services.editions.lifecycle import asking

    return await asking.mail(app, mail_id)


async def send_batch(app: App, batch_id: int) -> bool:
    """Send one batch; when the server cannot be reached it stays due."""
    try:
        return await deliver_batch(app, batch_id)
    except TemporaryDeliveryError:
        return False


async def check_alerts(app: App, list_id: int) -> bool:
    """Look whether a list's readers must be told of something at once."""
    from digest.services.editions.alerts.check import check

    return await check(app, list_id)


async def send_notice(app: App, notice_id: int) -> bool:
    """Send one mail to one person: a confirmation, or the probe of an address that bounces."""
    from digest.services.sending import notices

    async with app.database.begin() as session:
        asked = await subscribers.notice_asked_at(session, notice_id)
    if asked is None or await watch.is_held(app, asked):
        return False
    return await notices.send_notice(app, notice_id)


async def collect_bounces(app: App, _row_id: int) -> bool:
    """Read what came into the bounce mailbox."""
    from digest.services.bounces import reports

    return await reports.collect_mailbox(app) > 0


async def send_alarm(app: App, alarm_id: int) -> bool:
    """Tell an operator of one thing that needs a person."""
    from digest.services.alarms import delivery

    return await delivery.send_alarm(app, alarm_id)


async def mail_account_link(app: App, link_id: int) -> bool:
    """Mail an invitation to the desk, or a link for a new password."""
    from digest.services.accounts import mails

    return await mails.mail_link(app, link_id)


async def count_lists(app: App, _row_id: int) -> bool:
    """Count the people of each list, for the desk."""
    from digest.services.desk import counts

    return await counts.count(app)


async def index_people(app: App, _row_id: int) -> bool:
    """Make the words by which people are found, of those who came since the last time."""
    from digest.services.audience.people import indexing

    return await indexing.index(app)


async def import_people(app: App, upload_id: int) -> bool:
    """Import a file of people that was uploaded at the desk."""
    from digest.services.audience.people import upload_runs

    return await upload_runs.run(app, upload_id)


TASKS: Mapping[str, Task] = {
    task.name: task
    for task in (
        Task("poll_source", poll_source),
        Task("make_edition", make_edition),
        Task("start_edition", start_edition),
        Task("close_approval", close_approval),
        Task("mail_approver", mail_approver),
        Task("check_alerts", check_alerts),
        Task("send_batch", send_batch),
        Task("send_alert", send_batch),
        Task("send_notice", send_notice),
        Task("collect_bounces", collect_bounces),
        Task("send_alarm", send_alarm),
        Task("look_up_receivers", providers.look_up_all),
        Task("mail_account_link", mail_account_link),
        Task("count_lists", count_lists),
        Task("index_people", index_people),
        Task("import_people", import_people),
        Task("post_webhook", outgoing.post_webhook),
        Task("post_to_channel", outgoing.post_to_channel),
    )
}


async def attempt(app: App, name: str, row_id: int) -> None:
    """Run a task for an engine. One broken row never stops the work on the others: it stays due, the log has
    the trace.
    """
    try:
        await TASKS[name].run(app, row_id)
    except TemporaryStoreError as error:
        app.database.outage.failed(error)
    except DigestError as error:
        log.warning("task.failed", task=name, row=row_id, reason=str(error))
    except Exception:
        log.exception("task.broken", task=name, row=row_id)


async def run_due(app: App) -> int:
    """Ask the store what is due and enqueue it. Returns how many jobs that made.

    While the clock cannot be believed, no edition is made, started or held for being late. Sources that are
    due together with an edition are read by whoever makes it.
    """
    now = app.clock.now()
    due: list[tuple[str, int]] = []
    await watch.look(app)
    await _settle_signups(app)
    may_make = await clock.is_right(app)
    async with app.database.begin() as session:
        due += [("send_notice", one) for one in await subscribers.due_notices(session, now, AT_ONCE)]
        every = await lists.all_lists(session) if may_make else []
        making = [row_id(one) for one in every if await next_due_slot(session, one, now)]
        due += [("make_edition", one) for one in making]
        if not making:  # Else the makers read them first, and only then compose.
            due += [("poll_source", one) for one in await sources.due(session, now, AT_ONCE)]
        if may_make:
            due += [("start_edition", one) for one in await stored_editions.approved(session, now)]
            due += [("close_approval", one) for one in await stored_approvals.unapproved(session, now)]
            due += [("check_alerts", one) for one in await stored_alerts.unlooked(session, now)]
    if may_make:
        due += [("send_batch", one) for one in await due_batches(app, now, AT_ONCE)]
    for name, subject in due:
        await app.queue.enqueue(name, subject)
    return len(due) + await _beside(app)


async def _settle_signups(app: App) -> None:
    """Look at the forms that were sent in. What fails here stops nothing: they wait for the next time."""
    from digest.services.audience import signups

    try:
        while await signups.settle(app) == signups.AT_ONCE:
            pass
    except TemporaryStoreError as error:
        app.database.outage.failed(error)
    except Exception:
        log.exception("signups.not_looked_at")


async def _beside(app: App) -> int:
    """Enqueue what the sending does without: alarms to tell, receivers to look up. What fails here stops
    nothing.

    That there are no workers must be told without a worker: an alarm that waits for one is told here.
    """
    from digest.services.desk import due as desk_due

    try:
        await alarms.look_at_editions(app)
        await alarms.look_at_signups(app)
        due = [("send_alarm", one) for one in await alarms.due(app, AT_ONCE)]
        due += [("look_up_receivers", 0)] if await providers.are_due(app) else []
        due += await desk_due.of_the_desk(app, AT_ONCE)
        due += await outgoing.due(app, AT_ONCE)
        for name, row_id in due:
            await app.queue.enqueue(name, row_id)
        for one in await alarms.untold(app, ALARMS_AT_ONCE):
            await attempt(app, "send_alarm", one)
    except TemporaryStoreError as error:
        app.database.outage.failed(error)
        return 0
    except Exception:
        log.exception("alarms.not_looked_at")
        return 0
    return len(due)


async def sweep(app: App) -> None:
    """Do the house-keeping of a day: drop what is old, and forget people who never confirmed."""
    from digest.services.accounts import login, mails
    from digest.services.audience import consent
    from digest.services.audience.admin import retention
    from digest.services.audience.joining import defence
    from digest.services.audience.people import upload_runs
    from digest.services.bounces import reports, scores
    from digest.services.editions import public
    from digest.services.sources import polling

    now = app.clock.now()
    await polling.drop_old_text(app, now)
    await consent.forget_unconfirmed(app, now)
    await retention.forget_old(app, now)
    await defence.forget(app, now)
    await upload_runs.forget_old(app)
    while await public.make_searchable(app):
        pass
    await scores.forget_stale(app, now)
    await reports.count_missed(app)
    await alarms.look_at_sources(app)
    await alarms.forget_old(app, now)
    await login.forget_old(app, now)
    await mails.forget_old(app)
    await outgoing.forget_old(app)
    await StoredAnswers(app.database, app.clock).expire()
    async with app.database.begin() as session:
        await stored_alerts.forget_before(session, now - timedelta(days=30))


async def ask_for_bounces(app: App) -> None:
    """Have the bounce mailbox read, by one of the processes that work."""
    await app.queue.enqueue("collect_bounces", 0)
