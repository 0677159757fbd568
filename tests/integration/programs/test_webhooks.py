"""Events reach the programs that asked for them: none is lost or made up."""

import json
from typing import Any

import pytest
from sqlmodel import select

from digest.errors import InputError
from digest.model import Edition, EditionKind, EditionState, MailingList, Subscription, WebhookEvent
from digest.services.app import App
from digest.services.audience import subscribers
from digest.services.audience.admin import erasing, paging
from digest.services.audience.joining import leaving
from digest.services.editions.lifecycle.approval import start
from digest.services.programs import webhooks
from digest.storage.audience import subscribers as stored_subscribers
from digest.storage.editions import editions
from digest.storage.ledger import deliveries
from tests.builders import NOW, a_list, an_edition
from tests.integration.programs.hooks import hook, verified
from tests.integration.programs.listener import Listener


async def test_who_joins_and_leaves_is_told_signed_and_once(
    app: App, listener: Listener, daily: MailingList, posts: Any
):
    secret = await hook(app, listener)
    await subscribers.add(app, daily, "new@mujaz.example", name="ليلى")
    person = (await paging.people_after(app, daily, 2, 1))[0][0]
    await paging.take_off(app, daily, person.id or 0)
    assert await posts() == 2
    assert await posts() == 0
    first, second = (json.loads(body) for _, _, body in listener.heard)
    assert first == {
        "type": "subscriber.joined",
        "timestamp": NOW.isoformat(),
        "data": {
            "list": "daily", "event": "added", "how": "admin",
            "subscriber": {"id": person.id, "email": "new@mujaz.example", "name": "ليلى"},
        },
    }  # fmt: skip
    assert (second["type"], second["data"]["how"]) == ("subscriber.left", "admin")
    assert all(verified(secret, headers, body) for _, headers, body in listener.heard)
    assert len({headers["webhook-id"] for _, headers, _ in listener.heard}) == 2
    assert all(path == "/hook" for path, _, _ in listener.heard)


async def test_who_is_stopped_by_bounces_is_told(
    app: App, listener: Listener, daily: MailingList, posts: Any
):
    await hook(app, listener, WebhookEvent.BOUNCED)
    async with app.database.begin() as session:
        person = await stored_subscribers.by_email(session, "reader1@mujaz.example")
        assert person is not None
        await leaving.note_stopped(session, person.id or 0, NOW, how="bounce")
    await subscribers.add(app, daily, "new@mujaz.example")
    assert await posts() == 1
    assert json.loads(listener.heard[0][2])["type"] == "subscriber.bounced"


async def test_an_editions_way_is_told(app: App, listener: Listener, daily: MailingList, posts: Any):
    await hook(app, listener)
    async with app.database.begin() as session:
        await editions.hold(session, 1, "too little to say", "", NOW)
    async with app.database.begin() as session:
        for one in (await session.exec(select(Edition))).all():
            one.state, one.held_reason = EditionState.APPROVED, None
    edition = await _edition(app, daily)
    await start(app, edition)
    async with app.database.begin() as session:
        batch = (await session.exec(select(deliveries.Batch))).one()
        batch.waiting, batch.sent, batch.done = 0, batch.size, True
        session.add(batch)
        await session.flush()
        assert await deliveries.close_finished(session, NOW) == [edition.id]
    assert await posts() == 2
    told = [json.loads(body) for _, _, body in listener.heard]
    assert [one["type"] for one in told] == ["edition.held", "edition.sent"]
    assert told[0]["data"]["held_reason"] == "too little to say"
    assert told[1]["data"]["number"] == 1
    assert told[1]["data"]["planned"] == 2


async def test_an_alert_is_told_when_it_goes_out_and_as_no_edition(
    app: App, listener: Listener, daily: MailingList, posts: Any
):
    await hook(app, listener)
    async with app.database.begin() as session:
        edition = an_edition(daily.id or 0, number=2, kind=EditionKind.BREAKING, topic="x", subject="عاجل")
        session.add(edition)
    await start(app, edition)
    assert await posts() == 1
    told = json.loads(listener.heard[0][2])
    assert (told["type"], told["data"]["subject"]) == ("alert", "عاجل")


async def test_what_was_rolled_back_was_never_told(
    app: App, listener: Listener, daily: MailingList, posts: Any
):
    await hook(app, listener)

    async def breaks() -> None:
        async with app.database.begin() as session:
            await editions.hold(session, 1, "x", "", NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await breaks()
    assert await posts() == 0
    assert listener.heard == []


async def test_a_webhook_hears_its_events_and_its_list_alone(
    app: App, listener: Listener, daily: MailingList, posts: Any
):
    async with app.database.begin() as session:
        other = a_list(slug="sport", name="موجز الرياضة")
        session.add(other)
    await hook(app, listener, WebhookEvent.JOINED, list_slug="daily")
    await subscribers.add(app, other, "new@mujaz.example")
    await subscribers.add(app, daily, "new@mujaz.example")
    person = (await paging.people_after(app, daily, 2, 1))[0][0]
    await paging.take_off(app, daily, person.id or 0)
    assert await posts() == 1
    assert json.loads(listener.heard[0][2])["data"]["list"] == "daily"


async def test_of_who_was_erased_no_address_is_sent(
    app: App, listener: Listener, daily: MailingList, posts: Any, messages: Any
):
    await hook(app, listener)
    await subscribers.add(app, daily, "new@mujaz.example")
    assert "new@" not in "".join(one.model_dump_json() for one in await messages())
    await erasing.forget(app, "new@mujaz.example")
    await posts()
    data = json.loads(listener.heard[0][2])["data"]
    assert list(data["subscriber"]) == ["id"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/hook", "https://127.0.0.1/hook", "https://[::1]/hook", "https://169.254.169.254/",
        "https://10.0.0.1/", "https://0x7f000001/", "https://example.com:8080/", "ftp://example.com/", "https://",
        "http://example.com/hook", "https://user@example.com/", "https://[64:ff9b::7f00:1]/", "not an address",
    ],
)  # fmt: skip
async def test_no_address_of_this_network_is_set_up(app: App, daily: MailingList, url: str):
    with pytest.raises(InputError):
        await webhooks.add(app, "site", url)
    assert await webhooks.every(app) == []


@pytest.mark.parametrize("given", [{"name": ""}, {"events": ["nosuch"]}, {"list_slug": "nosuch"}])
async def test_what_cannot_be_set_up_is_refused(
    app: App, listener: Listener, daily: MailingList, given: dict[str, Any]
):
    fields = {"name": "site", "url": f"http://{listener.host}/", **given}
    with pytest.raises(InputError):
        await webhooks.add(app, **fields)


async def test_without_a_webhook_nothing_is_written(app: App, daily: MailingList, messages: Any):
    await subscribers.add(app, daily, "new@mujaz.example")
    async with app.database.begin() as session:
        await editions.hold(session, 1, "x", "", NOW)
        known = await session.get(Subscription, (daily.id or 0, 3))
    assert known is not None
    assert await messages() == []


async def _edition(app: App, mailing_list: MailingList) -> Edition:
    async with app.database.begin() as session:
        found = await editions.by_number(session, mailing_list.id or 0, 1)
    assert found is not None
    return found
