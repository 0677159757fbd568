"""One message to one address, outside the ledger."""

from collections.abc import AsyncIterator

from digest.deliver.mailer import Job
from digest.deliver.outcome import Outcome
from digest.services.app import App


async def send_one(app: App, job: Job) -> Outcome:
    """Send one message outside the ledger and return what the server said."""
    outcomes: list[Outcome] = []
    await app.mailer.send(_only(job), lambda _, outcome: outcomes.append(outcome))
    return outcomes[0]


async def _only(job: Job) -> AsyncIterator[Job]:
    yield job
