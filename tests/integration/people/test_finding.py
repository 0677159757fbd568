"""Finding people by words, filters and pages, on both databases; and the rule held against every person."""

from collections.abc import Sequence

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from digest.model import (
    MailingList,
    PersonWord,
    Subscriber,
    SubscriptionState,
    UnindexedPerson,
)
from digest.services.app import App
from digest.services.audience.admin import erasing
from digest.services.audience.people import finding, indexing
from digest.services.audience.people.finding import PeopleFilter
from digest.services.audience.people.spelling import asked_words, words_of
from digest.services.audience.segments import tags
from digest.storage.audience.people import pages
from digest.storage.database.engine import Database
from tests.builders import NOW, a_list, a_subscriber, a_subscription
from tests.fakes_delivery import an_app

FIRST = ("أحمد", "محمد", "سلمى", "عبد الرحمن", "إيمان", "هدى", "Omar", "")
LAST = ("الشهري", "العتيبي", "قاسم", "الحربيّ", "مصطفى")


EVERY = (
    PeopleFilter(), PeopleFilter(text="احمد"), PeopleFilter(text="شهري أحمد"), PeopleFilter(text="عبدالرحمن"),
    PeopleFilter(text="ايمان", state="left"), PeopleFilter(text="a.example"), PeopleFilter(text="p1"),
    PeopleFilter(state="left", source="import"), PeopleFilter(text="مصطفي", source="form"),
    PeopleFilter(text="nobody"),
)  # fmt: skip


@pytest.fixture
def app(database: Database) -> App:
    return an_app(database)


@pytest.fixture
async def lists(database: Database) -> tuple[MailingList, MailingList]:
    """Two lists with 120 and 40 people; every third left, every fifth came by a file."""
    async with database.begin() as session:
        one, other = a_list(), a_list(slug="sport", name="الرياضة")
        session.add_all([one, other])
        await session.flush()
        for number in range(1, 121):
            name = f"{FIRST[number % 8]} {LAST[number % 5]}".strip()
            person = a_subscriber(number, email=f"p{number}@{'a' if number % 2 else 'b'}.example", name=name)
            session.add(person)
            await session.flush()
            state = SubscriptionState.LEFT if number % 3 == 0 else SubscriptionState.CONFIRMED
            how = "import" if number % 5 == 0 else "form"
            session.add(a_subscription(one.id, person.id, state=state, consent_how=how))  # type: ignore[arg-type]
            if number % 3 == 1:
                session.add(a_subscription(other.id, person.id))  # type: ignore[arg-type]
    return one, other


async def everybody(app: App, wanted: PeopleFilter, mailing_list: MailingList | None = None) -> list[str]:
    found: list[str] = []
    before = None
    while True:
        page = await finding.find(app, wanted, mailing_list=mailing_list, before=before)
        found += [one.person.email for one in page.people]
        before = page.before
        if before is None:
            return found


async def expected(app: App, wanted: PeopleFilter, mailing_list: MailingList | None) -> list[str]:
    """The same by looking at every person, one by one."""
    async with app.database.read() as session:
        people = (await session.exec(select(Subscriber).order_by(col(Subscriber.id).desc()))).all()
        every = await pages.subscriptions_of(session, [one.id or 0 for one in people], None)
    fits = []
    for person in people:
        words = words_of(person.name, person.email)
        known = [
            one
            for one in every
            if one.subscriber_id == person.id
            and (mailing_list is None or one.list_id == mailing_list.id)
            and wanted.state in {"", one.state.value}
            and wanted.source in {"", one.consent_how}
        ]
        if known and all(any(word.startswith(one) for word in words) for one in asked_words(wanted.text)):
            fits.append(person.email)
    return fits


@pytest.mark.parametrize(
    ("common", "walked"),
    [(2, 5_000), (2, 8), (20_000, 5_000)],
    ids=["person by person", "words against words", "by the rarest word"],
)
async def test_whoever_fits_is_found_once_and_nobody_else(
    app: App,
    lists: tuple[MailingList, MailingList],
    common: int,
    walked: int,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(pages, "COMMON", common)
    monkeypatch.setattr(pages, "WALKED", walked)
    monkeypatch.setattr(pages, "AT_ONCE", 7)
    monkeypatch.setattr(finding, "A_PAGE", 9)
    for wanted in EVERY:
        for mailing_list in (None, *lists):
            found = await everybody(app, wanted, mailing_list)
            assert found == await expected(app, wanted, mailing_list), (wanted, mailing_list)


@pytest.mark.parametrize(
    "stored", ["عبد الله الحربي", "عبدالله الحربي", "أبو عبدالله الحربي", "عبدُ اللَّه الحربي"]
)
async def test_a_name_is_found_together_and_apart(app: App, stored: str):
    async with app.database.begin() as session:
        mailing_list = a_list()
        session.add_all(
            [mailing_list, a_subscriber(1, name=stored), a_subscriber(2, name="عبد العزيز الحربي")]
        )
    for asked in ("عبدالله", "عبد الله", "الحربي عبد الله", "عبداللّه حربي"):
        page = await finding.find(app, PeopleFilter(text=asked))
        assert [one.person.name for one in page.people] == [stored], asked


async def test_only_shown_lists_are_looked_at(app: App, lists: tuple[MailingList, MailingList]):
    page = await finding.find(app, PeopleFilter(text="p2@"), list_ids=[lists[1].id or 0])
    assert page.people == ()
    page = await finding.find(app, PeopleFilter(text="p4@"), list_ids=[lists[1].id or 0])
    assert [one.list_id for one in page.people[0].subscriptions] == [lists[1].id]


async def test_tags_narrow_and_are_of_one_list(app: App, lists: tuple[MailingList, MailingList]):
    await tags.give(app, lists[0], ["p1@a.example", "p2@b.example"], "صحافة")
    page = await finding.find(app, PeopleFilter(tag="صحافه"), mailing_list=lists[0])
    assert [one.person.email for one in page.people] == ["p2@b.example", "p1@a.example"]
    assert page.people[0].tags == ("صحافه",)
    assert (await finding.find(app, PeopleFilter(tag="صحافة"), mailing_list=lists[1])).people == ()


async def test_whoever_comes_changes_or_goes_is_found_by_what_they_are_called_now(
    app: App, database: Database, lists: tuple[MailingList, MailingList]
):
    await indexing.index(app)
    async with database.begin() as session:
        assert (await session.exec(select(UnindexedPerson))).all() == []
        person = (await session.exec(select(Subscriber).where(Subscriber.email == "p7@a.example"))).one()
        person.name, person.email = "زينب", "zaynab@a.example"
        session.add(person)
    # However somebody is written, by a statement of another program too.
    rows = "INSERT INTO subscriber (email, name, locale, key, sample, created_at) VALUES ('raw@a.example', 'نورة', 'ar', 'k', false, :now)"
    now = NOW.isoformat(" ") if database.dialect == "sqlite" else NOW
    await database.write(lambda it: it.execute(text(rows), {"now": now}))
    assert await everybody(app, PeopleFilter(text="زينب"), lists[0]) == ["zaynab@a.example"]
    assert await everybody(app, PeopleFilter(text="p7@"), lists[0]) == []
    assert await everybody(app, PeopleFilter(text="نوره")) == ["raw@a.example"]
    await erasing.forget(app, "zaynab@a.example")
    async with database.read() as session:
        gone: Sequence[str] = (
            await session.exec(select(PersonWord.word).where(col(PersonWord.word).startswith("zaynab")))
        ).all()
    assert gone == []


async def test_a_page_says_when_some_cannot_be_found_yet(
    app: App, lists: tuple[MailingList, MailingList], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(finding, "INDEXED_AT_ONCE", 1)
    monkeypatch.setattr(indexing, "AT_ONCE", 50)
    assert not (await finding.find(app, PeopleFilter(text="p1@"))).is_whole
    await indexing.index(app)
    assert (await finding.find(app, PeopleFilter(text="p1@"))).is_whole
