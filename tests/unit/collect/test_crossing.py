"""Jobs and answers cross to child processes and back, whatever goes before them."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.collect.parse.feeds.items import FeedItem
from digest.collect.sandbox import protocol
from digest.collect.sandbox.answers import ONCE, AnswerStream
from digest.collect.sandbox.protocol import FeedJob, ItemJob, SandboxJob, TextJob, job_from, job_to, packed
from digest.model import Article

NOW = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
ITEM = FeedItem("عنوان", "https://marfa.example/1", published_at=NOW, categories=("سياسة",))
FACTS = (7, "المرفأ", None)


def item_job(item: FeedItem, **more: object) -> ItemJob:
    given = {"title": "المرفأ", "source": FACTS, "now": NOW, "url": "https://marfa.example/", **more}
    return ItemJob(item=item, **given)  # type: ignore[arg-type]


ROWS: list[list[SandboxJob]] = [
    [item_job(ITEM), item_job(ITEM._replace(title="آخر"))],
    [item_job(ITEM, title="a", rules_file=Path("rules.toml")), item_job(ITEM, title="b", names=("x",))],
    [item_job(ITEM, names=("x", "y")), item_job(ITEM)],
    [
        FeedJob(url="u", body=b"1", zone="UTC", now=NOW),
        TextJob(url="u", body=b"2", now=NOW),
        FeedJob(url="u", zone="UTC", now=NOW),
    ],
]


@pytest.mark.parametrize("row", ROWS)
def test_every_job_of_a_row_comes_whole_though_what_they_share_crosses_once(row: list[SandboxJob]):
    sent = [job_to(one, before=before) for before, one in zip((None, *row), row, strict=False)]
    came: list[SandboxJob] = []
    for one in sent:
        came.append(job_from(one, came[-1] if came else None))
    assert came == row


def test_what_items_share_is_not_sent_again():
    first, second = item_job(ITEM), item_job(ITEM._replace(title="آخر"))
    assert len(job_to(second, before=first)) < len(job_to(second)) - 60


def test_an_article_crosses_with_all_its_fields():
    article = Article.of_fields(
        title="عنوان",
        url="https://marfa.example/1",
        url_key="k",
        first_seen_at=NOW,
        published_at=NOW,
        paragraphs=["نص"],
    )
    answer = protocol.unpacked(packed(protocol.article_answer(article))[protocol.HEAD.size :])
    assert protocol.article_from(answer).model_dump() == article.model_dump()


@pytest.mark.parametrize(
    "cut", [lambda data: [data], lambda data: [data[at : at + 1] for at in range(len(data))]]
)
async def test_answers_are_taken_whole_however_they_come(cut: Callable[[bytes], list[bytes]]):
    wanted = [{"value": "نص"}, {"value": []}, {"value": "x" * 500}]
    stream = asyncio.StreamReader()
    answers, got = AnswerStream(stream), []
    for piece in cut(b"".join(map(packed, wanted))):
        stream.feed_data(piece)
        await answers.more()
        while (one := answers.whole()) is not None:
            got.append(one)
    assert got == wanted


async def next_of(answers: AnswerStream) -> object:
    while (one := answers.whole()) is None:
        await answers.more()
    return one


async def test_a_long_answer_is_taken_and_one_that_breaks_off_is_told():
    stream = asyncio.StreamReader(limit=2 * ONCE)
    long = packed({"value": "ن" * ONCE})
    stream.feed_data(long + long[:90])
    stream.feed_eof()
    answers = AnswerStream(stream)
    assert await next_of(answers) == {"value": "ن" * ONCE}
    with pytest.raises(asyncio.IncompleteReadError):
        await next_of(answers)
