"""From stored articles to an edition, and why each story is in it or out of it."""

from datetime import date, timedelta

import pytest

from digest.clock import FixedClock
from digest.errors import InputError
from digest.model import Article, EditionKind, EditionState, MailingList, Rights, Source
from digest.services.app import App, SilentProgress
from digest.services.editions.composing.compose import Composed, Window, compose
from digest.services.editions.composing.explain import cases_of, matching
from digest.storage.database.engine import Database
from tests.builders import NOW, a_list, a_source, an_edition, an_edition_content
from tests.fakes_delivery import FakeMailer, an_app
from tests.unit.curate.telling import BRIDGE, BUDGET, told

DAY = date(2026, 1, 5)
WINDOW = Window(day=DAY, start=NOW - timedelta(hours=24), end=NOW)


@pytest.fixture
def app(database: Database) -> App:
    return an_app(database, FakeMailer(), FixedClock(NOW), {})


async def a_house(
    app: App, *articles: Article, source: Source | None = None, **fields: object
) -> MailingList:
    """A list and one source with these articles."""
    async with app.database.begin() as session:
        mailing_list, outlet = a_list(**fields), source or a_source()
        session.add_all([mailing_list, outlet])
        await session.flush()
        for article in articles:
            article.source_id = outlet.id
        session.add_all(articles)
    return mailing_list


async def composed(app: App, mailing_list: MailingList, window: Window = WINDOW) -> Composed:
    return await compose(app, mailing_list, window, number=1, kind=EditionKind.DAILY, report=SilentProgress())


def titles(made: Composed) -> dict[str, list[str]]:
    return {
        section.key: [article.title for story in section.stories for article in story.articles]
        for section in made.content.sections
    }


async def test_an_event_of_three_outlets_is_told_once_in_its_section(app: App):
    articles = [told(*one, hours=6 - n, section="local") for n, one in enumerate(BRIDGE)]
    made = await composed(app, await a_house(app, *articles))
    (story,) = made.content.stories
    assert made.content.sections[0].key == "disasters"
    assert set(story.outlets) == {one[0] for one in BRIDGE}
    assert made.articles == 3
    assert made.stories == 1


async def test_the_section_is_the_one_most_are_sure_of(app: App):
    sure = told(*BUDGET[0], section="economy", section_confidence=1.0)
    guess = told(*BUDGET[1], hours=2, section="culture", section_confidence=0.4)
    assert list(titles(await composed(app, await a_house(app, sure, guess)))) == ["economy"]


async def test_yesterdays_story_comes_back_only_when_it_moved_on(app: App):
    yesterday = told(*BRIDGE[0], hours=26)
    mailing_list = await a_house(app, yesterday, told(*BRIDGE[2], hours=2), told(*BUDGET[0], hours=30))
    await _sent_yesterday(app, mailing_list, yesterday)
    (story,) = (await composed(app, mailing_list)).content.stories
    assert story.update
    assert story.articles[0].title == BRIDGE[2][1]
    assert story.reasons[0] == "تطورات في خبر سبق نشره"


async def test_a_copy_of_what_yesterday_told_stays_out_and_why_says_so(app: App):
    yesterday = told(*BRIDGE[0], hours=26)
    copy = told("ناقل", BRIDGE[0][1], BRIDGE[0][2], hours=2)
    mailing_list = await a_house(app, yesterday, copy)
    await _sent_yesterday(app, mailing_list, yesterday)
    made = await composed(app, mailing_list)
    assert made.content.stories == ()
    (case,) = await cases_of(app, mailing_list, DAY)
    assert not case.is_in
    assert case.verdict.reason == "سبق نشره ولم يستجد فيه شيء"


async def test_the_lists_pins_floor_and_freshness_hold(app: App):
    pinned, light, old = (
        told(*BRIDGE[0], hours=20),
        told("س", "خبر خفيف", "نص."),
        told(*BUDGET[0], hours=12, breaking=True),
    )
    mailing_list = await a_house(
        app, pinned, light, old, pins=[pinned.url], score_floor=3.3, freshness_hours=6
    )
    made = await composed(app, mailing_list)
    assert [story.headline for story in made.content.stories] == [BRIDGE[0][1]]
    reasons = {case.story.headline: case.verdict.reason for case in made.cases if not case.is_in}
    assert reasons == {"خبر خفيف": "وزنه دون الحد الأدنى", BUDGET[0][1]: "أقدم من المدة المطلوبة"}


async def test_composing_twice_gives_the_same_edition(app: App):
    mailing_list = await a_house(app, *(told(*one) for one in (*BRIDGE, *BUDGET)))
    assert (await composed(app, mailing_list)).content == (await composed(app, mailing_list)).content


async def test_nothing_new_gives_an_edition_without_sections(app: App):
    made = await composed(app, await a_house(app))
    assert made.content.sections == ()
    assert made.cases == ()


async def test_an_outlet_that_lends_headlines_only_is_not_summarized(app: App):
    mailing_list = await a_house(app, told(*BRIDGE[0]), source=a_source(rights=Rights.HEADLINE))
    (story,) = (await composed(app, mailing_list)).content.stories
    assert story.summary.sentences == ()
    assert story.summary.method == "headline"


async def test_every_story_has_a_verdict_and_those_told_come_first(app: App):
    sections = [{"key": "politics", "title": "السياسة", "max_stories": 1}]
    mailing_list = await a_house(
        app,
        told(*BRIDGE[0], section="politics"),
        told(*BUDGET[0], section="politics", breaking=True),
        told("س", "خبر بلا قسم", "نص الخبر هنا.", section="sport"),
        sections=sections,
    )
    cases = await cases_of(app, mailing_list)
    assert [case.is_in for case in cases] == [True, False, False]
    assert cases[0].story.headline == BUDGET[0][1]
    assert {case.verdict.reason for case in cases} == {
        "في القسم، رتبته 1",
        "امتلأ القسم بأخبار أثقل",
        "لا قسم له في هذه القائمة",
    }
    assert matching(cases, "2") == cases[1:2]
    assert matching(cases, cases[2].story.key[:6]) == cases[2:]
    assert matching(cases, "موازنات كاردينا") == cases[:1]
    assert matching(cases, "زقزوق") == ()
    assert matching(cases, "") == ()
    assert matching(cases, "99") == ()


async def test_why_looks_at_the_window_of_the_dates_edition(app: App):
    early = told(*BRIDGE[0], hours=90)
    mailing_list = await a_house(app, early)
    async with app.database.begin() as session:
        session.add(
            an_edition(
                mailing_list.id,
                local_date=date(2026, 1, 2),
                window_start=NOW - timedelta(hours=96),
                window_end=NOW - timedelta(hours=80),
            )
        )
    (case,) = await cases_of(app, mailing_list, date(2026, 1, 2))
    assert case.story.headline == BRIDGE[0][1]


async def test_why_falls_back_on_what_was_read_by_hand(app: App):
    mailing_list = await a_house(app, told(*BRIDGE[0]), source=a_source(by_hand=True))
    assert len(await cases_of(app, mailing_list)) == 1


async def test_why_of_a_day_without_articles_says_what_to_do(app: App):
    mailing_list = await a_house(app)
    with pytest.raises(InputError, match="--date"):
        await cases_of(app, mailing_list, date(2020, 1, 1))


async def _sent_yesterday(app: App, mailing_list: MailingList, *articles: Article) -> None:
    content = an_edition_content()
    (story,) = content.stories
    refs = tuple(
        story.articles[0].model_copy(update={"title": one.title, "url": one.url}) for one in articles
    )
    (section,) = content.sections
    content = content.model_copy(
        update={
            "sections": (
                section.model_copy(update={"stories": (story.model_copy(update={"articles": refs}),)}),
            )
        }
    )
    async with app.database.begin() as session:
        session.add(
            an_edition(
                mailing_list.id,
                local_date=DAY - timedelta(days=1),
                state=EditionState.FINISHED,
                window_end=NOW - timedelta(hours=24),
                content=content.model_dump(mode="json"),
            )
        )
