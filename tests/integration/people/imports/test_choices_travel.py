"""Our own export, imported elsewhere, gives the same people: their choices, fields and tags; who left stays
left.
"""

import csv
import io
from dataclasses import asdict
from datetime import timedelta

import pytest
from sqlmodel import select

from digest.clock import FixedClock
from digest.model import (
    AlertChoice,
    ConsentEvent,
    FieldKind,
    Frequency,
    MailingList,
    Subscriber,
    SubscriberTag,
    Subscription,
    SubscriptionState,
)
from digest.services.app import App
from digest.services.audience import lists
from digest.services.audience.admin import exporting
from digest.services.audience.admin.exporting import ExportRequest
from digest.services.audience.choices.rules import Preferences
from digest.services.audience.imports import run
from digest.services.audience.imports.writing import ImportOutcome
from digest.services.audience.segments import fields, tags
from digest.storage.audience import lists as stored_lists
from digest.storage.database.engine import Database
from tests.builders import NOW, a_list, a_subscriber, a_subscription
from tests.fakes_delivery import FakeMailer, an_app

AMAL, BADR, GONE = "reader1@mujaz.example", "reader2@mujaz.example", "reader3@mujaz.example"
CHOSEN = Preferences(
    sections=("economy", "sport"),
    order=("sport",),
    never=("misc",),
    days=(1, 6),
    weekly_day=4,
    hour=0,
    timezone="Africa/Cairo",
    headlines_only=True,
    muted_words=("كرة القدم", "a, b; c"),
    muted_outlets=("المرفأ",),
    digits="latn",
    hijri=False,
    alerts=AlertChoice.BIG,
    quiet_hours="22:00-06:00",
)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
async def app(database: Database, clock: FixedClock) -> App:
    return an_app(database, FakeMailer(), clock)


@pytest.fixture
async def here(app: App) -> MailingList:
    made = await lists.ensure(app, None)
    await fields.add(app, made, "city", title="المدينة", kind=FieldKind.TEXT)
    async with app.database.begin() as session:
        for number, kept in enumerate(
            (
                CHOSEN.columns() | {"paused_until": NOW + timedelta(days=9)},
                {"frequency": Frequency.WEEKLY},
                {"state": SubscriptionState.LEFT, "left_at": NOW, "hour": 5},
            ),
            1,
        ):
            person = a_subscriber(number)
            session.add(person)
            await session.flush()
            session.add(a_subscription(made.id, person.id, **kept))
    await fields.set_values(app, made, AMAL, {"city": "=الرياض"})
    await tags.give(app, made, [AMAL, BADR], "صحافة")
    await tags.give(app, made, [AMAL], "vip")
    return made


@pytest.fixture
async def there(app: App, here: MailingList) -> MailingList:
    async with app.database.begin() as session:
        made = await stored_lists.add(session, a_list(slug="other", sections=here.sections))
    await fields.add(app, made, "city", title="المدينة", kind=FieldKind.TEXT)
    return made


async def exported(app: App, mailing_list: MailingList) -> str:
    asked = ExportRequest(slug=mailing_list.slug)
    return "".join([piece async for piece in exporting.csv_lines(app, asked)])


async def imported(app: App, mailing_list: MailingList, text: str, **given: object) -> run.Imported:
    return await run.import_file(app, mailing_list, io.BytesIO(text.encode()), name="people.csv", **given)


async def kept(app: App, mailing_list: MailingList) -> dict[str, Subscription]:
    async with app.database.begin() as session:
        query = select(Subscriber.email, Subscription).where(
            Subscription.subscriber_id == Subscriber.id, Subscription.list_id == mailing_list.id
        )
        return dict((await session.exec(query)).all())


async def tags_on(app: App, mailing_list: MailingList) -> set[tuple[int, str]]:
    async with app.database.begin() as session:
        query = select(SubscriberTag).where(SubscriberTag.list_id == mailing_list.id)
        return {(one.subscriber_id, one.tag) for one in (await session.exec(query)).all()}


async def events(app: App, mailing_list: MailingList) -> list[tuple[int, str, str, str]]:
    async with app.database.begin() as session:
        query = select(ConsentEvent).where(ConsentEvent.list_id == mailing_list.id).order_by(ConsentEvent.id)
        return [
            (one.subscriber_id, one.event, one.how, one.came_from)
            for one in (await session.exec(query)).all()
        ]


async def test_what_was_exported_is_the_same_person_where_it_is_imported(
    app: App, here: MailingList, there: MailingList
):
    done = await imported(app, there, await exported(app, here))
    assert (done.counts[ImportOutcome.ADDED], done.counts[ImportOutcome.LEFT]) == (2, 1)
    before, after = await kept(app, here), await kept(app, there)
    assert {email: asdict(Preferences.of(one)) for email, one in after.items()} == {
        email: asdict(Preferences.of(one)) for email, one in before.items()
    }
    assert Preferences.of(after[AMAL]) == CHOSEN
    assert {email: one.paused_until for email, one in after.items()} == {
        AMAL: NOW + timedelta(days=9),
        BADR: None,
        GONE: None,
    }
    assert after[GONE].state is SubscriptionState.LEFT
    assert await fields.set_values(app, there, AMAL, {}) == {"city": "=الرياض"}
    assert await tags_on(app, there) == await tags_on(app, here)
    assert (
        (await exported(app, there))
        .splitlines()[1]
        .endswith((await exported(app, here)).splitlines()[1][-80:])
    )


async def test_an_undone_import_takes_its_tags_back_and_leaves_those_of_others(
    app: App, here: MailingList, there: MailingList, clock: FixedClock
):
    text = await exported(app, here)
    await imported(app, there, f"email\n{AMAL}\n")
    await tags.give(app, there, [AMAL], "mine")
    clock.forward(timedelta(minutes=1))
    done = await imported(app, there, text)
    assert (await kept(app, there))[AMAL].hour is None  # who was there chose there
    await run.undo(app, done.import_id)
    assert {tag for _, tag in await tags_on(app, there)} == {"mine"}
    assert list(await kept(app, there)) == [AMAL]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ('{"timezone": "Asia/Riyad"}', "no time zone"),
        ('{"hour": 24}', "no hour of the day"),
        ('{"hour": "early"}', "cannot be read"),
        ('{"quiet_hours": "late"}', "quiet hours"),
        ('{"horoscope": true}', "cannot be read"),
        ('{"muted_words": ["\\ud800"]}', "cannot be read"),
        ('{"paused_until": "2026-01-09"}', "cannot be read"),
        ("{", "cannot be read"),
        ("[" * 5000, "no choices"),
    ],
)
async def test_choices_that_cannot_be_read_refuse_their_row_and_no_other(
    app: App, there: MailingList, said: str, why: str
):
    out = io.StringIO()
    csv.writer(out).writerows([("email", "choices"), (AMAL, ""), (BADR, said)])
    done = await imported(app, there, out.getvalue())
    if why == "no choices":  # a column of other words is none of choices
        assert done.counts[ImportOutcome.ADDED] == 2
        return
    assert (done.counts[ImportOutcome.ADDED], done.counts[ImportOutcome.REJECTED]) == (1, 1)
    assert why in done.first_errors[0][1]
    again = await imported(app, there, out.getvalue(), wanted={"choices": "-"})
    assert (again.counts[ImportOutcome.ADDED], again.counts[ImportOutcome.REJECTED]) == (1, 0)


async def test_what_a_list_does_not_offer_takes_no_other_choice_with_it(app: App, there: MailingList):
    out = io.StringIO()
    said = '{"sections": ["elsewhere"], "digits": "arabext", "frequency": "weekly", "hour": 6}'
    csv.writer(out).writerows([("email", "choices"), (AMAL, said)])
    await imported(app, there, out.getvalue())
    assert Preferences.of((await kept(app, there))[AMAL]) == Preferences(frequency=Frequency.WEEKLY, hour=6)


async def test_tags_are_read_as_programs_write_them(app: App, there: MailingList):
    done = await imported(app, there, f'email,TAGS\n{AMAL},"""VIP"",""الصحافة"""\n{BADR},\n')
    assert "tags ← «TAGS»" in done.columns.lines()[0]
    assert {tag for _, tag in await tags_on(app, there)} == {"vip", "الصحافه"}


async def test_leaving_by_a_file_is_noted_and_so_is_its_undoing(app: App, there: MailingList):
    await imported(app, there, f"email\n{AMAL}\n")
    done = await imported(app, there, f"email,status\n{AMAL},unsubscribed\n{BADR},unsubscribed\n")
    left = await events(app, there)
    assert sorted(left)[0][1:] == ("left", "import", "people.csv")
    assert len({subscriber for subscriber, *_ in left}) == len(left) == 2
    await run.undo(app, done.import_id)
    assert (await events(app, there))[-1][1:3] == ("returned", "undo-import")
    assert (await kept(app, there))[AMAL].state is SubscriptionState.CONFIRMED
