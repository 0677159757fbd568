"""The clock: APScheduler ticks, and the database says what is due.

Its cron triggers are not used for editions: they skip or repeat a local time at daylight saving
(docs/why/time.md).
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from digest.errors import DigestError, TemporaryStoreError
from digest.services import tasks
from digest.services.app import App
from digest.services.keys import refresh
from digest.services.sending import times

log = structlog.get_logger()

SWEEP_HOURS = 6
KEYS_SECONDS = 60
"""How often keys that another process made are looked for; a new one is known for ten minutes before it is
used.
"""


def ticking(app: App) -> AsyncIOScheduler:
    """Return a scheduler, not yet started, that asks for due work every `run.tick_seconds`, and for the
    bounce mailbox.

    At the start, once, what an alert needs is made ready. A tick that finds the database away is made up for
    by the next. After a start, and after the machine's clock was set, what waits for a time is looked at
    anew. A tick that comes while the last one still runs is dropped; ticks that were missed are made up for
    by one.
    """
    scheduler = AsyncIOScheduler(
        timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    now = app.clock.now()
    scheduler.add_job(
        _lasting(app, _Due(app)),
        IntervalTrigger(seconds=max(1, int(app.settings.run.tick_seconds))),
        id="run_due",
        next_run_time=now,
    )
    scheduler.add_job(
        _lasting(app, partial(tasks.sweep, app)),
        IntervalTrigger(hours=SWEEP_HOURS),
        id="sweep",
        next_run_time=now,
    )
    scheduler.add_job(_lasting(app, partial(_get_ready, app)), id="get_ready", next_run_time=now)
    scheduler.add_job(refresh, IntervalTrigger(seconds=KEYS_SECONDS), args=(app,), id="refresh_keys")
    if app.settings.bounces.imap_host:
        scheduler.add_job(
            _lasting(app, partial(tasks.ask_for_bounces, app)),
            IntervalTrigger(minutes=app.settings.bounces.imap_minutes),
            id="ask_for_bounces",
            next_run_time=now,
        )
    return scheduler


async def _get_ready(app: App) -> None:
    # Whoever only sends mail holds no templates.
    from digest.services.editions.alerts.readiness import get_ready

    await get_ready(app)


class _Due:
    """Asks what is due; first, and whenever the clock was set since, it makes due what only waits for a
    time.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._jumps: int | None = None

    async def __call__(self) -> None:
        jumps = int(getattr(self._app.clock, "jumps", 0))
        if jumps != self._jumps:
            await times.make_due(self._app)
            self._jumps = jumps
        await tasks.run_due(self._app)


def _lasting(app: App, work: Callable[[], Awaitable[object]]) -> Callable[[], Coroutine[None, None, None]]:
    """Return work that an outage of the database, or a fault, does not end: it is said once, in our own
    log.
    """

    async def tick() -> None:
        try:
            await work()
        except asyncio.CancelledError:
            return  # the process ends; what is due stays due
        except TemporaryStoreError as error:
            app.database.outage.failed(error)
        except DigestError as error:
            log.warning("tick.failed", reason=str(error))
        except Exception:
            log.exception("tick.broken")

    return tick
