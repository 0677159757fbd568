"""Lists with sources of their own: what they read, what it weighs there, and which list a command means."""

from datetime import date, timedelta

import pytest

from digest.clock import FixedClock
from digest.errors import InputError
from digest.model import Article, EditionKind, MailingList, Source
from digest.services.app import App, SilentProgress
from digest.services.audience import lists
from digest.services.audience.list_sources import SourceChanges, change_sources, described, sources_of
from digest.services.editions.composing.compose import Composed, Window, compose
from digest.services.sources import catalogue
from digest.storage.database.engine import Database
from tests.builders import NOW, a_list, a_source
from tests.fakes_delivery import FakeMailer, an_app
from tests.unit.curate.telling import BRIDGE, BUDGET, told

WINDOW = Window(day=date(2026, 1, 5), start=NOW - timedelta(hours=24), end=NOW)


@pytest.fixture
async def app(database: Database) -> App:
    """Two lists and three sources: bridges, budgets, and one that brought nothing."""
    made = an_app(database, FakeMailer(), FixedClock(NOW), {})
    bridges = a_source(name="جسور", location="https://bridges.example/feed")
    budgets = a_source(name="موازنات", location="https://budgets.example/feed")
    quiet = a_source(name="هادئ", location="https://quiet.example/feed")
    async with database.begin() as session:
        session.add_all([a_list(slug="daily"), a_list(slug="money"), bridges, budgets, quiet])
        await session.flush()
        articles: list[tuple[Article, Source]] = [
            (told(*BRIDGE[0], section="local"), bridges),
            (told(*BUDGET[0], section="economy"), budgets),
        ]
        for article, source in articles:
            article.source_id, article.source_name = source.id, source.name
        session.add_all([article for article, _ in articles])
    return made


async def made(app: App, slug: str) -> Composed:
    return await compose(
        app, await lists.choose(app, slug), WINDOW, number=1, kind=EditionKind.DAILY, report=SilentProgress()
    )


async def told_by(app: App, slug: str) -> set[str]:
    return {story.headline for story in (await made(app, slug)).content.stories}


async def test_a_list_reads_every_source_until_it_is_told_otherwise(app: App):
    assert len(await told_by(app, "daily")) == 2
    assert await described(app, await lists.choose(app, "daily")) == ""


async def test_a_list_tells_only_what_its_own_sources_bring(app: App):
    await change_sources(app, "money", SourceChanges(add=["موازنات"]))
    assert await told_by(app, "money") == {BUDGET[0][1]}
    assert len(await told_by(app, "daily")) == 2
    assert (
        await described(app, await lists.choose(app, "money"))
        == "The list money reads 1 of 3 sources: موازنات."
    )


async def test_a_source_that_is_left_out_stays_out_and_new_ones_still_come(app: App):
    await change_sources(app, "money", SourceChanges(remove=["جسور"]))
    assert await told_by(app, "money") == {BUDGET[0][1]}
    mailing_list, seen = await sources_of(app, "money")
    assert mailing_list.all_sources
    assert {one.source.name: one.is_read for one in seen} == {"موازنات": True, "هادئ": True, "جسور": False}
    await change_sources(app, "money", SourceChanges(add=["جسور"]))
    assert len(await told_by(app, "money")) == 2
    assert (await sources_of(app, "money"))[0].all_sources


async def test_a_source_weighs_in_a_list_what_the_list_says(app: App):
    before = {case.story.headline: case.story.score for case in (await made(app, "money")).cases}
    await change_sources(app, "money", SourceChanges(weights=[("موازنات", 3.0)]))
    after = {case.story.headline: case.story.score for case in (await made(app, "money")).cases}
    assert after[BUDGET[0][1]] > before[BUDGET[0][1]]
    assert after[BRIDGE[0][1]] == before[BRIDGE[0][1]]
    daily = {case.story.headline: case.story.score for case in (await made(app, "daily")).cases}
    assert daily == before
    assert "موازنات (weight 3)" in await described(app, await lists.choose(app, "money"))


async def test_all_takes_back_every_choice(app: App):
    await change_sources(app, "money", SourceChanges(add=["موازنات"], weights=[("موازنات", 2.0)]))
    await change_sources(app, "money", SourceChanges(every=True))
    _, seen = await sources_of(app, "money")
    assert all(one.is_read and not one.own_weight for one in seen)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (SourceChanges(add=["لا أحد"]), "There is no source"),
        (SourceChanges(remove=["جسور", "موازنات", "هادئ"]), "would read no source"),
        (SourceChanges(weights=[("جسور", 4.0)]), "Weights go from 0 to 3"),
        (SourceChanges(add=["موازنات"], weights=[("جسور", 2.0)]), "does not read جسور"),
    ],
    ids=["unknown", "nothing left", "too heavy", "not read"],
)
async def test_a_wrong_change_changes_nothing(app: App, changes: SourceChanges, says: str):
    with pytest.raises(InputError, match=says):
        await change_sources(app, "money", changes)
    assert len(await told_by(app, "money")) == 2


async def test_a_list_whose_chosen_source_was_removed_does_not_fall_back_to_all(app: App):
    await change_sources(app, "money", SourceChanges(add=["موازنات"]))
    await catalogue.remove(app, "موازنات")
    assert await told_by(app, "money") == set()


async def test_a_look_up_makes_no_list(database: Database):
    app = an_app(database, FakeMailer(), FixedClock(NOW), {})
    with pytest.raises(InputError, match="There are no lists yet"):
        await lists.choose(app)
    assert await lists.every(app) == []
    assert (await lists.ensure(app, None)).slug == "daily"


async def test_the_default_is_one_list_at_most(app: App):
    with pytest.raises(InputError, match="There are several lists: daily, money"):
        await lists.choose(app)
    await lists.set_default(app, "money")
    await lists.set_default(app, "daily")
    assert (await lists.choose(app)).slug == "daily"
    assert [one.mailing_list.slug for one in await lists.every(app) if one.mailing_list.is_default] == [
        "daily"
    ]
    await lists.set_default(app, None)
    with pytest.raises(InputError, match="several lists"):
        await lists.choose(app)


async def test_a_pin_that_no_article_has_is_told(app: App):
    address = told(*BUDGET[0]).url
    changed: MailingList = await lists.change(
        app, "money", {"pins": [address, "https://news.mujaz.example/0"]}
    )
    assert await lists.unmatched_pins(app, changed) == ["https://news.mujaz.example/0"]
