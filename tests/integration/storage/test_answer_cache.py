"""The answers of a language model that are kept."""

from datetime import timedelta

from digest.clock import FixedClock
from digest.services import tasks
from digest.storage.answer_cache import KEPT, StoredAnswers
from digest.storage.database.engine import Database
from tests.builders import NOW
from tests.fakes_delivery import FakeMailer, an_app


async def test_the_daily_sweep_drops_answers_that_are_too_old_and_no_others(database: Database):
    await StoredAnswers(database, FixedClock(NOW - KEPT - timedelta(seconds=1))).put("old", "قديم")
    await StoredAnswers(database, FixedClock(NOW - KEPT)).put("young", "حديث")
    await tasks.sweep(an_app(database, FakeMailer(), FixedClock(NOW)))
    answers = StoredAnswers(database, FixedClock(NOW))
    assert await answers.get("old") is None
    assert await answers.get("young") == "حديث"
