"""The desk's first page: what needs somebody comes first, and only of the lists that one may see."""

import re
from datetime import timedelta

import pytest

from digest.model import Edition, EditionState, MailingList, Role
from digest.services.app import App
from digest.services.desk import counts
from tests.builders import a_source, a_subscriber, a_subscription, an_edition
from tests.integration.desk.conftest import Hands, Joins


async def keep(app: App, *rows: object) -> None:
    async with app.database.begin() as session:
        session.add_all(rows)


@pytest.fixture
async def held(app: App, daily: MailingList) -> Edition:
    made = an_edition(
        daily.id or 0, number=2, local_date=app.clock.now().date() - timedelta(days=1),
        state=EditionState.HELD, held_reason="only 1 stories, the list asks for 3", subject="عدد قليل",
    )  # fmt: skip
    await keep(app, made)
    return made


async def test_a_held_edition_stands_first_with_its_button(joins: Joins, held: Edition):
    page = (await (await joins(Role.VIEWER)).opens("/desk")).text
    needs = page[page.index('id="needs"') : page.index('id="lists"')]
    assert "العدد <bdi>٢</bdi> من «<bdi>موجز اليوم</bdi>» محجوز" in needs
    assert 'href="/desk/lists/daily/editions/2"' in needs
    assert "only 1 stories" in needs


async def test_nothing_needs_anybody(joins: Joins, daily: MailingList):
    page = (await (await joins(Role.VIEWER)).opens("/desk")).text
    assert "لا شيء الآن" in page


async def test_what_concerns_another_list_is_not_shown(joins: Joins, held: Edition, other: MailingList):
    page = (await (await joins(Role.PUBLISHER, other.id)).opens("/desk")).text
    assert "موجز الرياضة" in page
    assert "موجز اليوم" not in page


async def test_a_silent_and_a_failing_source_are_told_in_the_readers_language(app: App, joins: Joins):
    now = app.clock.now()
    await keep(
        app,
        a_source(name="الصامت", location="https://silent.example/", last_success_at=now,
                 last_item_at=now - timedelta(days=9), created_at=now - timedelta(days=30)),
        a_source(name="المتعثر", location="https://failing.example/", failures=3, last_error="503"),
        a_source(name="السليم", location="https://well.example/", last_success_at=now, last_item_at=now),
    )  # fmt: skip
    page = (await (await joins(Role.EDITOR)).opens("/desk")).text
    needs = page[page.index('id="needs"') : page.index('id="lists"')]
    assert needs.count("need source") == 2
    assert "الصامت" in needs
    assert "السليم" not in needs


async def test_people_are_counted_beside_the_page_and_growth_is_of_thirty_days(
    app: App, joins: Joins, daily: MailingList, clock: Hands
):
    now, list_id = app.clock.now(), daily.id or 0
    async with app.database.begin() as session:
        people = [a_subscriber(number) for number in range(1, 5)]
        session.add_all(people)
        await session.flush()
        ids = [one.id or 0 for one in people]
        session.add_all(
            [
                a_subscription(list_id, ids[0], confirmed_at=now - timedelta(days=90)),
                a_subscription(list_id, ids[1], confirmed_at=now - timedelta(days=3)),
            ]
        )
    viewer = await joins(Role.VIEWER)
    shown = re.search(
        r'class="big">([٠-٩]+)</p><p class="meta"><span class="up"><bdi>(.)',
        (await viewer.opens("/desk")).text,
    )
    assert shown is not None
    assert shown.groups() == ("٢", "١")
    async with app.database.begin() as session:
        session.add(a_subscription(list_id, ids[2], confirmed_at=now))
    assert 'class="big">٢<' in (await viewer.opens("/desk")).text, "no page counts what was counted just now"
    assert not await counts.are_due(app)
    clock.moves(minutes=11)
    assert await counts.are_due(app)
    await counts.count(app)
    assert 'class="big">٣<' in (await viewer.opens("/desk")).text


async def test_an_english_account_reads_english_from_left_to_right(joins: Joins, held: Edition):
    viewer = await joins(Role.VIEWER)
    await viewer.sends("/desk/account/profile", {"name": "A", "language": "en", "digits": "arab"})
    page = (await viewer.opens("/desk")).text
    assert '<html lang="en" dir="ltr">' in page
    assert "What needs you" in page
    assert "Edition <bdi>2</bdi> of <bdi>موجز اليوم</bdi> is held" in page
