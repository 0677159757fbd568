"""Real servers on this machine and a real collector."""

from collections.abc import AsyncIterator, Callable

import pytest

from digest.collect.fetch.http import Http
from digest.settings import CollectSettings
from tests.integration.collect.site import Site

Limited = Callable[..., CollectSettings]


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with Site() as started:
        yield started


@pytest.fixture
def limits(site: Site) -> CollectSettings:
    return CollectSettings(allow_hosts=(site.host,), readers=0, total_seconds=5)


@pytest.fixture
async def http(limits: CollectSettings) -> AsyncIterator[Http]:
    async with Http(limits, "1.0") as opened:
        yield opened
