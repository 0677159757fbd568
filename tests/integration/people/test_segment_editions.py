"""Editions for a segment: who gets them, once, beside the list's own; and the definition stays as it was."""

import pytest
from sqlmodel import select

from digest.errors import EditionHeldError, InputError, NothingToSendError
from digest.model import (
    Edition,
    EditionSegment,
    EditionState,
    FieldKind,
    MailingList,
    SubscriptionState,
)
from digest.services.app import App, SilentProgress
from digest.services.audience.segments import fields, saved, tags
from digest.services.audience.segments.written import definition
from digest.services.editions import publish
from digest.services.editions.lifecycle.segments import named
from digest.services.editions.run import run as by_hand
from digest.services.editions.run.run import RunRequest
from digest.storage.database.engine import Database
from digest.storage.editions import editions as stored
from tests.builders import NOW, a_list, a_source, a_subscriber, a_subscription, an_article, an_edition_content
from tests.fakes_delivery import FakeMailer, an_app


@pytest.fixture
def app(database: Database, tmp_path) -> App:
    return an_app(database, FakeMailer(), settings={"run": {"out": str(tmp_path / "out")}})


@pytest.fixture(autouse=True)
def _no_visits(monkeypatch: pytest.MonkeyPatch) -> None:
    async def none(*_: object) -> list[object]:
        return []

    monkeypatch.setattr("digest.services.sources.polling.visit_all", none)


def reader(number: int) -> str:
    return f"reader{number}@mujaz.example"


async def a_list_of_four(app: App) -> MailingList:
    """Four readers, of whom 1 and 2 are tagged; 2 left."""
    async with app.database.begin() as session:
        session.add(mailing_list := a_list(min_stories=1))
        session.add_all([a_source(), an_article()])
        people = [a_subscriber(number) for number in (1, 2, 3, 4)]
        session.add_all(people)
        await session.flush()
        for one in people:
            state = SubscriptionState.LEFT if one.email == reader(2) else SubscriptionState.CONFIRMED
            session.add(a_subscription(mailing_list.id, one.id, state=state))
    await tags.give(app, mailing_list, [reader(1), reader(2)], "VIP")
    await saved.keep(app, mailing_list, "vip", definition(["tag is vip"], []))
    return mailing_list


async def run(app: App, **given: object) -> by_hand.RunResult:
    return await by_hand.run(app, RunRequest(**given), SilentProgress())


async def test_only_the_readers_of_a_segment_get_its_edition_and_everybody_the_lists_own(app: App):
    mailing_list = await a_list_of_four(app)
    done = await run(app, segment="vip")
    assert (done.balance.planned, app.mailer.taken) == (1, {reader(1): 1})
    assert "segment vip alone: 1 readers" in done.notes[0]
    again = await run(app, segment="vip")
    assert (again.already, app.mailer.taken) == (True, {reader(1): 1})
    await run(app)
    assert app.mailer.taken == {reader(1): 2, reader(3): 1, reader(4): 1}
    async with app.database.begin() as session:
        kept = (await session.exec(select(Edition).order_by(Edition.number))).all()
        published = await stored.published_before(
            session, mailing_list.id, NOW.replace(year=2025), NOW.replace(year=2027).date()
        )
    assert [one.topic for one in kept] == ["segment:vip", ""]
    assert EditionSegment.model_validate(kept[0].segment).definition == definition(["tag is vip"], [])
    assert kept[1].segment is None
    assert published.headlines == {story.headline for story in done.content.stories}


async def test_what_a_segments_edition_told_is_news_to_the_others(app: App):
    mailing_list = await a_list_of_four(app)
    await run(app, segment="vip")
    async with app.database.begin() as session:
        published = await stored.published_before(
            session, mailing_list.id, NOW.replace(year=2025), NOW.replace(year=2027).date()
        )
    assert not published.headlines


async def test_nobody_is_mailed_when_a_segment_means_nobody_or_is_not_there(app: App):
    mailing_list = await a_list_of_four(app)
    await saved.keep(app, mailing_list, "far", definition(["domain is elsewhere.example"], []))
    with pytest.raises(NothingToSendError, match="segment far"):
        await run(app, segment="far")
    with pytest.raises(InputError, match=r"no segment 'gone'.*far, vip"):
        await run(app, segment="gone")
    assert app.mailer.taken == {}


async def test_the_definition_is_frozen_with_the_edition(app: App):
    mailing_list = await a_list_of_four(app)
    edition = await approved(app, mailing_list, "vip")
    await saved.keep(app, mailing_list, "vip", definition([], []))
    await saved.remove(app, mailing_list, "vip")
    assert await publish.start(app, edition) == 1


async def test_an_edition_whose_segment_asks_for_a_removed_field_is_held_and_says_so(app: App):
    mailing_list = await a_list_of_four(app)
    await fields.add(app, mailing_list, "city", title="المدينة", kind=FieldKind.TEXT)
    await fields.set_values(app, mailing_list, reader(3), {"city": "الرياض"})
    await saved.keep(app, mailing_list, "here", definition(["field.city is الرياض"], []))
    edition = await approved(app, mailing_list, "here")
    await fields.remove(app, mailing_list, "city")
    with pytest.raises(EditionHeldError, match=r"segment here cannot be asked.*no field 'city'"):
        await publish.start(app, edition)
    async with app.database.begin() as session:
        kept = (await session.exec(select(Edition))).one()
    assert (kept.state, kept.planned) == (EditionState.HELD, 0)
    with pytest.raises(InputError, match="segment here cannot be asked"):
        await saved.show(app, mailing_list, "here")


async def approved(app: App, mailing_list: MailingList, name: str) -> Edition:
    segment, _ = await named(app, mailing_list, name)
    issue = publish.Issue(content=an_edition_content(), deadline=NOW.replace(year=2027), segment=segment)
    edition = await publish.approve(app, mailing_list, issue)
    assert edition is not None
    return edition


async def test_a_segment_is_counted_with_its_readers_and_first_people(app: App):
    mailing_list = await a_list_of_four(app)
    shown = await saved.show(app, mailing_list, "vip")
    assert (shown.count, shown.readers) == (2, 1)
    assert [person.email for person, _ in shown.people] == [reader(1), reader(2)]
    looked = await saved.look(app, mailing_list, definition([], ["tag is vip"]))
    assert (looked.count, looked.readers) == (2, 2)


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        (FieldKind.TEXT, " من  الرياض ", "من الرياض"),
        (FieldKind.NUMBER, "١٢٫٥", "12.5"),
        (FieldKind.DATE, "٢٠٢٦/٠١/٠٥", "2026-01-05"),
        (FieldKind.CHOICE, "الصحافه", "الصحافة"),
    ],
)
async def test_a_value_is_kept_in_one_spelling(app: App, kind: FieldKind, value: str, kept: str):
    mailing_list = await a_list_of_four(app)
    choices = ["الصحافة"] if kind is FieldKind.CHOICE else []
    await fields.add(app, mailing_list, "own", title="", kind=kind, choices=choices)
    assert await fields.set_values(app, mailing_list, reader(1), {"own": value}) == {"own": kept}
    assert await fields.set_values(app, mailing_list, reader(1), {"own": " "}) == {}


@pytest.mark.parametrize(
    ("kind", "value"), [(FieldKind.NUMBER, "many"), (FieldKind.DATE, "yesterday"), (FieldKind.CHOICE, "طبيب")]
)
async def test_a_value_that_does_not_fit_is_refused_and_nothing_is_written(
    app: App, kind: FieldKind, value: str
):
    mailing_list = await a_list_of_four(app)
    await fields.add(app, mailing_list, "note", title="", kind=FieldKind.TEXT)
    choices = ["الصحافة"] if kind is FieldKind.CHOICE else []
    await fields.add(app, mailing_list, "own", title="", kind=kind, choices=choices)
    with pytest.raises(InputError):
        await fields.set_values(app, mailing_list, reader(1), {"note": "x", "own": value})
    assert await fields.set_values(app, mailing_list, reader(1), {}) == {}
