"""Articles in the store, on both databases: each once, and cheaply."""

from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlmodel import select

from digest.model import Article, Source
from digest.storage.articles import articles, sources
from digest.storage.database.engine import Database
from tests.builders import NOW, a_source, an_article, hours_ago


@pytest.fixture
async def source(database: Database) -> Source:
    async with database.begin() as session:
        return await sources.add(session, a_source())


async def save(database: Database, *given: Article) -> list[str]:
    async with database.begin() as session:
        return [one.title for one in (await articles.save_new(session, given)).new]


def article(source: Source, title: str | None, **fields: object) -> Article:
    return an_article(
        **{"source_id": source.id, "title": title, "url_key": title, "content_hash": title, **fields}
    )


async def test_an_article_is_kept_once(database: Database, source: Source):
    assert await save(database, article(source, "الأول"), article(source, "الأول")) == ["الأول"]
    assert await save(database, article(source, "الأول"), article(source, "الثاني")) == ["الثاني"]


async def test_an_edited_title_under_one_address_is_no_new_article(database: Database, source: Source):
    await save(database, article(source, "افتتاح الجسر", url_key="u", content_hash="1"))
    assert await save(database, article(source, "افتتاح الجسر الجديد", url_key="u", content_hash="2")) == []


async def test_a_guid_that_changed_is_no_new_article(database: Database, source: Source):
    await save(database, article(source, "افتتاح الجسر", url_key="u", guid="http://x/7"))
    assert await save(database, article(source, "افتتاح الجسر", url_key="u", guid="https://x/7")) == []


async def test_a_new_address_under_one_guid_is_no_new_article(database: Database, source: Source):
    await save(database, article(source, "افتتاح الجسر اليوم", url_key="u1", guid="7", content_hash="1"))
    assert (
        await save(
            database, article(source, "افتتاح الجسر الجديد اليوم", url_key="u2", guid="7", content_hash="2")
        )
        == []
    )


async def test_a_guid_used_again_for_other_news_loses_nothing(database: Database, source: Source):
    await save(database, article(source, "افتتاح الجسر اليوم", url_key="u1", guid="7"))
    assert await save(database, article(source, "فوز الفريق بالكأس", url_key="u2", guid="7")) == [
        "فوز الفريق بالكأس"
    ]
    assert (
        await save(database, *(article(source, f"خبر {n} عن شيء{n} وأمر{n}", guid="same") for n in range(5)))
        != []
    )


async def test_the_same_text_at_another_address_is_kept_once_a_source(database: Database, source: Source):
    await save(database, article(source, "افتتاح الجسر", url_key="u1", content_hash="h"))
    assert await save(database, article(source, "افتتاح الجسر", url_key="u2", content_hash="h")) == []
    async with database.begin() as session:
        other = await sources.add(session, a_source(location="https://other.example/feed"))
    assert await save(database, article(other, "افتتاح الجسر", url_key="u2", content_hash="h")) == [
        "افتتاح الجسر"
    ]


async def test_a_title_without_a_text_may_come_again(database: Database, source: Source):
    await save(database, article(source, "نشرة الطقس", url_key="u1", content_hash="h", paragraphs=[]))
    assert await save(
        database, article(source, "نشرة الطقس", url_key="u2", content_hash="h", paragraphs=[])
    ) == ["نشرة الطقس"]


async def test_a_poison_article_is_put_aside_and_the_rest_kept(database: Database, source: Source):
    half = article(source, "نصف", url_key="\ud800", content_hash="x")
    zero = article(source, "صفر", guid="a\x00b", content_hash="y")
    wrong = article(source, None, url_key="wrong", content_hash="z")
    given = [article(source, "الأول"), half, zero, wrong, article(source, "الثاني")]
    async with database.begin() as session:
        saved = await articles.save_new(session, given)
    assert [one.title for one in saved.new] == ["الأول", "الثاني"]
    assert [one.title for one, _ in saved.refused] == ["نصف", "صفر", None]
    async with database.begin() as session:
        assert len((await session.exec(select(Article))).all()) == 2


async def test_known_keys_are_those_of_the_source(database: Database, source: Source):
    await save(
        database, *(article(source, f"خبر {n}", url_key=f"u{n}", content_hash=f"h{n}") for n in range(450))
    )
    async with database.begin() as session:
        keys = [f"u{n}" for n in range(400, 550)]
        assert await articles.known_keys(session, source.id, keys) == {f"u{n}" for n in range(400, 450)}
        assert await articles.known_keys(session, source.id + 1, keys) == set()


async def test_the_cost_of_keeping_does_not_grow_with_what_is_stored(database: Database, source: Source):
    statements: list[str] = []

    def counted(_c: object, _u: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(database._engine.sync_engine, "before_cursor_execute", counted)
    costs = []
    for batch in range(3):
        statements.clear()
        new = [
            article(source, f"خبر {batch}-{n}", content_hash=f"{batch}-{n}", guid=f"{batch}-{n}")
            for n in range(100)
        ]
        await save(database, *new)
        costs.append(len(statements))
    assert costs[0] == costs[1] == costs[2]


async def test_old_text_is_dropped_and_what_identifies_stays(database: Database, source: Source):
    old = article(source, "قديم", first_seen_at=NOW - timedelta(days=91))
    await save(database, old, article(source, "جديد", first_seen_at=NOW - timedelta(days=89)))
    async with database.begin() as session:
        assert await articles.drop_text_before(session, NOW - timedelta(days=90)) == 1
        assert await articles.drop_text_before(session, NOW - timedelta(days=90)) == 0
    assert await save(database, article(source, "قديم")) == []
    async with database.begin() as session:
        kept = {one.title: one for one in (await session.exec(select(Article))).all()}
    assert (kept["قديم"].paragraphs, kept["قديم"].text_dropped, kept["قديم"].content_hash) == (
        [],
        True,
        "قديم",
    )
    assert kept["جديد"].paragraphs


async def test_a_window_takes_what_was_published_or_first_seen_in_it(database: Database, source: Source):
    await save(
        database,
        article(source, "في النافذة", published_at=hours_ago(3), first_seen_at=hours_ago(2)),
        article(source, "بلا تاريخ", published_at=None, first_seen_at=hours_ago(4)),
        article(source, "قديم وصل الآن", published_at=hours_ago(100), first_seen_at=hours_ago(1)),
    )
    async with database.begin() as session:
        found = await articles.in_window(session, hours_ago(24), NOW)
    assert [one.title for one in found] == ["بلا تاريخ", "في النافذة"]


async def test_a_window_is_asked_for_a_few_addresses_only(database: Database, source: Source):
    def at(hours: float, title: str, url: str) -> Article:
        return article(source, title, url=url, published_at=hours_ago(hours), first_seen_at=hours_ago(hours))

    await save(
        database,
        at(30, "سبق نشره", "https://a.example/1"),
        at(28, "وهذا", "https://a.example/2"),
        at(90, "أقدم", "https://a.example/3"),
        at(29, "لم ينشر", "https://a.example/4"),
    )
    many = [f"https://b.example/{number}" for number in range(900)]
    wanted = {"https://a.example/2", *many, "https://a.example/1", "https://a.example/3"}
    async with database.begin() as session:
        found = await articles.by_urls(session, wanted, hours_ago(60), hours_ago(24))
        none = await articles.by_urls(session, [], hours_ago(60), hours_ago(24))
        others = await articles.by_urls(session, wanted, hours_ago(60), hours_ago(24), source_ids=[0])
    assert [one.title for one in found] == ["سبق نشره", "وهذا"]
    assert none == others == []
