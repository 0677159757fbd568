"""A site of somebody else's, and a desk that may visit it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from digest.bootstrap import opened
from digest.services.app import App
from digest.settings import Settings
from tests.integration.collect.site import Site
from tests.integration.desk.conftest import SITE, Hands


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with Site() as started:
        yield started


@pytest.fixture
async def app(site: Site, database_url: str, tmp_path: Path, clock: Hands) -> AsyncIterator[App]:
    settings = Settings.model_validate(
        {
            "database": {"url": database_url, "busy_seconds": 10},
            "mailbox": {"folder": tmp_path / "mailbox"},
            "web": {"public_url": SITE, "secret": "a key for tests"},
            "collect": {"allow_hosts": [site.host], "readers": 0, "total_seconds": 3, "full_text": False},
        }
    )
    async with opened(settings, clock=clock) as made:
        yield made
