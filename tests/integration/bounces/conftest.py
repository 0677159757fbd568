"""An app whose editions bounce, over one kind of database and over both."""

import pytest

from digest.clock import FixedClock
from digest.services.app import App
from digest.storage.database.engine import Database
from tests.builders import NOW
from tests.fakes_delivery import FakeMailer, an_app
from tests.integration.bounces.coming_back import HERE

SMALL = {"run": {"batch_size": 60}, "bounces": {"threshold": 3}, "collect": HERE}


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
async def app(embedded: Database, clock: FixedClock) -> App:
    return an_app(embedded, FakeMailer(), clock, SMALL)


@pytest.fixture
async def on_both(database: Database, clock: FixedClock) -> App:
    return an_app(database, FakeMailer(), clock, SMALL)
