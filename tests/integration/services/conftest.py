"""What tests of the services share: a database for what is the same on both kinds of server, and a DNS
server.
"""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from digest.services.dns import DnsNames
from digest.storage.database.engine import Database
from tests.integration.services.zone import Zone, serving


@pytest.fixture
async def embedded(tmp_path: Path, embedded_template: Path) -> AsyncIterator[Database]:
    """A database for what is the same on both kinds of server."""
    made = Database(f"sqlite:///{shutil.copy(embedded_template, tmp_path / 'subscribers.db')}")
    await made.upgrade()
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
