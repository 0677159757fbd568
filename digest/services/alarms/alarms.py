"""Raise an alarm, once a day, for what needs a person.

What stands in the database is looked at every tick, so that an alarm comes whichever process paused an
edition and whether or not it lived on. See docs/howto/alarms.md.
"""

from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.exc import IntegrityError

from digest.errors import DigestError
from digest.model import Alarm, Edition, EditionState
from digest.model.editions.lateness import minutes_late
from digest.services.app import App
from digest.services.audience.joining import defence
from digest.storage import alarms as stored
from digest.storage.programs import channels as posted_to
from digest.storage.programs import webhooks
from digest.text.direction.visible import one_line

log = structlog.get_logger()

LOOKED_BACK = timedelta(days=3)
"""An edition is reminded of so long, once a day."""
KEPT = timedelta(days=90)
UNTOLD = timedelta(seconds=20)
"""So long an alarm waits for a worker; then whoever looks tells it."""
PAUSED, HELD, LATE, PAST_LIMIT, SILENT = "paused", "held", "late", "past-limit", "silent"
STALLED, ATTACK, AWAITS = "stalled", "sign-up-attack", "awaits-approval"
UNPOSTED = "unposted"


def channels(app: App) -> tuple[str, ...]:
    """Return the channels that the settings name: email, webhook, both or none."""
    chosen = app.settings.alarm
    return (("email",) if chosen.email else ()) + (("webhook",) if chosen.webhook else ())


async def raise_alarm(app: App, kind: str, about: str, words: str, *, at: datetime | None = None) -> None:
    """Have an operator told, once a day for each kind and matter; `at` is when it happened, now if left out.

    Never raises for what it could not keep: it is logged then.
    """
    now = app.clock.now()
    for channel in channels(app):
        alarm = Alarm(
            kind=kind,
            about=about,
            day=(at or now).astimezone(UTC).date(),
            channel=channel,
            words=one_line(words),
            created_at=now,
            next_try_at=now,
        )
        try:
            async with app.database.begin() as session:
                await stored.add(session, alarm)
        except IntegrityError:
            continue  # another process was first
        except DigestError as error:
            log.warning("alarm.not_kept", kind=kind, about=about, reason=str(error))


async def look_at_editions(app: App) -> None:
    """Sound for editions that were paused or held with a reason, finished after their deadline, or that
    nobody works on.
    """
    if not channels(app):
        return
    now = app.clock.now()
    async with app.database.begin() as session:
        found = await stored.stopped_editions(session, now, LOOKED_BACK)
        minutes = app.settings.alarm.stalled_minutes
        stalled = await stored.stalled_editions(session, now - timedelta(minutes=minutes))
    for edition, slug in stalled:
        await raise_alarm(app, STALLED, f"{slug} {edition.number}", _stalled(app, minutes))
    for edition, slug in found:
        about = f"{slug} {edition.number}"
        if edition.state is EditionState.FINISHED:
            await raise_alarm(app, LATE, about, _late(edition), at=edition.finished_at)
        else:
            kind = PAUSED if edition.state is EditionState.PAUSED else HELD
            resume = f"`digest editions resume {edition.number} --list {slug}` lets it go on."
            await raise_alarm(app, kind, about, f"{edition.held_reason} {resume}")


async def look_at_signups(app: App) -> None:
    """Sound for lists that programs sign up for."""
    for slug in await defence.attacked_lists(app) if channels(app) else ():
        words = (
            "Many addresses are signed up and few confirm, so its limits are tightened until that ends. "
            f"`digest signups blocked --list {slug}` shows what was kept back."
        )
        await raise_alarm(app, ATTACK, slug, words)


async def look_at_programs(app: App) -> None:
    """Sound for webhooks and channels that nothing is posted to any more."""
    if not channels(app):
        return
    async with app.database.read() as session:
        stopped = [(one.name, one.stopped) for one, _ in await webhooks.every(session) if one.stopped]
        broken = [(one.name, one.broken) for one, _ in await posted_to.every(session) if one.broken]
    for name, why in stopped:
        await raise_alarm(app, UNPOSTED, name, f"{why} `digest webhooks replay {name}` posts again.")
    for name, why in broken:
        await raise_alarm(app, UNPOSTED, name, why)


async def look_at_sources(app: App) -> None:
    """Sound for sources that bring nothing new any more."""
    if not channels(app):
        return
    # Not above: a process that only sends mail does not hold the readers of news.
    from digest.services.sources.health import health

    for one in await health(app):
        if one.state == "silent":
            await raise_alarm(app, SILENT, one.source.name or one.source.location, one.sentence)


async def due(app: App, limit: int) -> list[int]:
    """Return the alarms that wait to be told."""
    async with app.database.begin() as session:
        return await stored.due(session, app.clock.now(), limit) if channels(app) else []


async def untold(app: App, limit: int) -> list[int]:
    """Return the alarms that have been due for a while: no worker has told them, perhaps because there is
    none.
    """
    async with app.database.begin() as session:
        return await stored.due(session, app.clock.now() - UNTOLD, limit) if channels(app) else []


async def forget_old(app: App, now: datetime) -> None:
    """Drop the alarms of long ago."""
    async with app.database.begin() as session:
        await stored.forget(session, now - KEPT)


def _stalled(app: App, minutes: int) -> str:
    who = "`digest worker`" if app.settings.run.engine == "procrastinate" else "`digest serve`"
    return (
        f"Its mail has been due for {minutes} minutes and nobody sends it. See that {who} runs and what its log says; "
        "`digest editions status` counts who waits."
    )


def _late(edition: Edition) -> str:
    finished, deadline = edition.finished_at or edition.send_deadline, edition.send_deadline
    minutes = minutes_late(deadline, finished)
    return f"It was finished {minutes} minutes after its deadline of {deadline:%Y-%m-%d %H:%M} UTC."
