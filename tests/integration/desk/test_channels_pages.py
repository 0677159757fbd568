"""Channels at the desk: set up, tried, paused, looked at, posted to again, removed; each act recorded."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from digest.bootstrap import opened
from digest.model import AuditEntry, Channel, ChannelKind, MailingList, Role
from digest.services.app import App
from digest.services.channels import posting, setup
from digest.services.editions.lifecycle.approval import start
from digest.settings import Settings
from digest.storage.database.engine import Database
from digest.storage.editions import editions
from tests.integration.desk.conftest import SITE, Hands, Joins
from tests.integration.programs.conftest import Listener, listener

__all__ = ["listener"]
HOME = "/desk/lists/daily/channels"
TG = {"name": "القناة", "kind": "telegram", "target": "@mujaz_news", "gets": "both"}


@pytest.fixture
def bot() -> str | None:
    return "123:token"


@pytest.fixture
async def app(
    database: Database,
    database_url: str,
    tmp_path: Path,
    clock: Hands,
    listener: Listener,
    bot: str | None,
) -> AsyncIterator[App]:
    del database
    settings = Settings(
        database={"url": database_url, "busy_seconds": 10},
        mailbox={"folder": tmp_path / "mailbox"},
        web={"public_url": SITE, "secret": "a key for tests"},
        collect={"allow_hosts": (listener.host,), "readers": 0},
        channels={"telegram_url": f"http://{listener.host}", "telegram_token": bot},
    )
    async with opened(settings, clock=clock) as made:
        yield made


def takes(request: Any, body: bytes) -> tuple[int, dict[str, Any]]:
    del request
    return 200, {"ok": True, "result": {"message_id": json.loads(body).get("message_id") or 100}}


async def begin(app: App, mailing_list: MailingList) -> None:
    async with app.database.begin() as session:
        found = await editions.by_number(session, mailing_list.id or 0, 1)
    assert found is not None
    await start(app, found)


async def post_all(app: App) -> int:
    waiting = await posting.due(app, 100)
    for one in waiting:
        await posting.post(app, one)
    return len(waiting)


async def only(app: App) -> tuple[Channel, tuple[int, int, int]]:
    (one,) = await setup.every(app)
    return one.channel, (one.sent, one.failed, one.waiting)


async def test_a_channel_is_set_up_tried_posted_to_again_paused_and_removed(
    app: App,
    joins: Joins,
    daily: MailingList,
    listener: Listener,
    clock: Hands,
    logged: Callable[[], Awaitable[list[AuditEntry]]],
):
    admin = await joins(Role.ADMIN, daily.id)
    assert (await admin.sends(HOME, TG)).headers["location"] == f"{HOME}?done=channel_added"
    channel, _ = await only(app)
    at = f"{HOME}/{channel.id}"
    listener.answers = [(500, {"ok": False, "description": "Internal Server Error"})]
    failed = await admin.sends(f"{at}/test")
    assert "Internal Server Error" in failed.text
    listener.answers = [takes]
    assert "done=channel_taken" in (await admin.sends(f"{at}/test")).headers["location"]

    await begin(app, daily)
    listener.answers = [(400, {"ok": False, "description": "Bad Request: message is too odd"})]
    assert await post_all(app) == 1
    assert (await only(app))[1] == (0, 1, 0)
    page = (await admin.opens(HOME)).text
    assert "رفض تيليغرام الرسالة كما هي." in page
    assert "message is too odd" in page
    assert "أعد المحاولة" in page
    listener.answers = [takes]
    (number,) = {post.id for post, _ in await setup.log_of(app, channel.name)}
    assert (
        "done=channel_retried"
        in (await admin.sends(f"{at}/retry", {"post": str(number)})).headers["location"]
    )
    assert "nothing_to_retry" in (await admin.sends(f"{at}/retry", {"post": "987"})).headers["location"]

    await admin.sends(f"{at}/pause")
    await admin.sends(f"{at}/pause")
    assert await post_all(app) == 0, "a paused channel is posted nothing"
    assert (await only(app))[1] == (0, 0, 1)
    await admin.sends(f"{at}/resume")
    assert await post_all(app) == 1
    assert (await only(app))[1] == (1, 0, 0)
    assert "done=channel_removed" in (await admin.sends(f"{at}/remove")).headers["location"]
    assert await setup.every(app) == []
    log = await logged()
    acts = ["add", "test", "test", "retry", "pause", "resume", "remove"]
    assert [one.act for one in log] == [f"channels.{one}" for one in acts]
    assert {one.list_slug for one in log} == {"daily"}
    assert (log[4].before, log[4].after) == ({"paused": False}, {"paused": True})


async def test_what_begins_while_a_channel_is_paused_is_not_posted_later(
    app: App,
    joins: Joins,
    daily: MailingList,
):
    admin = await joins(Role.ADMIN)
    await admin.sends(HOME, TG)
    channel, _ = await only(app)
    await admin.sends(f"{HOME}/{channel.id}/pause")
    await begin(app, daily)
    await admin.sends(f"{HOME}/{channel.id}/resume")
    assert await post_all(app) == 0
    assert (await only(app))[1] == (0, 0, 0)


async def test_a_webhooks_secret_is_shown_once_and_its_address_in_short(
    app: App, joins: Joins, daily: MailingList, logged: Callable[[], Awaitable[list[AuditEntry]]]
):
    admin = await joins(Role.ADMIN)
    fields = {"name": "الشريك", "kind": "webhook", "target": "https://partner.example.org/secret-path"}
    made = await admin.sends(HOME, fields | {"gets": "alerts"})
    secret = made.text.partition('value="whsec_')[2].partition('"')[0]
    assert len(secret) == 44
    page = (await admin.opens(HOME)).text
    assert secret not in page
    assert "https://partner.example.org/…" in page
    assert "secret-path" not in page
    channel, _ = await only(app)
    assert (channel.editions, channel.alerts, channel.approvals) == (False, True, False)
    said = "".join(one.model_dump_json() for one in await logged())
    assert secret not in said
    assert "secret-path" not in said


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "الاسم لا يصلح"),
        ({"target": "not a chat"}, "ليس اسم قناة"),
        ({"kind": "webhook", "target": "https://127.0.0.1/"}, "لا يصلح هذا العنوان"),
        ({"kind": "webhook", "target": "http://partner.example.org/"}, "لا يصلح هذا العنوان"),
        ({"kind": "fax"}, "لا وجود لهذا الاختيار"),
        ({"gets": "nothing"}, "لا وجود لهذا الاختيار"),
        ({"target": "x" * 2_000}, "ليس اسم قناة"),
    ],
)
async def test_what_cannot_be_a_channel_is_said_in_arabic_and_what_was_typed_stays(
    app: App, joins: Joins, daily: MailingList, fields: dict[str, str], sentence: str
):
    admin = await joins(Role.ADMIN)
    answer = await admin.sends(HOME, TG | fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{(TG | fields)["target"]}"' in answer.text
    assert await setup.every(app) == []


async def test_another_lists_channel_is_not_there(
    app: App, joins: Joins, daily: MailingList, other: MailingList
):
    made = await setup.add(app, "رياضة", ChannelKind.TELEGRAM, "@sport_news", list_slug="sport")
    admin = await joins(Role.ADMIN, daily.id)
    assert "@sport_news" not in (await admin.opens(HOME)).text
    for act in ("test", "pause", "resume", "retry", "remove"):
        assert (await admin.sends(f"{HOME}/{made.id}/{act}")).status_code == 404, act
    assert await setup.one_of(app, other, made.id or 0)


@pytest.mark.parametrize("bot", [None])
async def test_without_a_bot_the_page_says_so(app: App, joins: Joins, daily: MailingList, bot: str | None):
    admin = await joins(Role.ADMIN)
    assert "channels.telegram_token" in (await admin.opens(HOME)).text
    answer = await admin.sends(HOME, TG)
    assert answer.status_code == 422
    assert "لا بوت لتيليغرام" in answer.text
