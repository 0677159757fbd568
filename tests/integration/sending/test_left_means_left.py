"""Who leaves, is removed or suppressed while a batch is on its way is not mailed any more, at a real and slow
server.
"""

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlmodel import select

from digest.clock import FixedClock
from digest.deliver.smtp.pool import SmtpMailer
from digest.model import (
    AlertChoice,
    Batch,
    Delivery,
    Edition,
    EditionKind,
    Frequency,
    Subscriber,
    Subscription,
    SubscriptionState,
)
from digest.model.people.eligibility import may_receive, wants_day
from digest.model.people.timetable import Timetable
from digest.services.app import App
from digest.services.audience.joining import leaving
from digest.services.editions import publish
from digest.services.schedule.reader_times import timetable
from digest.services.sending import deliveries
from digest.services.sending.batches import deliver_edition
from digest.settings import Settings
from digest.storage.audience import eligible, subscribers, suppressions
from digest.storage.database.engine import Database
from digest.storage.ledger import batch_members, batches
from tests.builders import NOW, a_list, a_subscriber, a_subscription, an_edition
from tests.fakes_delivery import an_app, keep_an_edition

READERS = 90
LETTER_SECONDS = 0.1
LAST = {number: f"reader{number}@mujaz.example" for number in (86, 87, 88, 89, 90)}


class Slow:
    """Takes every letter, after a while."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()

    async def took(self, count: int) -> None:
        """Wait until so many letters were taken."""
        for _ in range(3000):
            if len(self.taken) >= count:
                return
            await asyncio.sleep(0.01)
        raise AssertionError("it was not given so many")

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        await asyncio.sleep(LETTER_SECONDS)
        self.taken[envelope.rcpt_tos[0]] += 1
        return "250 2.0.0 ok"


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
async def app(database: Database, slow: Slow) -> AsyncIterator[App]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(slow, hostname="127.0.0.1", port=port)
    controller.start()
    chosen = {"mail": {"host": "127.0.0.1", "port": port, "tls": "none", "connections": 3, "gate": 16}}
    made = an_app(database, None, FixedClock(NOW), chosen)
    async with SmtpMailer(Settings.model_validate(chosen).mail) as mailer:
        yield replace(made, mailer=mailer)
    controller.stop()


async def leaves(app: App, email: str) -> None:
    async with app.database.begin() as session:
        person = await subscribers.by_email(session, email)
        await leaving.end_all(session, person.id, NOW, leaving.BY_LINK)


async def is_removed(app: App, email: str) -> None:
    async with app.database.begin() as session:
        await subscribers.remove(session, (await subscribers.by_email(session, email)).id)


async def is_suppressed(app: App, email: str) -> None:
    """By a machine whose clock goes wrong, by a week."""
    early = NOW - timedelta(days=7)
    async with app.database.begin() as session:
        await suppressions.suppress(session, app.keys.suppression_hash(email), "complaint", early)


async def is_disabled(app: App, email: str) -> None:
    async with app.database.begin() as session:
        person = await subscribers.by_email(session, email)
        person.disabled_reason = "bounced"
        session.add(person)


async def wants_weekly_mail(app: App, email: str) -> None:
    async with app.database.begin() as session:
        person = await subscribers.by_email(session, email)
        list_id = (await session.exec(select(Subscription.list_id))).first()
        await subscribers.keep_preferences(
            session, list_id, person.id, {"sections": None, "frequency": Frequency.WEEKLY}
        )


Deed = Callable[[App, str], Awaitable[None]]
DEEDS: dict[str, Deed] = {
    "left": leaves,
    "deleted": is_removed,
    "suppressed": is_suppressed,
    "disabled": is_disabled,
    "frequency": wants_weekly_mail,
}


@pytest.mark.red("left-in-batch")
@pytest.mark.parametrize("on_unknown", ["resend", "hold"])
async def test_who_leaves_while_a_batch_is_on_its_way_is_not_mailed_any_more(
    app: App, slow: Slow, on_unknown: str
):
    edition = await keep_an_edition(app.database, READERS, on_unknown=on_unknown)
    await publish.start(app, edition)
    sending = asyncio.create_task(deliver_edition(app, edition.id or 0, lambda _: None))
    await slow.took(1)
    for (reason, deed), email in zip(DEEDS.items(), LAST.values(), strict=True):
        del reason
        await deed(app, email)
    assert len(slow.taken) < READERS - 40
    books = await sending
    assert not set(LAST.values()) & set(slow.taken)
    assert books.skipped == dict.fromkeys(DEEDS, 1)
    assert (books.sent, books.waiting, books.in_doubt) == (READERS - len(DEEDS), 0, 0)
    assert await deliveries.audit(app, edition.id or 0)


@pytest.mark.red("left-in-batch")
async def test_who_leaves_is_mailed_no_more_than_what_was_at_the_gate(app: App, slow: Slow):
    edition = await keep_an_edition(app.database, READERS)
    await publish.start(app, edition)
    sending = asyncio.create_task(deliver_edition(app, edition.id or 0, lambda _: None))
    await slow.took(5)
    everybody = [f"reader{number}@mujaz.example" for number in range(1, READERS + 1)]
    async with app.database.begin() as session:
        for one in (await session.exec(select(Subscription))).all():
            one.state, one.left_at = SubscriptionState.LEFT, NOW
            session.add(one)
    before = set(slow.taken)
    await sending
    assert len(set(slow.taken) - before) <= 16
    assert set(slow.taken) < set(everybody)


@pytest.mark.parametrize(("weekly_only", "is_big"), [(False, True), (True, True), (False, False)])
@pytest.mark.parametrize("kind", list(EditionKind))
async def test_sql_and_the_rule_say_the_same_of_everybody(
    database: Database, kind: EditionKind, weekly_only: bool, is_big: bool
):
    cases = list(product(SubscriptionState, (None, "bounced"), Frequency, AlertChoice))
    async with database.begin() as session:
        mailing_list = a_list()
        session.add(mailing_list)
        people = [a_subscriber(n, disabled_reason=case[1]) for n, case in enumerate(cases, 1)]
        session.add_all(people)
        await session.flush()
        list_id = mailing_list.id or 0
        wishes = [
            a_subscription(list_id, person.id or 0, state=case[0], frequency=case[2], alerts=case[3])
            for person, case in zip(people, cases, strict=True)
        ]
        session.add_all(wishes)
        edition = an_edition(list_id, kind=kind, for_weekly_readers=weekly_only, is_big=is_big)
        session.add(edition)
        await session.flush()
        rule = {
            person.id: may_receive(wish, person, False, edition)
            for person, wish in zip(people, wishes, strict=True)
        }
        wanted = eligible.wanting(list_id, kind, for_weekly_readers=weekly_only, is_big=is_big)
        query = select(Subscriber.id).join(Subscription).where(*wanted)
        assert set((await session.exec(query)).all()) == {one for one, why in rule.items() if why is None}
        stopped = await batch_members.stopped(session, edition.id or 0, [*rule, 999_999])
        assert stopped == {one: why for one, why in rule.items() if why} | {999_999: "deleted"}
        reading = select(Subscriber.id).join(Subscription).where(*eligible.reading(list_id))
        plain = {
            person.id
            for person, wish in zip(people, wishes, strict=True)
            if not may_receive(wish, person, False)
        }
        assert set((await session.exec(reading)).all()) == plain


@pytest.mark.parametrize(
    ("kind", "weekly_only", "for_any_day"),
    [
        (EditionKind.DAILY, False, True),
        (EditionKind.WEEKLY, True, True),
        (EditionKind.WEEKLY, True, False),
        (EditionKind.WEEKLY, False, True),
        (EditionKind.BREAKING, False, True),
    ],
)
async def test_sql_and_the_rule_of_days_and_pauses_say_the_same_of_everybody(
    database: Database, kind: EditionKind, weekly_only: bool, for_any_day: bool
):
    """Readers of Monday's edition, some of whom get it on Tuesday by their own clock."""
    pauses = (None, NOW - timedelta(days=1), NOW, NOW + timedelta(seconds=1))
    cases = list(product((1, 2, 127), (None, 0, 1), (("", None), ("", 5), ("Asia/Tokyo", 20)), pauses))
    async with database.begin() as session:
        mailing_list = a_list()
        session.add(mailing_list)
        people = [a_subscriber(n) for n in range(1, len(cases) + 1)]
        session.add_all(people)
        await session.flush()
        list_id = mailing_list.id or 0
        frequency = Frequency.WEEKLY if weekly_only else Frequency.DAILY
        wishes = [
            a_subscription(
                list_id,
                person.id or 0,
                days=case[0],
                weekly_day=case[1],
                timezone=case[2][0],
                hour=case[2][1],
                paused_until=case[3],
                frequency=frequency,
                alerts=AlertChoice.ALL,
            )
            for person, case in zip(people, cases, strict=True)
        ]
        session.add_all(wishes)
        edition = an_edition(list_id, kind=kind, for_weekly_readers=weekly_only, for_any_day=for_any_day)
        session.add(edition)
        await session.flush()
        table = timetable(mailing_list, edition.local_date, NOW, await eligible.own_times(session, list_id))
        expected = {
            person.id
            for person, wish in zip(people, wishes, strict=True)
            if may_receive(wish, person, False, edition, now=NOW) is None
            and wants_day(wish, edition, weekday_of(table, wish), for_any_day=for_any_day)
        }
        assert await batches.freeze(session, edition.id or 0, NOW, 7, timetable=table) == len(expected)
        made = (await session.exec(select(Batch).order_by(Batch.position))).all()
        assert {one for batch in made for one in batch.members} == expected
        assert [batch.position for batch in made] == list(range(len(made)))
        stopped = await batch_members.stopped(session, edition.id or 0, [one.id for one in people], now=NOW)
        paused = {
            p.id for p, w in zip(people, wishes, strict=True) if w.paused_until and w.paused_until > NOW
        }
        assert set(stopped) == paused


def weekday_of(table: Timetable, wish: Subscription) -> int:
    own = table.times.get((wish.timezone, wish.hour))
    return own.weekday if own else table.weekday


async def test_a_claim_carries_the_reason_that_the_rule_gives(database: Database):
    made = await keep_an_edition(database, 6)
    app = an_app(database, None, FixedClock(NOW))
    await publish.start(app, made)
    for deed, number in zip(DEEDS.values(), range(1, 6), strict=True):
        await deed(app, f"reader{number}@mujaz.example")
    books = await deliver_edition(app, made.id or 0, lambda _: None)
    assert books.skipped == dict.fromkeys(DEEDS, 1)
    assert books.sent == 1
    async with database.begin() as session:
        assert len((await session.exec(select(Delivery))).all()) == 6
        assert (await session.get(Edition, made.id)).state == "finished"
