"""Correct due times and leases after a wrong clock.

See docs/why/time.md.
"""

from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.deliver.policy import JITTER
from digest.services.app import App
from digest.storage.ledger import batch_times, deliveries

A_DAY = timedelta(days=1)
"""Quiet hours, and the pace of a warm-up, hold a batch back no longer."""
LEASES = 3
"""A lease that ends after so many of its lengths was not given by a clock like ours."""


def longest_wait(app: App) -> timedelta:
    """Return how far ahead a batch's due time can lie."""
    longest = timedelta(minutes=max(app.settings.mail.retry_minutes, default=0)) * (1 + JITTER)
    pacing = app.settings.pacing
    held_back = pacing.enabled or pacing.quiet_from is not None
    return max(longest, A_DAY) if held_back else longest + timedelta(minutes=1)


def longest_lease(app: App) -> timedelta:
    """Return how far ahead a lease can end, with room for clocks that differ."""
    return timedelta(seconds=app.settings.run.lease_seconds) * LEASES + timedelta(minutes=1)


async def pull_in(app: App, now: datetime) -> int:
    """Void times further ahead than any wait or lease; returns how many batches are due again. Cheap where
    there are none.
    """
    return await app.database.at_once(batch_times.pull_in, now, longest_wait(app), longest_lease(app))


async def make_due(app: App, edition_id: int | None = None) -> int:
    """Make all that waits due now, of one edition or of all: for a person's word, and after the clock was
    set.
    """
    return await app.database.at_once(make_due_in, app, edition_id)


async def make_due_in(session: AsyncSession, app: App, edition_id: int | None) -> int:
    """Do as `make_due`, in a transaction."""
    return await batch_times.make_due(session, app.clock.now(), longest_lease(app), edition_id)


async def free(session: AsyncSession, app: App, edition_id: int) -> int:
    """Make all that waits of an edition due now, next tries too, because a person says so; returns how many
    batches that are.
    """
    await deliveries.try_now(session, edition_id, app.clock.now())
    return await make_due_in(session, app, edition_id)
