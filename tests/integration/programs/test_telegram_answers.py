"""What Telegram may answer: waits, refusals and what is no answer at all."""

import pytest
from sqlmodel import select

from digest.deliver.channels.outcome import PostOutcome
from digest.deliver.channels.telegram import reply_of
from digest.errors import ConfigError
from digest.model import Alarm, MailingList, PostState
from digest.services.alarms import alarms
from digest.services.app import App
from digest.services.channels import setup
from tests.integration.programs.listener import Passing
from tests.integration.programs.telegram import Telegram, begin, chat


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
    assert reply_of(502, body).outcome is PostOutcome.WAIT
    assert reply_of(200, body).outcome in {PostOutcome.DONE, PostOutcome.REFUSED}


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
