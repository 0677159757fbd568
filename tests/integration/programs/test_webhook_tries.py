"""A message that is not taken is tried again, given up, replayed; nobody posts it twice at once."""

from typing import Any

import pytest

from digest.model import MailingList
from digest.services.app import App
from digest.services.audience import subscribers
from digest.services.programs import posting, webhooks
from tests.integration.programs.hooks import hook
from tests.integration.programs.listener import Listener, Passing


async def test_what_is_not_taken_is_tried_again_later_and_under_the_same_name(
    app: App, listener: Listener, clock: Passing, daily: MailingList, posts: Any, messages: Any
):
    await hook(app, listener)
    await subscribers.add(app, daily, "new@mujaz.example")
    listener.answers = [500, 302, 200]
    waits = []
    for _ in range(3):
        assert await posts() == 1
        (message,) = await messages()
        if message.next_try_at:
            waits.append((message.next_try_at - clock.now()).total_seconds())
            clock.passes(seconds=waits[-1] - 1)
            assert await posts() == 0, "not before its time"
            clock.passes(seconds=1)
    assert 5 <= waits[0] <= 5.5
    assert 300 <= waits[1] <= 330
    assert (message.status, message.error, message.attempts) == (200, "", 3)
    assert message.delivered_at == clock.now()
    assert len({headers["webhook-id"] for _, headers, _ in listener.heard}) == 1
    assert len({headers["webhook-timestamp"] for _, headers, _ in listener.heard}) == 3
    assert [path for path, _, _ in listener.heard] == ["/hook"] * 3, "no redirect is followed"


async def test_after_ten_tries_it_is_given_up_and_can_be_replayed(
    app: App, listener: Listener, clock: Passing, daily: MailingList, posts: Any, messages: Any
):
    await hook(app, listener)
    await subscribers.add(app, daily, "new@mujaz.example")
    listener.answers = [503]
    for _ in range(12):
        await posts()
        clock.passes(hours=27)
    (message,) = await messages()
    assert (message.attempts, message.next_try_at, message.error) == (10, None, "It answered 503.")
    assert len(listener.heard) == 10
    listener.answers = [204]
    assert await webhooks.replay(app, "site") == 1
    assert await posts() == 1
    (again,) = await messages()
    assert again.message_id == message.message_id
    assert again.delivered_at is not None
    assert await webhooks.replay(app, "site") == 0, "what was delivered is not sent again by itself"
    assert await webhooks.replay(app, "site", [again.id or 0]) == 1


async def test_410_stops_a_webhook_until_somebody_replays(
    app: App, listener: Listener, daily: MailingList, posts: Any, messages: Any
):
    await hook(app, listener)
    for number in range(2):
        await subscribers.add(app, daily, f"new{number}@mujaz.example")
    listener.answers = [410]
    await posts()
    await subscribers.add(app, daily, "later@mujaz.example")
    assert await posts() == 0
    assert "410" in (await webhooks.every(app))[0].webhook.stopped
    assert len(await messages()) == 2
    listener.answers = [200]
    assert await webhooks.replay(app, "site") == 2
    assert await posts() == 2
    assert (await webhooks.every(app))[0].webhook.stopped == ""


async def test_two_who_post_at_once_post_it_once(
    app: App, listener: Listener, daily: MailingList, messages: Any
):
    await hook(app, listener)
    await subscribers.add(app, daily, "new@mujaz.example")
    (message,) = await messages()
    first = await posting.post(app, message.id or 0)
    assert (first, await posting.post(app, message.id or 0)) == (True, False)
    assert len(listener.heard) == 1


async def test_who_died_while_posting_leaves_it_due(
    app: App,
    listener: Listener,
    clock: Passing,
    daily: MailingList,
    posts: Any,
    monkeypatch: pytest.MonkeyPatch,
):
    await hook(app, listener)
    await subscribers.add(app, daily, "new@mujaz.example")
    with monkeypatch.context() as patch:
        patch.setattr("digest.services.programs.posting.post_signed", None)
        with pytest.raises(TypeError):
            await posts()
    assert await posts() == 0, "it is somebody's for two minutes"
    clock.passes(minutes=2)
    assert await posts() == 1
    assert len(listener.heard) == 1


async def test_a_name_that_comes_to_mean_this_machine_is_not_dialled(
    app: App, listener: Listener, daily: MailingList, posts: Any, messages: Any
):
    await webhooks.add(app, "site", "https://localhost/hook")
    await subscribers.add(app, daily, "new@mujaz.example")
    await posts()
    (message,) = await messages()
    assert message.delivered_at is None
    assert message.error
    assert listener.heard == []


async def test_old_messages_go_and_those_that_wait_stay(
    app: App, listener: Listener, clock: Passing, daily: MailingList, posts: Any, messages: Any
):
    await hook(app, listener)
    await subscribers.add(app, daily, "new@mujaz.example")
    await posts()
    await webhooks.try_out(app, "site")
    clock.passes(days=31)
    await webhooks.forget_old(app)
    assert [one.event for one in await messages()] == ["test"]
