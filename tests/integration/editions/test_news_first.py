"""After downtime news is read before the edition is made, and what had too little to say is made anew."""

import asyncio
from datetime import UTC, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from digest.clock import FixedClock
from digest.errors import InputError
from digest.model import EditionState, MailingList, Source, SourceKind
from digest.services import tasks
from digest.services.app import App
from digest.services.editions import publish
from digest.services.sources import polling
from digest.storage.articles import sources
from digest.storage.database.engine import Database
from tests.builders import a_source, an_article, hours_ago
from tests.fakes_delivery import FakeMailer, an_app
from tests.integration.editions.test_editions import DUE, NEWS, a_morning, all_editions


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(DUE + timedelta(minutes=1))


@pytest.fixture
def app(database: Database, clock: FixedClock) -> App:
    return an_app(database, FakeMailer(), clock, {"run": {"collect_first_seconds": 5}})


def written(folder: Path, count: int = 4) -> None:
    """Write a feed of so many articles of the night."""
    folder.mkdir(exist_ok=True)
    items = "".join(
        f"<item><title>{title}</title><link>https://marfa.example/{number}</link>"
        f"<pubDate>{format_datetime(hours_ago(4).astimezone(UTC))}</pubDate><description>{told}</description></item>"
        for number, (title, told) in enumerate(NEWS[:count])
    )
    (folder / "feed.xml").write_text(
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>المرفأ</title>{items}</channel></rss>',
        encoding="utf-8",
    )


async def a_folder(app: App, folder: Path) -> Source:
    async with app.database.begin() as session:
        source = a_source(kind=SourceKind.FOLDER, location=str(folder), created_at=hours_ago(90))
        session.add(source)
        await session.flush()
    return source


async def tick(app: App) -> None:
    app.queue.start(app)
    await tasks.run_due(app)
    await app.queue.idle()
    await app.queue.stop()


async def more_news(app: App, mailing_list: MailingList, count: int) -> None:
    del mailing_list
    async with app.database.begin() as session:
        session.add_all(
            an_article(
                title=title,
                content_hash=f"{number}",
                url=f"https://marfa.example/{number}",
                published_at=hours_ago(4),
                first_seen_at=app.clock.now(),
                paragraphs=[told],
            )
            for number, (title, told) in enumerate(NEWS[:count])
        )


async def test_after_downtime_news_is_read_before_the_edition_is_made(app: App, tmp_path: Path):
    written(tmp_path / "inbox")
    await a_folder(app, tmp_path / "inbox")
    await a_morning(app, stories=0)
    await tick(app)
    (edition,) = await all_editions(app)
    assert (edition.held_reason, len(app.mailer.taken)) == (None, 3)


async def test_a_source_that_is_slow_does_not_keep_the_edition_for_long(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async def endless(*_: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(polling, "visit", endless)
    await a_folder(app, tmp_path)
    await a_morning(app)
    quick = an_app(app.database, app.mailer, app.clock, {"run": {"collect_first_seconds": 0.2}})
    made = await asyncio.wait_for(publish.make_due(quick, 1), 20)
    assert made is not None
    assert made.state is EditionState.APPROVED or made.planned == 3


async def test_the_edition_waits_for_a_visit_that_another_has_begun(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    written(tmp_path / "inbox")
    source = await a_folder(app, tmp_path / "inbox")
    await a_morning(app, stories=0)
    came, may_go_on = asyncio.Event(), asyncio.Event()
    collect = polling.collect

    async def slowly(*given: object, **named: object) -> object:
        came.set()
        await may_go_on.wait()
        return await collect(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(polling, "collect", slowly)
    visit = asyncio.create_task(tasks.poll_source(app, source.id or 0))
    await came.wait()
    patient = an_app(app.database, app.mailer, app.clock, {"run": {"collect_first_seconds": 60}})
    make = asyncio.create_task(publish.make_due(patient, 1))
    await asyncio.sleep(0.5)
    assert not make.done()
    may_go_on.set()
    assert await visit
    edition = await asyncio.wait_for(make, 60)
    assert edition is not None
    assert edition.held_reason is None


async def test_a_visit_that_died_keeps_no_edition_waiting(app: App, tmp_path: Path):
    source = await a_folder(app, tmp_path)
    await a_morning(app)
    async with app.database.begin() as session:
        assert await sources.take(session, source.id or 0, app.clock.now() - sources.TAKEN)
        await sources.change(session, source.id or 0, next_poll_at=app.clock.now() + timedelta(hours=1))
    edition = await asyncio.wait_for(publish.make_due(app, 1), 4)
    assert edition is not None
    assert edition.held_reason is None


async def test_an_edition_held_for_too_little_is_made_anew_when_articles_come_in(app: App, clock: FixedClock):
    mailing_list = await a_morning(app, stories=0)
    await tick(app)
    (held,) = await all_editions(app)
    assert (held.state, held.held_code) == (EditionState.HELD, "few")
    assert await tasks.run_due(app) == 0
    clock.forward(timedelta(minutes=5))
    await more_news(app, mailing_list, 1)
    await tick(app)
    (held,) = await all_editions(app)
    assert held.held_reason == "only 1 stories, the list asks for 3"
    clock.forward(timedelta(minutes=5))
    async with app.database.begin() as session:
        session.add_all(
            an_article(
                title=title,
                content_hash=f"more{number}",
                url=f"https://marfa.example/more{number}",
                published_at=hours_ago(4),
                first_seen_at=clock.now(),
                paragraphs=[told],
            )
            for number, (title, told) in enumerate(NEWS[1:])
        )
    await tick(app)
    (edition,) = await all_editions(app)
    assert edition.held_reason is None
    assert (len(app.mailer.taken), set(app.mailer.taken.values())) == (3, {1})


async def test_articles_that_come_after_the_deadline_make_nothing_by_themselves(app: App, clock: FixedClock):
    mailing_list = await a_morning(app, stories=0)
    await tick(app)
    clock.forward(timedelta(hours=9))
    await more_news(app, mailing_list, 4)
    await tick(app)
    assert (await all_editions(app))[0].state is EditionState.HELD
    assert not app.mailer.taken


async def test_resuming_what_held_nothing_makes_it_anew_from_the_news_of_now(app: App, clock: FixedClock):
    mailing_list = await a_morning(app, stories=0)
    held = await publish.make_due(app, mailing_list.id)
    with pytest.raises(InputError, match="no story, and no article has come in since"):
        await publish.resume(app, held)
    clock.forward(timedelta(minutes=5))
    await more_news(app, mailing_list, 2)
    resumed = await publish.resume(app, held)
    assert (resumed.state, resumed.planned, resumed.number) == (EditionState.SENDING, 3, held.number)
    assert sum(len(one["stories"]) for one in resumed.content["sections"]) == 2
