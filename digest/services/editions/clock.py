"""Check that the clock can be believed before editions are made."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.clock import FixedClock
from digest.errors import EditionHeldError
from digest.services.app import App, ProgressReporter
from digest.services.schedule.steadiness import FIRST_LOOK, apart
from digest.storage import instances

log = structlog.get_logger()


async def is_right(app: App) -> bool:
    """Say whether the clock can be believed; while it can, the database keeps that it was right."""
    doubt = await why_doubted(app)
    if doubt:
        log.warning("clock.doubted", reason=doubt)
    return not doubt


async def require_right(
    app: App, report: ProgressReporter, *, sleep: Callable[[float], Awaitable[None]] | None = None
) -> None:
    """Wait until the clock can be believed, for some seconds at most: so long is it watched when it was last
    right half a day ago.

    Raises:
        EditionHeldError: it cannot be believed.
    """
    doubt = await why_doubted(app)
    if doubt:
        report.note(f"The clock is watched for some seconds: {doubt}.")
    for _ in range(int(FIRST_LOOK) + 1):
        if not doubt:
            return
        await (sleep or asyncio.sleep)(1)
        doubt = await why_doubted(app)
    raise EditionHeldError(
        f"No edition is made by this clock: {doubt}.",
        remedy="Set the machine's clock right, and run again in a minute.",
    )


async def why_doubted(app: App) -> str:
    """Return why the clock is not to be believed, in a sentence; empty when it is, and then the database
    keeps that it was right.

    It goes evenly beside the machine's steady one in this process, agrees with the clock of a database
    server, and did not leap a day ahead between two processes.
    """
    now = app.clock.now()
    async with app.database.begin() as session:
        found = await instances.known(session)
        last = found.seen_at if found else None
        doubt = app.clock_watch.look(now, app.clock.steady(), last_right=last)
        if app.clock.is_disputed():
            doubt = "the machine's clock was set a moment ago"
        doubt = doubt or await _against_the_server(app, session)
        if not doubt and found is not None:
            found.seen_at = now
            session.add(found)
    return doubt


async def _against_the_server(app: App, session: AsyncSession) -> str:
    if app.database.embedded or isinstance(app.clock, FixedClock):
        return ""
    server = (await session.exec(text("SELECT clock_timestamp()"))).scalar_one()  # type: ignore[call-overload]
    return apart(app.clock.now(), server)
