"""Somebody on the list."""

import pytest

from digest.model import MailingList, Subscriber
from digest.services.app import App
from tests.integration.desk.people.keeping import AMAL, keep


@pytest.fixture
async def amal(app: App, daily: MailingList) -> Subscriber:
    return await keep(app, daily, 1, email=AMAL, name="أمل الحربي")
