"""The figures: counted beside the pages on both databases, and shown with a table beside each chart."""

import re
from datetime import date, timedelta

import pytest

from digest.model import (
    Batch,
    BounceEvent,
    Delivery,
    DeliveryStatus,
    EditionState,
    MailingList,
    Role,
    SubscriptionState,
)
from digest.services.app import App
from digest.services.desk import counts, figures
from tests.builders import NOW, a_subscriber, a_subscription, an_edition, hours_ago
from tests.integration.desk.conftest import Hands, Joins

DAY = timedelta(days=1)


async def has(app: App, *rows: object) -> None:
    async with app.database.begin() as session:
        for row in rows:
            session.add(row)
            await session.flush()


async def people(app: App, daily: MailingList, *subscriptions: dict[str, object]) -> None:
    for number, fields in enumerate(subscriptions, 1):
        name = fields.pop("email", f"reader{number}@mujaz.example")
        person = a_subscriber(number, email=name)
        await has(app, person)
        await has(app, a_subscription(daily.id or 0, person.id or 0, **fields))


async def sent(
    app: App, daily: MailingList, statuses: list[DeliveryStatus], *, ended_hours_ago: float = 1
) -> int:
    edition = an_edition(
        daily.id or 0,
        number=7,
        local_date=NOW.date() - DAY,
        state=EditionState.FINISHED,
        started_at=hours_ago(ended_hours_ago + 1),
        finished_at=hours_ago(ended_hours_ago),
        planned=len(statuses),
    )
    await has(app, edition)
    found = {name: statuses.count(name) for name in set(statuses)}
    await has(
        app,
        Batch(
            edition_id=edition.id or 0, position=0, members=list(range(1, len(statuses) + 1)), size=len(statuses),
            waiting=0, sent=found.get(DeliveryStatus.SENT, 0), bounced=found.get(DeliveryStatus.BOUNCED, 0),
            failed=found.get(DeliveryStatus.FAILED, 0), done=True, due_at=NOW,
        ),
    )  # fmt: skip
    for place, status in enumerate(statuses, 1):
        code = 550 if status is DeliveryStatus.BOUNCED else 250
        await has(
            app, Delivery(edition_id=edition.id or 0, subscriber_id=place, status=status, code=code, at=hours_ago(2))
        )  # fmt: skip
    return edition.id or 0


async def test_days_are_counted_in_the_lists_own_zone_and_reckoned_back(app: App, daily: MailingList):
    # 23:30 UTC of the 3rd is half past two on the 4th in Riyadh.
    at_night = NOW.replace(day=3, hour=23, minute=30)
    await people(
        app,
        daily,
        {"confirmed_at": at_night},
        {"confirmed_at": hours_ago(24 * 40)},
        {"confirmed_at": hours_ago(24 * 40), "state": SubscriptionState.LEFT, "left_at": hours_ago(1)},
    )
    await counts.count(app)
    found = await figures.of_lists(app, [daily], 30)
    assert found.span[-1] == date(2026, 1, 5)
    by_day = dict(zip(found.span, found.joined, strict=True))
    assert by_day[date(2026, 1, 4)] == 1
    assert by_day[date(2026, 1, 3)] == 0
    standing = dict(zip(found.span, found.confirmed, strict=True))
    assert standing[date(2026, 1, 5)] == 2
    assert standing[date(2026, 1, 4)] == 3
    assert standing[date(2026, 1, 3)] == 2
    assert sum(found.gone) == 1


async def test_a_day_that_is_over_stays_as_it_was_counted(app: App, clock: Hands, daily: MailingList):
    await people(app, daily, {"confirmed_at": hours_ago(2)})
    await counts.count(app)
    clock.moves(days=3)
    async with app.database.begin() as session:
        one = await session.get(type(a_subscription(1, 1)), (daily.id, 1))
        assert one is not None
        one.state, one.left_at, one.confirmed_at = SubscriptionState.LEFT, clock.now(), None
        session.add(one)
    await counts.count(app)
    found = await figures.of_lists(app, [daily], 7)
    standing = dict(zip(found.span, found.confirmed, strict=True))
    assert standing[date(2026, 1, 7)] == 1
    assert standing[date(2026, 1, 8)] == 0


async def test_an_edition_is_counted_by_domain_once_and_again_when_nothing_more_comes_back(
    app: App, clock: Hands, daily: MailingList
):
    await people(app, daily, *({"email": f"r{n}@{'big' if n < 3 else 'small'}.example"} for n in range(4)))
    good, bad = DeliveryStatus.SENT, DeliveryStatus.BOUNCED
    edition_id = await sent(app, daily, [good, good, good, bad])
    await counts.count(app)
    first = await figures.of_lists(app, [daily], 30)
    assert [(one.sent, one.bounced) for one in first.editions] == [(3, 1)]
    assert [(one.domain, one.sent, one.bounced) for one in first.domains] == [
        ("big.example", 3, 0), ("small.example", 1, 1),
    ]  # fmt: skip
    late = {"subscriber_id": 1, "edition_id": edition_id, "at": clock.now() + DAY, "read_by": "arf"}
    await has(app, BounceEvent(event="complaint", **late))
    await counts.count(app)
    assert (await figures.of_lists(app, [daily], 30)).editions[0].complained == 0
    clock.moves(days=4)
    await counts.count(app)
    again = await figures.of_lists(app, [daily], 30)
    assert again.editions[0].complained == 1
    assert sum(again.complained) == 1


@pytest.mark.parametrize(
    ("ended", "counted", "due"),
    [
        (None, None, False), (hours_ago(5), None, True), (hours_ago(5), hours_ago(4), False),
        (hours_ago(100), hours_ago(99), True), (hours_ago(100), hours_ago(1), False), (hours_ago(1), hours_ago(9), True),
    ],
)  # fmt: skip
def test_when_an_edition_is_counted(ended, counted, due):  # type: ignore[no-untyped-def]
    assert figures.is_due(ended, counted, NOW) is due


async def test_who_chose_no_section_reads_all_but_those_never_wanted(app: App, daily: MailingList):
    await people(
        app,
        daily,
        {},
        {"sections": ["economy"]},
        {"sections": ["economy", "sport"]},
        {"never_sections": ["sport"]},
    )
    await counts.count(app)
    read = {one.title: (one.reading, one.chosen) for one in await figures.choices_of(app, daily)}
    assert read["الاقتصاد"] == (4, 2)
    assert read["الرياضة"] == (2, 1)


async def test_each_chart_has_its_sentence_and_its_table_in_the_accounts_digits(
    joins: Joins, app: App, daily: MailingList
):
    await people(app, daily, {"confirmed_at": hours_ago(30)}, {"confirmed_at": hours_ago(24 * 50)})
    await counts.count(app)
    viewer = await joins(Role.VIEWER, daily.id)
    page = (await viewer.opens("/desk/lists/daily/charts")).text
    assert "من ١ إلى ٢." in page
    assert page.count('class="chart wide"') == page.count('class="chart narrow"') >= 2
    assert page.count("<table") == page.count('class="chart wide"')
    assert not re.search(r"<svg[^>]*style=", page)
    for odd in ("?days=7", "?days=%00", "?days=٩٠", "?days=90", "?days=365"):
        assert (await viewer.opens(f"/desk/lists/daily/charts{odd}")).status_code == 200, odd


async def test_all_lists_together_are_those_that_somebody_may_see(
    joins: Joins, app: App, daily: MailingList, other: MailingList
):
    await people(app, daily, {"confirmed_at": hours_ago(30)})
    person = a_subscriber(9)
    await has(app, person)
    await has(app, a_subscription(other.id or 0, person.id or 0, confirmed_at=hours_ago(24 * 50)))
    await counts.count(app)
    assert "من ١ إلى ٢." in (await (await joins(Role.VIEWER)).opens("/desk/charts")).text
    assert "من ٠ إلى ١." in (await (await joins(Role.VIEWER, daily.id)).opens("/desk/charts")).text
