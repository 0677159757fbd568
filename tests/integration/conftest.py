"""What tests of the services share: a database for what is the same on both kinds of server, and a DNS
server.
"""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from digest.clock import FixedClock
from digest.model import MailingList
from digest.services.app import App
from digest.services.dns import DnsNames
from digest.storage.audience import lists
from digest.storage.database.engine import Database
from tests.builders import NOW, a_list
from tests.fakes_delivery import FakeMailer, an_app
from tests.integration.doctor.zone import Zone, serving


@pytest.fixture
async def embedded(tmp_path: Path, embedded_template: Path) -> AsyncIterator[Database]:
    """A database for what is the same on both kinds of server."""
    made = Database(f"sqlite:///{shutil.copy(embedded_template, tmp_path / 'subscribers.db')}")
    yield made
    await made.close()


@pytest.fixture
async def zone() -> AsyncIterator[Zone]:
    """A DNS server."""
    async with serving() as served:
        yield served


@pytest.fixture
def names(zone: Zone) -> DnsNames:
    """What asks it."""
    return DnsNames("127.0.0.1", zone.port, seconds=2)


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands at the builders' now."""
    return FixedClock(NOW)


@pytest.fixture
def app(database: Database, clock: FixedClock) -> App:
    """An app whose mailer is a fake; modules that need settings have one of their own."""
    return an_app(database, FakeMailer(), clock)


@pytest.fixture
async def mailing_list(app: App) -> MailingList:
    """A list, stored."""
    async with app.database.begin() as session:
        return await lists.add(session, a_list())


@pytest.fixture
def no_visits(monkeypatch: pytest.MonkeyPatch) -> None:
    """No source is visited: the articles are there already."""

    async def none(*_: object) -> list[object]:
        return []

    monkeypatch.setattr("digest.services.sources.polling.visit_all", none)
