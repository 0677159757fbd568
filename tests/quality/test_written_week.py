"""Editions of an invented week stay as good as they were: lead, what must be told, twice, updates,
overviews.
"""

from collections import Counter
from datetime import timedelta

import pytest

from digest.clock import FixedClock
from digest.model import EditionContent, EditionKind, EditionState, Story
from digest.render.presenters.plan import DAILY, MEASURES, place
from digest.services.app import App, SilentProgress
from digest.services.editions.composing.compose import Window, compose
from digest.storage.database.engine import Database
from tests.builders import NOW, an_edition
from tests.fakes_delivery import FakeMailer, an_app
from tests.integration.editions.composing.test_compose import a_house
from tests.quality.pin import read
from tests.quality.written_week import DAYS, articles_of, event_of, pairs, repeated


@pytest.fixture
def app(database: Database) -> App:
    return an_app(database, FakeMailer(), FixedClock(NOW), {})


async def week_of(app: App) -> dict[str, float]:
    """Make and keep the editions of the week; return their figures."""
    days = [articles_of(day, 24.0 * (len(DAYS) - 1 - day)) for day in range(len(DAYS))]
    mailing_list = await a_house(app, *(one for articles, _ in days for one in articles))
    figures: Counter[str] = Counter()
    read_before: set[str] = set()
    for day, (articles, events) in enumerate(days):
        figures["merged"], figures["apart"] = (
            sum(both)
            for both in zip(pairs(events, articles), (figures["merged"], figures["apart"]), strict=True)
        )
        end = NOW - timedelta(hours=24.0 * (len(DAYS) - 1 - day))
        window = Window(day=end.date(), start=end - timedelta(hours=24), end=end)
        made = await compose(
            app, mailing_list, window, number=day + 1, kind=EditionKind.DAILY, report=SilentProgress()
        )
        figures.update(figures_of(made.content, day, events, read_before))
        async with app.database.begin() as session:
            session.add(
                an_edition(
                    mailing_list.id, number=day + 1, local_date=window.day, state=EditionState.FINISHED,
                    window_start=window.start, window_end=end, content=made.content.model_dump(mode="json"),
                )
            )  # fmt: skip
    must = sum(event.weight for day in DAYS for event in day)
    shares = {"right_leads": len(DAYS), "must_told": must, "merged": len(DAYS), "apart": len(DAYS)}
    return {name: figures[name] / shares.get(name, 1) for name in (*shares, *NONE)}


NONE = ("published_twice", "updates_that_retell", "repeated_overview_sentences")


def figures_of(
    content: EditionContent, day: int, events: dict[str, str], read_before: set[str]
) -> Counter[str]:
    plan = place(content, DAILY)
    shown = [one.story for one in (*plan.top, *(one for _, stories in plan.sections for one in stories))]
    keys = [event_of(story, events) for story in shown]
    by_key = {event.key: event for event in DAYS[day]}
    found: Counter[str] = Counter()
    found["right_leads"] += keys[0] in by_key and by_key[keys[0]].leads
    found["must_told"] += sum(event.weight for event in DAYS[day] if event.key in keys)
    found["published_twice"] += sum(n - 1 for key, n in Counter(keys).items() if key and n > 1)
    said = [text for story in shown for text in said_in(story)]
    found["updates_that_retell"] += sum(text in read_before for text in said)
    found["repeated_overview_sentences"] += sum(repeated(section, said) for section in content.sections)
    read_before.update(said)
    return found


def said_in(story: Story) -> list[str]:
    return [story.headline, *(one.text for one in story.summary.sentences)]


async def test_the_editions_of_a_week_stay_above_their_floors(app: App):
    floors, figures = read(), await week_of(app)
    for name, value in figures.items():
        if name in NONE:
            assert value == 0, name
        else:
            assert value >= floors[f"editions.{name}"]["floor"], name


async def test_the_review_of_the_week_tells_each_great_event_once(app: App):
    days = [articles_of(day, 24.0 * (len(DAYS) - 1 - day)) for day in range(len(DAYS))]
    mailing_list = await a_house(app, *(one for articles, _ in days for one in articles))
    events = {url: key for _, known in days for url, key in known.items()}
    window = Window(day=NOW.date(), start=NOW - timedelta(days=7), end=NOW)
    made = await compose(
        app, mailing_list, window, number=1, kind=EditionKind.WEEKLY, report=SilentProgress()
    )
    plan = place(made.content, MEASURES["weekly"])
    shown = [one.story for one in (*plan.top, *(one for _, stories in plan.sections for one in stories))]
    keys = [event_of(story, events) for story in shown]
    great = {event.key for day in DAYS for event in day if event.weight > 1 and len(event.articles) > 1}
    assert {key: keys.count(key) for key in great} == dict.fromkeys(great, 1)
    assert keys[0] == "harbour"
    assert shown[0].headline == "ارتفاع حصيلة انفجار ميناء سرهاد إلى 19 قتيلا"
