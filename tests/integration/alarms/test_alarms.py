"""What needs a person is told, once a day, by mail and webhook; what cannot be told hurts nobody."""

import asyncio
import email
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from digest.clock import FixedClock
from digest.collect.fetch.http import Http
from digest.deliver.mailer import whole
from digest.model import Alarm
from digest.model.editions.edition_moves import Move
from digest.services import tasks
from digest.services.alarms import alarms, delivery
from digest.services.app import App
from digest.services.bounces import breaker
from digest.services.editions import publish
from digest.services.sending import deliveries
from digest.services.sending.batches import deliver_edition
from digest.storage.database.engine import Database
from digest.storage.ledger import batches
from tests.builders import NOW, a_source
from tests.fakes_delivery import FakeMailer, an_app, keep_an_edition

DESK = "desk@mujaz.example"
BY_MAIL = {"alarm": {"email": DESK}}


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def app(database: Database, clock: FixedClock) -> App:
    made = an_app(database, FakeMailer(), clock, BY_MAIL)
    made.mailer.letters = []  # type: ignore[attr-defined]
    made.mailer.before_each = lambda job: made.mailer.letters.append((job.recipient, whole(job.build())))  # type: ignore[attr-defined]
    return made


async def ticks(app: App) -> None:
    """Do what a tick asks for in the way of alarms."""
    await alarms.look_at_editions(app)
    for one in await alarms.due(app, 100):
        await delivery.send_alarm(app, one)


async def kept(app: App) -> list[Alarm]:
    async with app.database.begin() as session:
        return list((await session.exec(select(Alarm).order_by(Alarm.id))).all())  # type: ignore[arg-type]


def told(app: App) -> list[str]:
    """Return the subjects of the mails that the desk got."""
    return [
        str(email.message_from_bytes(content)["Subject"])
        for to, content in app.mailer.letters  # type: ignore[attr-defined]
        if to == DESK
    ]


async def test_a_paused_edition_is_told_once_a_day_with_the_servers_words(app: App, clock: FixedClock):
    edition = await keep_an_edition(app.database, 3)
    app.mailer.refuses("reader2@mujaz.example", 550, "5.7.1 محظور: blocked for spam")
    await publish.start(app, edition)
    await deliver_edition(app, edition.id, lambda _: None)
    for _ in range(3):
        await ticks(app)
    assert told(app) == ["[Mujaz] daily 1: paused"]
    letter = email.message_from_bytes(app.mailer.letters[-1][1])  # type: ignore[attr-defined]
    body = letter.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert "5.7.1 محظور: blocked for spam" in body
    assert "digest editions resume 1 --list daily" in body
    assert letter["Auto-Submitted"] == "auto-generated"
    clock.forward(timedelta(days=1))
    await ticks(app)
    assert len(told(app)) == 2
    assert (await deliveries.balance(app, edition.id)).planned == 3  # the ledger knows nothing of alarms


async def test_an_edition_that_a_person_paused_is_no_alarm(app: App):
    edition = await keep_an_edition(app.database, 3)
    await publish.start(app, edition)
    await deliveries.move_by_hand(app, edition, Move.PAUSE)
    await ticks(app)
    assert await kept(app) == []


async def test_an_edition_that_is_held_for_being_late_is_told(app: App, clock: FixedClock):
    await keep_an_edition(app.database, 3)
    clock.forward(timedelta(hours=7))
    await tasks.run_due(app)
    await ticks(app)
    assert told(app) == ["[Mujaz] daily 1: held"]


async def test_an_edition_that_was_finished_after_its_deadline_is_told(app: App, clock: FixedClock):
    edition = await keep_an_edition(app.database, 3)
    await publish.start(app, edition)
    app.mailer.after_each = lambda _: clock.forward(timedelta(hours=3))
    await deliver_edition(app, edition.id, lambda _: None)
    await ticks(app)
    await ticks(app)
    assert told(app) == ["[Mujaz] daily 1: late"]


async def test_an_edition_that_nobody_works_on_is_told_and_one_that_is_worked_on_is_not(
    app: App, clock: FixedClock
):
    edition = await keep_an_edition(app.database, 3)
    await publish.start(app, edition)
    clock.forward(timedelta(minutes=9))
    await ticks(app)
    assert told(app) == []
    async with app.database.begin() as session:
        claim = await batches.claim(session, 1, "a worker", clock.now(), timedelta(minutes=2))
    clock.forward(timedelta(minutes=11))
    assert claim is not None
    async with app.database.begin() as session:
        await batches.renew(session, claim, clock.now(), timedelta(minutes=2))
    await ticks(app)
    assert told(app) == []
    clock.forward(timedelta(minutes=13))
    await ticks(app)
    assert told(app) == ["[Mujaz] daily 1: stalled"]


async def test_an_alarm_that_no_worker_tells_is_told_by_whoever_looks(app: App, clock: FixedClock):
    class Nobody:
        async def enqueue(self, task: str, row_id: int) -> None:
            del task, row_id

        async def enqueue_with(self, *_: object) -> None:
            return

    alone = replace(app, queue=Nobody())
    edition = await keep_an_edition(app.database, 3)
    await publish.start(alone, edition)
    clock.forward(timedelta(minutes=20))
    await tasks.run_due(alone)
    assert told(app) == []
    clock.forward(timedelta(minutes=2))
    await tasks.run_due(alone)
    await tasks.run_due(alone)
    assert told(app) == ["[Mujaz] daily 1: stalled"]


async def test_a_finished_edition_that_bounces_past_the_limit_is_told(app: App, monkeypatch: Any):
    addresses = [f"reader{number}@mujaz.example" for number in range(60)]
    for one in addresses[:20]:
        app.mailer.refuses(one, 550, "no thanks")
    edition = await keep_an_edition(app.database, addresses)
    monkeypatch.setattr(breaker, "is_checkpoint", lambda _: False)
    await publish.start(app, edition)
    await deliver_edition(app, edition.id, lambda _: None)
    assert await breaker.heed(app, edition.id)
    await ticks(app)
    assert told(app) == ["[Mujaz] daily 1: past-limit"]


async def test_a_source_that_fell_silent_is_told(app: App, clock: FixedClock):
    async with app.database.begin() as session:
        session.add(
            a_source(
                name="شبكة المدى",
                last_success_at=NOW,
                last_new_at=NOW - timedelta(days=20),
                created_at=NOW - timedelta(days=30),
            )
        )
    await alarms.look_at_sources(app)
    await ticks(app)
    (letter,) = [content for to, content in app.mailer.letters if to == DESK]  # type: ignore[attr-defined]
    assert "شبكة المدى" in email.message_from_bytes(letter).get_payload(decode=True).decode()  # type: ignore[union-attr]


async def test_nobody_is_told_where_nobody_is_named(database: Database, clock: FixedClock):
    app = an_app(database, FakeMailer(), clock)
    await alarms.raise_alarm(app, alarms.PAUSED, "daily 1", "why")
    assert await kept(app) == []
    assert await alarms.due(app, 10) == []


async def test_an_alarm_that_cannot_be_told_is_tried_again_and_given_up(app: App, clock: FixedClock):
    app.mailer.is_away()
    await alarms.raise_alarm(app, alarms.PAUSED, "daily 1", "why")
    for _ in range(10):
        await ticks(app)
        clock.forward(timedelta(hours=5))
    (alarm,) = await kept(app)
    assert (alarm.attempts, alarm.told_at, alarm.next_try_at) == (6, None, None)
    app.mailer.is_back()
    await ticks(app)
    assert told(app) == []


async def test_an_alarm_of_two_processes_is_told_once(app: App):
    await alarms.raise_alarm(app, alarms.PAUSED, "daily 1", "why")
    await alarms.raise_alarm(app, alarms.PAUSED, "daily 1", "why")
    (one,) = await alarms.due(app, 10)
    assert sorted(await asyncio.gather(*(delivery.send_alarm(app, one) for _ in range(4)))) == [False] * 3 + [
        True
    ]
    assert len(told(app)) == 1


@pytest.fixture
async def webhook() -> AsyncIterator[tuple[str, list[dict[str, Any]], list[int]]]:
    """A server that keeps what is posted, and answers with the next of the statuses, else 200."""
    posted: list[dict[str, Any]] = []
    statuses: list[int] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
        posted.append(json.loads(await reader.readexactly(length)))
        status = statuses.pop(0) if statuses else 200
        writer.write(f"HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    host = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield host, posted, statuses
    server.close()


async def test_a_webhook_is_told_in_json_and_tried_again_until_it_answers(
    database: Database, clock: FixedClock, webhook: tuple[str, list[dict[str, Any]], list[int]]
):
    host, posted, statuses = webhook
    statuses.append(500)
    chosen = {"alarm": {"webhook": f"http://{host}/alarm"}, "collect": {"allow_hosts": (host,), "readers": 0}}
    made = an_app(database, FakeMailer(), clock, chosen)
    async with Http(made.settings.collect, "0") as http:
        app = replace(made, http=http)
        await alarms.raise_alarm(app, alarms.HELD, "daily 7", "its deadline passed")
        await ticks(app)
        assert (await kept(app))[0].told_at is None
        clock.forward(timedelta(minutes=2))
        await ticks(app)
        await ticks(app)
    assert len(posted) == 2
    assert posted[1] == {
        "kind": "held",
        "about": "daily 7",
        "text": "daily 7: held. its deadline passed",
        "at": NOW.isoformat(),
    }
    assert (await kept(app))[0].told_at is not None


async def test_an_alarm_that_breaks_stops_no_tick(app: App, monkeypatch: pytest.MonkeyPatch):
    async def broken(_: App) -> None:
        raise LookupError("a fault of ours")

    edition = await keep_an_edition(app.database, 3)
    await publish.start(app, edition)
    monkeypatch.setattr(alarms, "look_at_editions", broken)
    assert await tasks.run_due(app) >= 1
