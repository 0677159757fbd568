"""When the first edition comes, as the pages and the mails of joining say it."""

from datetime import UTC, datetime

import pytest

from digest.model import Frequency
from digest.services.audience.choices.first_delivery import first_delivery
from digest.services.audience.choices.rules import Preferences
from digest.services.schedule.due import next_due
from tests.builders import a_list

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize("weekdays", [[0, 1, 2, 3, 4, 5, 6], [3], [0], []])
def test_who_chose_nothing_gets_the_list_when_it_goes_out(weekdays: list[int]):
    mailing_list = a_list(weekdays=weekdays)
    assert first_delivery(mailing_list, NOW) == next_due(mailing_list, NOW)


def test_a_list_that_is_switched_off_promises_nobody_an_edition():
    chosen = Preferences(hour=5, timezone="Asia/Dubai")
    assert first_delivery(a_list(), NOW, chosen) is not None
    assert first_delivery(a_list(enabled=False), NOW, chosen) is None


def test_who_reads_once_a_week_waits_for_their_day():
    chosen = Preferences(frequency=Frequency.WEEKLY, weekly_day=5)
    first = first_delivery(a_list(), NOW, chosen)
    assert first is not None
    assert first.weekday() == 5
