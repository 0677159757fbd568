"""What tests of the ledger share: an audience, and short ways to record."""

from datetime import timedelta

from digest.model import DeliveryStatus
from digest.storage.database.engine import Database
from digest.storage.ledger import outcomes
from digest.storage.ledger.outcomes import ClaimStatus, Result
from tests.fakes_delivery import keep_an_edition

LEASE = timedelta(minutes=2)


async def an_audience(database: Database, size: int) -> int:
    """Keep a list with that many confirmed readers and an approved edition; returns the edition's id."""
    return (await keep_an_edition(database, size)).id


async def record(session, claim, results, moment) -> ClaimStatus:
    return await (await session.connection()).run_sync(outcomes.record, claim, results, moment)


async def mark(session, claim, ids, moment) -> ClaimStatus:
    return await (await session.connection()).run_sync(outcomes.mark, claim, ids, moment)


def sent(subscriber_id: int, **fields) -> Result:
    return Result(subscriber_id, DeliveryStatus.SENT, "", 250, "2.0.0 ok", None, **fields)
