"""Imports into a real database: who left stays away, the counts add up, and all of it can be taken back."""

import io
from collections import Counter

import pytest
from sqlmodel import func, select

from digest.clock import FixedClock
from digest.errors import InputError, StoreConflictError
from digest.model import (
    MailingList,
    Subscriber,
    Subscription,
    SubscriptionState,
    Suppression,
    UnindexedPerson,
)
from digest.services.app import App
from digest.services.audience.admin import exporting
from digest.services.audience.admin.exporting import ExportRequest
from digest.services.audience.imports import run
from digest.services.audience.imports.run import Imported
from digest.services.audience.imports.writing import ImportOutcome
from digest.storage.audience import lists
from digest.storage.audience.imports import people as stored_imports
from tests.builders import a_list, a_subscriber, a_subscription

CONFIRMED, LEFT, PENDING = SubscriptionState.CONFIRMED, SubscriptionState.LEFT, SubscriptionState.PENDING


async def imported(app: App, mailing_list: MailingList, text: str, **more) -> Imported:
    return await run.import_file(app, mailing_list, io.BytesIO(text.encode()), name="people.csv", **more)


async def stands(app: App) -> dict[str, tuple[SubscriptionState, str]]:
    async with app.database.begin() as session:
        return {
            person.email.partition("@")[0]: (wish.state, wish.consent_how)
            for person, wish in await stored(session)
        }


async def stored(session):
    query = select(Subscriber, Subscription).join(Subscription, Subscription.subscriber_id == Subscriber.id)
    return (await session.exec(query)).all()


async def suppressed(app: App, name: str) -> str | None:
    async with app.database.begin() as session:
        found = await session.get(Suppression, app.keys.suppression_hash(f"{name}@mujaz.example"))
    return found.reason if found else None


async def reader(app: App, mailing_list: MailingList, number: int, **fields) -> None:
    async with app.database.begin() as session:
        person = a_subscriber(number)
        session.add(person)
        await session.flush()
        session.add(a_subscription(mailing_list.id, person.id, **fields))


FILE = """email,name,status
new@mujaz.example,New,subscribed
gone@mujaz.example,Gone,unsubscribed
dead@mujaz.example,Dead,bounced
bad@mujaz.example,Bad,blocklisted
wait@mujaz.example,Wait,pending
nobody,x,subscribed
odd@mujaz.example,Odd,perhaps
NEW@mujaz.example,,subscribed
"""


async def test_an_import_never_mails_people_who_left(app: App, mailing_list: MailingList):
    done = await imported(app, mailing_list, FILE)
    assert await stands(app) == {"new": (CONFIRMED, "import"), "gone": (LEFT, "import")}
    assert await suppressed(app, "dead") == "imported: bounced"
    assert await suppressed(app, "bad") == "imported: blocked"
    assert Counter(done.counts) == {
        ImportOutcome.ADDED: 1, ImportOutcome.LEFT: 1, ImportOutcome.SUPPRESSED: 2, ImportOutcome.UNCONFIRMED: 1, ImportOutcome.REJECTED: 2, ImportOutcome.DOUBLED: 1
    }  # fmt: skip
    assert [line for line, _ in done.first_errors] == [7, 8]
    again = await imported(
        app, mailing_list, "email\ngone@mujaz.example\ndead@mujaz.example\nbad@mujaz.example\n"
    )
    assert (again.counts[ImportOutcome.LEFT], again.counts[ImportOutcome.SUPPRESSED]) == (1, 2)
    assert await stands(app) == {"new": (CONFIRMED, "import"), "gone": (LEFT, "import")}


async def test_counts_of_a_dry_run_and_of_the_real_one_are_the_same_and_add_up(
    app: App, mailing_list: MailingList
):
    await reader(app, mailing_list, 1)
    await reader(app, mailing_list, 2, state=LEFT)
    text = FILE + "reader1@mujaz.example,A,subscribed\nreader2@mujaz.example,B,subscribed\n"
    dry = await imported(app, mailing_list, text, dry_run=True)
    assert len(await stands(app)) == 2
    real = await imported(app, mailing_list, text)
    assert dry.counts == real.counts
    assert (dry.rows, sum(dry.counts.values()), dry.named) == (10, 10, real.named)
    assert (dry.import_id, real.import_id) == (None, 1)
    after = await imported(app, mailing_list, text, dry_run=True)
    assert (after.counts[ImportOutcome.ADDED], after.counts[ImportOutcome.KNOWN]) == (0, 2)


async def test_who_left_later_in_the_file_is_left_wherever_the_line_stands(
    app: App, mailing_list: MailingList
):
    await imported(
        app, mailing_list, "email,status\na@mujaz.example,subscribed\nb@mujaz.example,unsubscribed\n" * 1
    )
    await imported(
        app,
        mailing_list,
        "email,status\nc@mujaz.example,subscribed\nc@mujaz.example,unsubscribed\nc@mujaz.example,subscribed\n",
    )
    assert (await stands(app))["c"] == (LEFT, "import")


async def test_a_later_file_ends_what_an_earlier_one_confirmed_but_not_what_the_form_did(
    app: App, mailing_list: MailingList
):
    await reader(app, mailing_list, 1, consent_how="import")
    await reader(app, mailing_list, 2, consent_how="form")
    text = "email,status\nreader1@mujaz.example,unsubscribed\nreader2@mujaz.example,unsubscribed\n"
    done = await imported(app, mailing_list, text)
    assert {name: state for name, (state, _) in (await stands(app)).items()} == {
        "reader1": LEFT,
        "reader2": CONFIRMED,
    }
    assert (done.counts[ImportOutcome.LEFT], done.counts[ImportOutcome.KNOWN]) == (1, 1)
    await imported(app, mailing_list, text.replace("unsubscribed", "complained"))
    assert (await stands(app))["reader2"][0] is LEFT


async def test_a_file_that_cannot_be_read_to_its_end_changes_nothing(app: App, mailing_list: MailingList):
    rows = "".join(f"r{n}@mujaz.example,x\n" for n in range(5000))
    with pytest.raises(InputError, match="Line 5002"):
        await imported(app, mailing_list, f'email,name\n{rows}a@mujaz.example,"A\nb@mujaz.example,B\n')
    assert await stands(app) == {}


async def test_a_second_import_fills_in_names_that_are_missing(app: App, mailing_list: MailingList):
    await imported(app, mailing_list, "email\na@mujaz.example\nb@mujaz.example\n")
    await imported(app, mailing_list, "email,name\na@mujaz.example,أمل\nb@mujaz.example,\n")
    done = await imported(app, mailing_list, "email,name\na@mujaz.example,Other\nb@mujaz.example,بدر\n")
    assert done.named == 1
    async with app.database.begin() as session:
        names = dict((await session.exec(select(Subscriber.email, Subscriber.name))).all())
    assert names == {"a@mujaz.example": "أمل", "b@mujaz.example": "بدر"}


async def test_an_import_is_undone_whole_but_for_who_came_or_left_since(
    app: App, mailing_list: MailingList, clock: FixedClock
):
    await reader(app, mailing_list, 1, consent_how="admin")
    await reader(app, mailing_list, 2, state=PENDING)
    before = await stands(app)
    from datetime import timedelta

    clock.forward(timedelta(minutes=1))
    text = (
        FILE
        + "reader1@mujaz.example,,unsubscribed\nreader2@mujaz.example,,subscribed\nstays@mujaz.example,,subscribed\n"
    )
    done = await imported(app, mailing_list, text)
    clock.forward(timedelta(minutes=1))
    async with app.database.begin() as session:
        for person, wish in await stored(session):
            if person.email.startswith("stays"):
                wish.state, wish.left_at = LEFT, clock.now()
                session.add(wish)
    _, counts = await run.undo(app, done.import_id)
    after = await stands(app)
    assert after.pop("stays")[0] is LEFT
    assert {name: state for name, (state, _) in after.items()} == {
        name: state for name, (state, _) in before.items()
    }
    assert counts == {"taken": 2, "people": 2, "reopened": 2, "lifted": 2}
    assert await suppressed(app, "dead") is None
    with pytest.raises(InputError, match="already"):
        await run.undo(app, done.import_id)
    with pytest.raises(InputError, match="no import 99"):
        await run.undo(app, 99)


async def test_many_are_imported_by_few_statements(app: App, mailing_list: MailingList):
    text = "email,name\n" + "".join(f"r{n}@mujaz.example,اسم {n}\n" for n in range(5001))
    assert (await imported(app, mailing_list, text)).counts == {
        ImportOutcome.ADDED: 5001,
        ImportOutcome.DOUBLED: 0,
    }
    assert (await imported(app, mailing_list, text)).counts == {
        ImportOutcome.KNOWN: 5001,
        ImportOutcome.DOUBLED: 0,
    }
    async with app.database.begin() as session:
        assert (await session.exec(select(func.count()).select_from(Subscriber))).one() == 5001


async def test_our_own_export_comes_back_the_same(app: App, mailing_list: MailingList):
    text = "email,name,status\n+966@mujaz.example,=HYPERLINK(1),subscribed\n-b@mujaz.example,＝1,subscribed\ngone@mujaz.example,,unsubscribed\n"
    await imported(app, mailing_list, text)
    exported = [line async for line in exporting.csv_lines(app, ExportRequest())]
    assert not [
        cell for line in exported for cell in line.split(",") if cell.startswith(("=", "+", "-", "＝"))
    ]
    async with app.database.begin() as session:
        other = await lists.add(session, a_list(slug="other"))
    done = await imported(app, other, "".join(exported))
    assert (done.counts[ImportOutcome.ADDED], done.counts[ImportOutcome.LEFT]) == (2, 1)
    async with app.database.begin() as session:
        names = dict((await session.exec(select(Subscriber.email, Subscriber.name))).all())
    assert names["+966@mujaz.example"] == "=HYPERLINK(1)"
    assert names["-b@mujaz.example"] == "＝1"


async def test_work_that_is_done_again_counts_nobody_twice(
    app: App, mailing_list: MailingList, monkeypatch: pytest.MonkeyPatch
):
    real, tries = stored_imports.end, [StoreConflictError("Two wrote at once.")]

    def end(*given) -> None:
        real(*given)
        if tries:
            raise tries.pop()

    monkeypatch.setattr(stored_imports, "end", end)
    done = await imported(app, mailing_list, FILE)
    assert tries == []
    assert sum(done.counts.values()) == done.rows
    assert (await stands(app)).keys() == {"new", "gone"}


async def test_who_is_suppressed_alone_among_many_stays_away(app: App, mailing_list: MailingList):
    await imported(app, mailing_list, "email,status\ndead@mujaz.example,bounced\n")
    many = "".join(f"r{n}@mujaz.example\n" for n in range(300))
    done = await imported(app, mailing_list, f"email\n{many}dead@mujaz.example\n")
    assert (done.counts[ImportOutcome.ADDED], done.counts[ImportOutcome.SUPPRESSED]) == (300, 1)
    assert "dead" not in await stands(app)


async def test_all_of_a_large_file_wait_to_be_looked_up_and_so_does_who_comes_after(
    app: App, mailing_list: MailingList
):
    await imported(app, mailing_list, "email\n" + "".join(f"r{n}@mujaz.example\n" for n in range(600)))
    await reader(app, mailing_list, 1)
    async with app.database.begin() as session:
        everybody = (await session.exec(select(Subscriber.id))).all()
        waiting = (await session.exec(select(UnindexedPerson.subscriber_id))).all()
    assert len(everybody) == 601
    assert sorted(waiting) == sorted(everybody)
