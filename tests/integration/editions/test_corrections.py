"""A correction: told once by the next edition that goes out, and shown on the page of the one it corrects."""

import asyncio
from datetime import date, timedelta

import pytest

from digest.clock import FixedClock
from digest.errors import InputError
from digest.model import Correction, Edition, EditionContent, EditionKind, EditionState, MailingList
from digest.services.app import App, SilentProgress
from digest.services.editions import corrections, public, publish
from digest.services.editions.composing.compose import Window, compose
from digest.services.editions.publish import Issue
from digest.storage.database.engine import Database
from tests.builders import NOW, a_list, an_edition, an_edition_content
from tests.fakes_delivery import FakeMailer, an_app

WRONG = "ذكرنا أن عدد المحال ٣٠٠، والصحيح ٢٠٣."
TOLD = Correction(text=WRONG, edition_number=1, url="https://mujaz.example/l/daily/1")
DEADLINE = NOW + timedelta(hours=6)


@pytest.fixture
def app(database: Database) -> App:
    return an_app(database, FakeMailer(), FixedClock(NOW))


async def a_sent_edition(app: App, **fields: object) -> tuple[MailingList, Edition]:
    async with app.database.begin() as session:
        mailing_list = a_list()
        session.add(mailing_list)
        await session.flush()
        sent = an_edition(
            mailing_list.id,
            **{"state": EditionState.FINISHED, "started_at": NOW, "local_date": date(2026, 1, 4), **fields},
        )
        session.add(sent)
    return mailing_list, sent


async def composed(
    app: App, mailing_list: MailingList, kind: EditionKind = EditionKind.DAILY
) -> tuple[Correction, ...]:
    window = Window(day=date(2026, 1, 5), start=NOW - timedelta(days=1), end=NOW)
    return (
        await compose(app, mailing_list, window, number=2, kind=kind, report=SilentProgress())
    ).content.corrections


async def next_edition(app: App, mailing_list: MailingList, day: int, **fields: object) -> Edition | None:
    """Approve the edition of that day of January with the corrections that are to be told."""
    content = an_edition_content(
        local_date=date(2026, 1, day),
        corrections=await corrections.pending(app, mailing_list, EditionKind.DAILY),
    )
    return await publish.approve(app, mailing_list, Issue(content=content, deadline=DEADLINE, **fields))


def carried(edition: Edition | None) -> tuple[Correction, ...]:
    assert edition is not None
    return EditionContent.model_validate(edition.content).corrections


async def test_the_next_edition_tells_it_and_no_later_one(app: App):
    mailing_list, sent = await a_sent_edition(app)
    await corrections.correct(app, sent, f"  {WRONG}\n")
    assert await composed(app, mailing_list) == (TOLD,)
    assert carried(await next_edition(app, mailing_list, 5)) == (TOLD,)
    assert await composed(app, mailing_list) == ()
    assert carried(await next_edition(app, mailing_list, 6)) == ()


async def test_an_alert_is_no_place_for_it(app: App):
    mailing_list, sent = await a_sent_edition(app)
    await corrections.correct(app, sent, WRONG)
    assert await composed(app, mailing_list, kind=EditionKind.BREAKING) == ()
    assert await composed(app, mailing_list, kind=EditionKind.WEEKLY) == (TOLD,)


async def test_of_two_editions_that_race_both_are_made_and_one_tells_it(app: App):
    mailing_list, sent = await a_sent_edition(app)
    await corrections.correct(app, sent, WRONG)
    waiting = await corrections.pending(app, mailing_list, EditionKind.DAILY)
    contents = [an_edition_content(local_date=date(2026, 1, day), corrections=waiting) for day in (5, 6)]
    made = await asyncio.gather(
        *(publish.approve(app, mailing_list, Issue(content=one, deadline=DEADLINE)) for one in contents)
    )
    assert {one.number for one in made} == {2, 3}
    assert sorted(len(carried(one)) for one in made) == [0, 1]


async def test_an_edition_that_is_held_has_not_told_it(app: App):
    mailing_list, sent = await a_sent_edition(app)
    await corrections.correct(app, sent, WRONG)
    held = await next_edition(app, mailing_list, 5, held_reason="too little to say")
    assert held is not None
    assert await composed(app, mailing_list) == (TOLD,)
    assert carried(await publish.resume(app, held)) == (TOLD,)
    assert await composed(app, mailing_list) == ()


async def test_one_that_was_approved_and_never_went_out_has_not_told_it_either(app: App):
    mailing_list, sent = await a_sent_edition(app)
    await corrections.correct(app, sent, WRONG)
    stopped = await next_edition(app, mailing_list, 5)
    assert await composed(app, mailing_list) == ()
    async with app.database.begin() as session:
        edition = await session.get(Edition, stopped.id)
        edition.state = EditionState.CANCELLED
        session.add(edition)
    assert await composed(app, mailing_list) == (TOLD,)
    assert carried(await next_edition(app, mailing_list, 6)) == (TOLD,)


async def test_the_page_of_the_corrected_edition_shows_it_at_once(app: App):
    mailing_list, sent = await a_sent_edition(app)
    await corrections.correct(app, sent, WRONG)
    content = (await public.edition(app, mailing_list.slug, 1)).content
    assert [(one.text, one.edition_number) for one in content.corrections] == [(WRONG, 1)]


@pytest.mark.parametrize("text", ["", " \n ", "خطأ " * 400])
async def test_a_correction_says_something_in_a_few_words(app: App, text: str):
    _, sent = await a_sent_edition(app)
    with pytest.raises(InputError, match="600 characters"):
        await corrections.correct(app, sent, text)


async def test_what_did_not_go_out_or_is_corrected_already_is_said_so(app: App):
    _, sent = await a_sent_edition(app)
    await corrections.correct(app, sent, WRONG)
    with pytest.raises(InputError, match="already"):
        await corrections.correct(app, sent, WRONG)
    async with app.database.begin() as session:
        waiting = an_edition(sent.list_id, number=2)
        session.add(waiting)
    with pytest.raises(InputError, match="did not go out"):
        await corrections.correct(app, waiting, WRONG)
