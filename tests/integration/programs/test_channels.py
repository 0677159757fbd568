"""Editions reach Telegram and programs beside mail, each with its row in the ledger, whatever breaks on the
way.
"""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from digest.deliver.channels.telegram import TelegramOutcome, reply_of
from digest.errors import ConfigError, InputError
from digest.model import (
    Alarm,
    ChannelKind,
    ChannelPost,
    Edition,
    EditionKind,
    EditionState,
    MailingList,
    PostState,
    Section,
    Summary,
    SummarySentence,
)
from digest.services.alarms import alarms
from digest.services.app import App
from digest.services.channels import posting, setup
from digest.services.editions import corrections
from digest.services.editions.lifecycle.approval import Issue, approve, start
from digest.storage.editions import editions
from tests.builders import NOW, a_story, an_edition, an_edition_content
from tests.integration.programs.conftest import Listener, Passing
from tests.integration.programs.test_webhooks import verified


class Telegram:
    """What a test asks of the channel and of its ledger."""

    def __init__(self, app: App, listener: Listener) -> None:
        self.app = app
        self.listener = listener
        self.numbers = iter(range(100, 1000))
        listener.answers = [self.takes]

    def takes(self, request: Any, body: bytes) -> tuple[int, dict[str, Any]]:
        del request
        number = json.loads(body).get("message_id") or next(self.numbers)
        return 200, {"ok": True, "result": {"message_id": number}}

    def refuses(self, code: int, words: str, **more: Any) -> None:
        answer = {"ok": False, "error_code": code, "description": words, **more}
        self.listener.answers = [lambda *_: (code, answer)]

    async def posts(self) -> int:
        waiting = await posting.due(self.app, 100)
        for one in waiting:
            await posting.post(self.app, one)
        return len(waiting)

    async def rows(self) -> list[ChannelPost]:
        async with self.app.database.begin() as session:
            return list((await session.exec(select(ChannelPost).order_by(ChannelPost.id))).all())  # type: ignore[arg-type]

    @property
    def said(self) -> list[tuple[str, dict[str, Any]]]:
        return [(path.rpartition("/")[2], json.loads(body)) for path, _, body in self.listener.heard]


@pytest.fixture
def telegram(app: App, listener: Listener) -> Telegram:
    return Telegram(app, listener)


async def begin(app: App, mailing_list: MailingList, number: int = 1) -> Edition:
    async with app.database.begin() as session:
        found = await editions.by_number(session, mailing_list.id or 0, number)
    assert found is not None
    await start(app, found)
    return found


async def chat(app: App, **more: Any) -> None:
    await setup.add(app, "tg", ChannelKind.TELEGRAM, "@mujaz_news", **more)


async def test_an_edition_is_posted_when_it_starts_once(app: App, telegram: Telegram, daily: MailingList):
    await chat(app)
    await begin(app, daily)
    assert await telegram.posts() == 1
    assert await telegram.posts() == 0
    ((method, said),) = telegram.said
    assert telegram.listener.heard[0][0] == "/bot123:token/sendMessage"
    assert method == "sendMessage"
    assert said["chat_id"] == "@mujaz_news"
    assert said["parse_mode"] == "HTML"
    assert said["link_preview_options"] == {"is_disabled": True}
    assert "افتتاح جسر المرفأ الجديد" in said["text"]
    assert "https://news.mujaz.example/l/daily/1" in said["text"]
    (listed,) = await setup.every(app)
    assert (listed.planned, listed.sent, listed.failed, listed.waiting) == (1, 1, 0, 0)


async def test_a_correction_changes_what_stands_there(app: App, telegram: Telegram, daily: MailingList):
    await chat(app)
    edition = await begin(app, daily)
    await telegram.posts()
    async with app.database.begin() as session:
        started = await editions.by_id(session, edition.id or 0)
    assert started is not None
    await corrections.correct(app, started, "الجسر بطول كيلومتر واحد.")
    assert await telegram.posts() == 1
    method, said = telegram.said[-1]
    assert (method, said["message_id"]) == ("editMessageText", 100)
    assert "الجسر بطول كيلومتر واحد." in said["text"]
    assert said["link_preview_options"] == {"is_disabled": True}
    (row,) = await telegram.rows()
    assert (row.state, row.revision, len(row.parts)) == (PostState.SENT, 1, 1)


async def test_a_long_edition_goes_on_where_it_broke_off(
    app: App, telegram: Telegram, daily: MailingList, clock: Passing
):
    await chat(app)
    stories = tuple(
        a_story(f"خبر {number}", summary=Summary(sentences=(SummarySentence(text="ك" * 900),)))
        for number in range(12)
    )
    content = an_edition_content(sections=(Section(key="economy", title="الاقتصاد", stories=stories),))
    async with app.database.begin() as session:
        found = await editions.by_number(session, daily.id or 0, 1)
        assert found is not None
        found.content = content.model_dump(mode="json")
    await begin(app, daily)
    telegram.listener.answers = [telegram.takes, 502]
    await telegram.posts()
    (row,) = await telegram.rows()
    assert (row.state, len(row.parts)) == (PostState.WAITING, 1)
    telegram.listener.answers = [telegram.takes]
    clock.passes(minutes=1)
    await telegram.posts()
    (row,) = await telegram.rows()
    assert row.state is PostState.SENT
    sent = [said["text"] for method, said in telegram.said if method == "sendMessage"]
    assert len(sent) == len(row.parts) + 1, "only what was refused is sent twice"
    assert len(set(sent)) == len(row.parts)


async def test_429_is_waited_for_as_long_as_it_asks(
    app: App, telegram: Telegram, daily: MailingList, clock: Passing
):
    await chat(app)
    await begin(app, daily)
    telegram.refuses(429, "Too Many Requests: retry after 37", parameters={"retry_after": 37})
    await telegram.posts()
    (row,) = await telegram.rows()
    assert row.next_try_at is not None
    assert (row.next_try_at - clock.now()).total_seconds() == 37
    clock.passes(seconds=36)
    assert await telegram.posts() == 0
    clock.passes(seconds=1)
    telegram.listener.answers = [telegram.takes]
    assert await telegram.posts() == 1
    assert (await telegram.rows())[0].state is PostState.SENT


@pytest.mark.parametrize(
    ("code", "words", "sentence"),
    [
        (403, "Forbidden: bot was kicked from the channel chat", "administrator"),
        (400, "Bad Request: chat not found", "no such chat"),
    ],
)
async def test_a_channel_that_is_closed_to_us_says_so_and_works_again_after_a_test(
    app: App, telegram: Telegram, daily: MailingList, code: int, words: str, sentence: str
):
    await chat(app)
    await begin(app, daily)
    telegram.refuses(code, words)
    await telegram.posts()
    (listed,) = await setup.every(app)
    assert sentence in listed.channel.broken
    assert (listed.planned, listed.failed) == (1, 1)
    assert sentence in await setup.try_out(app, "tg")
    telegram.listener.answers = [telegram.takes]
    assert await setup.try_out(app, "tg") == ""
    assert await telegram.posts() == 1
    (listed,) = await setup.every(app)
    assert (listed.channel.broken, listed.sent) == ("", 1)


async def test_what_telegram_never_takes_has_failed_and_what_may_pass_is_tried_five_times_more(
    app: App, telegram: Telegram, daily: MailingList, clock: Passing
):
    await chat(app)
    await begin(app, daily)
    telegram.refuses(500, "Internal Server Error")
    for _ in range(9):
        await telegram.posts()
        clock.passes(hours=5)
    (row,) = await telegram.rows()
    assert (row.state, row.attempts, row.next_try_at) == (PostState.FAILED, 6, None)
    assert row.error == "Internal Server Error"


async def test_alerts_and_editions_go_where_they_are_wanted(app: App, telegram: Telegram, daily: MailingList):
    await chat(app, editions=False)
    await begin(app, daily)
    assert await telegram.posts() == 0
    async with app.database.begin() as session:
        alert = an_edition(
            daily.id or 0, number=2, kind=EditionKind.BREAKING, topic="x", subject="عاجل: زلزال"
        )
        session.add(alert)
        for number, more in ((3, {"corrects": 2}), (4, {"segment": {"name": "x"}})):
            session.add(
                an_edition(
                    daily.id or 0, number=number, kind=EditionKind.BREAKING, topic=f"t{number}", **more
                )
            )
    await begin(app, daily, 2)
    assert await telegram.posts() == 1
    assert "عاجل: زلزال" in telegram.said[0][1]["text"]


async def test_a_program_gets_the_edition_signed_and_its_correction(
    app: App, listener: Listener, telegram: Telegram, daily: MailingList
):
    made = await setup.add(app, "wa", ChannelKind.WEBHOOK, f"http://{listener.host}/whatsapp")
    edition = await begin(app, daily)
    await telegram.posts()
    path, headers, body = listener.heard[0]
    assert path == "/whatsapp"
    assert verified(made.secret, headers, body)
    said = json.loads(body)
    assert said["type"] == "edition.posted"
    assert said["data"]["sections"][0]["stories"][0]["headline"] == "افتتاح جسر المرفأ الجديد"
    async with app.database.begin() as session:
        started = await editions.by_id(session, edition.id or 0)
    assert started is not None
    await corrections.correct(app, started, "تصويب")
    await telegram.posts()
    corrected = json.loads(listener.heard[1][2])
    assert (corrected["type"], corrected["data"]["corrections"]) == ("edition.corrected", ["تصويب"])
    assert listener.heard[1][1]["webhook-id"] != headers["webhook-id"]


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("telegram", "mujaz"), ("telegram", "https://t.me/mujaz"), ("telegram", ""), ("telegram", "@a b"),
        ("webhook", "https://10.0.0.1/"), ("webhook", "http://example.com/"),
    ],
)  # fmt: skip
async def test_what_is_no_channel_is_not_set_up(app: App, daily: MailingList, kind: str, target: str):
    with pytest.raises(InputError):
        await setup.add(app, "x", ChannelKind(kind), target)
    assert await setup.every(app) == []


async def test_without_a_bot_there_is_no_telegram(
    app: App, daily: MailingList, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(setup, "require_bot", setup.require_bot)
    chosen = app.settings.model_copy(
        update={"channels": app.settings.channels.model_copy(update={"telegram_token": None})}
    )
    object.__setattr__(app, "settings", chosen)
    with pytest.raises(ConfigError, match="BotFather"):
        await chat(app)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"ok": true}', b'{"ok": "x"}', b'{"ok": true, "result": 7}']
)
def test_an_answer_that_is_none_breaks_nothing(body: bytes):
    assert reply_of(502, body).outcome is TelegramOutcome.WAIT
    assert reply_of(200, body).outcome in {TelegramOutcome.DONE, TelegramOutcome.REFUSED}


async def test_an_operator_is_told_of_what_nothing_is_posted_to(
    app: App, telegram: Telegram, daily: MailingList
):
    alarmed = app.settings.alarm.model_copy(update={"email": "ops@mujaz.example"})
    object.__setattr__(app, "settings", app.settings.model_copy(update={"alarm": alarmed}))
    await chat(app)
    await alarms.look_at_programs(app)
    assert await alarms.due(app, 10) == []
    await begin(app, daily)
    telegram.refuses(403, "Forbidden: bot was kicked")
    await telegram.posts()
    for _ in range(2):
        await alarms.look_at_programs(app)
    async with app.database.begin() as session:
        (alarm,) = (await session.exec(select(Alarm))).all()
    assert (alarm.kind, alarm.about) == ("unposted", "tg")
    assert "administrator" in alarm.words


async def test_editors_are_told_once_of_what_waits_for_an_approval_and_of_nothing_else(
    app: App, telegram: Telegram, daily: MailingList
):
    await setup.add(app, "desk", ChannelKind.TELEGRAM, "-1001234567890", approvals=True)
    content = an_edition_content(number=2, local_date=date(2026, 1, 6))
    issue = Issue(content=content, deadline=NOW, is_draft=True, due_at=NOW + timedelta(hours=1))
    for _ in range(2):
        made = await approve(app, daily, issue)
        assert made is not None
        assert made.state is EditionState.DRAFT
    assert await telegram.posts() == 1
    assert await telegram.posts() == 0
    ((_, said),) = telegram.said
    assert said["chat_id"] == "-1001234567890"
    assert "ينتظر الاعتماد" in said["text"]
    assert f"/desk/lists/daily/editions/{made.number}" in said["text"]
    await begin(app, daily)
    assert await telegram.posts() == 0
