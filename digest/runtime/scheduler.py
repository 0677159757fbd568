"""The clock: APScheduler ticks, and the database says what is due.

Its cron triggers are not used for editions: they skip or repeat a local time at daylight saving (docs/why/time.md).
"""

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from digest.services import tasks
from digest.services.app import App
from digest.services.keys import refresh

SWEEP_HOURS = 6
KEYS_SECONDS = 60
"""How often keys that another process made are looked for; a new one is known for ten minutes before it is used."""


def ticking(app: App) -> AsyncIOScheduler:
    """Return a scheduler, not yet started, that asks for due work every `run.tick_seconds`, and for the bounce mailbox.

    A tick that comes while the last one still runs is dropped; ticks that were missed are made up for by one.
    """
    scheduler = AsyncIOScheduler(
        timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    now = app.clock.now()
    scheduler.add_job(
        tasks.run_due,
        IntervalTrigger(seconds=max(1, int(app.settings.run.tick_seconds))),
        args=(app,),
        id="run_due",
        next_run_time=now,
    )
    scheduler.add_job(
        tasks.sweep, IntervalTrigger(hours=SWEEP_HOURS), args=(app,), id="sweep", next_run_time=now
    )
    scheduler.add_job(refresh, IntervalTrigger(seconds=KEYS_SECONDS), args=(app,), id="refresh_keys")
    if app.settings.bounces.imap_host:
        scheduler.add_job(
            tasks.ask_for_bounces,
            IntervalTrigger(minutes=app.settings.bounces.imap_minutes),
            args=(app,),
            id="ask_for_bounces",
            next_run_time=now,
        )
    return scheduler
