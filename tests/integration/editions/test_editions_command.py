"""`digest editions …` as an operator types it."""

import asyncio
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from digest.clock import FixedClock, SystemClock
from digest.entrypoints.cli.editions.editions import app as commands
from digest.errors import InputError
from digest.services.editions import publish
from digest.services.sending.batches import deliver_batch, deliver_edition, due_batches
from digest.storage.database.engine import Database
from tests.fakes_delivery import FakeMailer, an_app, keep_an_edition


@pytest.fixture
def _a_sent_edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path}/digest.db"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIGEST_DATABASE__URL", url)
    monkeypatch.setenv("DIGEST_RUN__LOG_LEVEL", "error")
    monkeypatch.setenv("DIGEST_WEB__SECRET", "s" * 32)

    async def go() -> None:
        database = Database(url)
        await database.upgrade()
        mailer = FakeMailer()
        mailer.refuses("reader2@mujaz.example", 554, "5.6.0 لا نقبل هذه الرسالة")
        app = an_app(database, mailer)
        edition = await keep_an_edition(database, 3)
        await publish.start(app, edition)
        await deliver_edition(app, edition.id, lambda _: None)
        await database.close()

    asyncio.run(go())


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, arguments)


@pytest.mark.usefixtures("_a_sent_edition")
def test_an_operator_sees_the_books_and_one_persons_mail_and_tries_again():
    assert "3 planned = 2 sent + 1 failed" in run("list").output
    shown = run("status", "1").output
    assert "finished" in shown
    assert "the books agree with the ledger" in shown
    told = json.loads(run("status", "1", "--json").output)
    assert (told["sent"], told["failed"], told["agrees"], told["in_doubt"]) == (2, 1, True, [])
    who = run("who", "reader2@mujaz.example").output
    assert "tried: 554 5.6.0 لا نقبل هذه الرسالة" in who
    assert "now: failed (permanent)" in who
    assert "250 2.0.0 ok" in run("who", "reader1@mujaz.example").output
    assert isinstance(run("retry", "1").exception, InputError)
    assert "1 wait again" in run("retry", "1", "--failed").output
    assert "nobody to try again" in run("retry", "1", "--bounced").output
    assert "is corrected; the next edition tells it" in run("correct", "1", "العدد ٢٠٣ لا ٣٠٠.").output
    assert isinstance(run("correct", "1", "العدد ٢٠٣ لا ٣٠٠.").exception, InputError)
    assert isinstance(run("correct", "7", "العدد ٢٠٣ لا ٣٠٠.").exception, InputError)
    assert "is paused" in run("pause", "1").output
    assert "is sending" in run("resume", "1").output
    assert "is cancelled" in run("cancel", "1").output
    assert isinstance(run("resume", "1").exception, InputError)
    assert isinstance(run("status", "7").exception, InputError)
    assert isinstance(run("who", "nobody@mujaz.example").exception, InputError)


@pytest.mark.usefixtures("_a_sent_edition")
def test_during_a_send_an_operator_sees_how_far_it_is(tmp_path: Path):
    async def again() -> None:
        """Let 40 be sent of 50; one of them waits for another try."""
        database = Database(f"sqlite:///{tmp_path}/digest.db")
        mailer = FakeMailer()
        mailer.refuses("other3@mujaz.example", 451, "4.3.0 later")
        clock = FixedClock(SystemClock().now())
        app = an_app(database, mailer, clock, {"run": {"batch_size": 10}})
        people = [f"other{number}@mujaz.example" for number in range(50)]
        deadline = {"send_deadline": clock.now() + timedelta(hours=6)}
        edition = await keep_an_edition(database, people, edition=deadline, slug="other", name="other")
        await publish.start(app, edition)
        for _ in range(4):
            (batch, *_) = await due_batches(app, clock.now(), 10)
            await deliver_batch(app, batch)
        await database.close()

    asyncio.run(again())
    shown = run("status", "1", "--list", "other").output
    assert "78.0%, 39 of 50" in shown
    assert "batches   3 done, 0 on their way, 2 to come" in shown
    assert "deferred  1 wait for another try" in shown
    assert re.search(r"speed     [\d,]+ a minute; about \d+ min", shown)
    told = json.loads(run("status", "1", "--list", "other", "--json").output)
    assert (told["batches"], told["batches_done"], told["deferred"], told["waiting"]) == (5, 3, 1, 11)
    assert told["per_minute"] > 39
    assert told["seconds_left"] > 60  # the one that waits decides
    run("pause", "1", "--list", "other")
    shown = run("status", "1", "--list", "other").output
    assert "progress" in shown
    assert "speed" not in shown
    assert "progress" not in run("status", "1", "--list", "daily").output
