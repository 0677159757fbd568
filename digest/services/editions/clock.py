"""Check that the clock can be believed before editions are made."""

import structlog
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.clock import SystemClock
from digest.services.app import App
from digest.services.schedule.steadiness import apart
from digest.storage import instances

log = structlog.get_logger()


async def is_right(app: App) -> bool:
    """Say whether the clock can be believed; while it can, the database keeps that it was right.

    It goes evenly beside the machine's steady one in this process, agrees with the clock of a database server, and did not
    leap a day ahead between two processes.
    """
    now = app.clock.now()
    async with app.database.begin() as session:
        found = await instances.known(session)
        last = found.seen_at if found else None
        doubt = app.clock_watch.look(now, app.clock.steady(), last_right=last)
        doubt = doubt or await _against_the_server(app, session)
        if not doubt and found is not None:
            found.seen_at = now
            session.add(found)
    if doubt:
        log.warning("clock.doubted", reason=doubt)
    return not doubt


async def _against_the_server(app: App, session: AsyncSession) -> str:
    if app.database.embedded or not isinstance(app.clock, SystemClock):
        return ""
    server = (await session.exec(text("SELECT clock_timestamp()"))).scalar_one()  # type: ignore[call-overload]
    return apart(app.clock.now(), server)
