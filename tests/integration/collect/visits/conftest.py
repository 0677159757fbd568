"""An app that may visit the site of the test, over each database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from digest.bootstrap import opened
from digest.clock import FixedClock
from digest.services.app import App
from digest.settings import Settings
from tests.builders import NOW
from tests.integration.collect.site import Site


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
async def app(site: Site, database_url: str, clock: FixedClock, tmp_path: Path) -> AsyncIterator[App]:
    settings = Settings.model_validate(
        {
            "database": {"url": database_url},
            "mailbox": {"folder": tmp_path / "mailbox"},
            "collect": {"allow_hosts": [site.host], "readers": 0, "total_seconds": 3, "full_text": False},
        }
    )
    async with opened(settings, clock=clock) as started:
        yield started
