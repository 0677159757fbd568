"""An edition for some readers and its delivery, for tests of sending."""

import pytest
from sqlmodel import select

from digest.clock import FixedClock
from digest.model import (
    Edition,
    EditionState,
    MailingList,
)
from digest.services.app import App
from digest.services.editions import publish
from digest.services.sending.batches import deliver_edition
from digest.storage.database.engine import Database
from digest.storage.ledger.deliveries import Balance
from tests.builders import NOW
from tests.fakes_delivery import FakeMailer, an_app, keep_an_edition

SMALL = {"run": {"batch_size": 10, "lease_seconds": 60}, "mail": {"gate": 4}}


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
async def app(database: Database, clock: FixedClock) -> App:
    return an_app(database, FakeMailer(), clock, SMALL)


async def an_edition_for(app: App, readers: int, **fields: object) -> Edition:
    edition = await keep_an_edition(app.database, readers, **fields)
    await publish.start(app, edition)
    return edition


async def deliver(app: App, edition: Edition) -> Balance:
    return await deliver_edition(app, edition.id, lambda _: None)


async def state(app: App, edition: Edition) -> EditionState:
    async with app.database.begin() as session:
        return (await session.get(Edition, edition.id)).state


def reader(number: int) -> str:
    return f"reader{number}@mujaz.example"


async def the_list(app: App) -> MailingList:
    async with app.database.begin() as session:
        return (await session.exec(select(MailingList))).one()
