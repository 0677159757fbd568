"""Channels of a list at the desk: set up, tried, paused, looked at, posted to again, removed.

A webhook's secret is on the page that answers its making, and never again.
"""

from typing import Any

from starlette.responses import Response

from digest.entrypoints.desk.pages import desk_page, go_to, problem_of
from digest.entrypoints.desk.visit import LARGEST_NUMBER, DeskVisit
from digest.errors import ConfigError, InputError
from digest.model import Channel, ChannelKind
from digest.services.channels import setup
from digest.services.programs.webhooks import shown_address

SHOWN = 20
KINDS = tuple(one.value for one in ChannelKind)
GETS = ("editions", "alerts", "both", "approvals")
"""What a channel is posted: readers' editions and alerts, or the editors' word of what waits for approval."""


async def channels_page(visit: DeskVisit) -> Response:
    """Show a list's channels, each with its ledger."""
    return await _page(visit)


async def _page(
    visit: DeskVisit, *, status: int = 200, problem: str = "", secret: str = "", answer: str = ""
) -> Response:
    listed = await setup.of_list(visit.app, visit.here)
    typed = {name: visit.field(name)[:2000] for name in ("name", "kind", "target", "gets")}
    view = {
        "channels": listed,
        "ledgers": {one.channel.id: await setup.log_of(visit.app, one.channel.name, SHOWN) for one in listed},
        "shown": _shown,
        "has_bot": visit.app.settings.channels.telegram_token is not None,
        "kinds": KINDS,
        "gets": GETS,
        "secret": secret,
        "answer": answer,
        "typed": typed if problem else dict.fromkeys(typed, ""),
    }
    return desk_page(visit, "channels", view, status=status, problem=problem)


def _shown(channel: Channel) -> str:
    return channel.target if channel.kind is ChannelKind.TELEGRAM else shown_address(channel.target)


def _state(channel: Channel) -> dict[str, Any]:
    return {
        "kind": channel.kind.value,
        "target": _shown(channel),
        "editions": channel.editions,
        "alerts": channel.alerts,
        "approvals": channel.approvals,
    }


async def add(visit: DeskVisit) -> Response:
    """Set up a channel; a webhook's secret is shown."""
    kind, gets = visit.field("kind"), visit.field("gets")
    if kind not in KINDS or gets not in GETS:
        return await _page(visit, status=422, problem="refused_choice")
    try:
        made = await setup.add(
            visit.app,
            visit.field("name").strip(),
            ChannelKind(kind),
            visit.field("target").strip(),
            list_slug=visit.here.slug,
            editions=gets in {"editions", "both"},
            alerts=gets in {"alerts", "both"},
            approvals=gets == "approvals",
        )
    except ConfigError:
        return await _page(visit, status=422, problem="refused_no_bot")
    except InputError as error:
        return await _page(visit, status=422, problem=problem_of(error))
    visit.changed(made.name, after=_state(made))
    if made.secret:
        return await _page(visit, secret=made.secret)
    return _back(visit, "channel_added")


async def _channel(visit: DeskVisit) -> Channel:
    return await setup.one_of(visit.app, visit.here, visit.number_in_path("id"))


def _back(visit: DeskVisit, done: str) -> Response:
    return go_to(f"/desk/lists/{visit.here.slug}/channels?done={done}")


async def test(visit: DeskVisit) -> Response:
    """Post a line that says that it is a test, and say what came of it."""
    channel = await _channel(visit)
    said = await setup.try_out(visit.app, channel.name)
    visit.changed(channel.name, after={"taken": not said})
    if said:
        return await _page(visit, problem="channel_not_taken", answer=said)
    return _back(visit, "channel_taken")


async def pause(visit: DeskVisit) -> Response:
    """Post nothing to a channel."""
    return await _pause(visit, paused=True)


async def resume(visit: DeskVisit) -> Response:
    """Post to a channel again."""
    return await _pause(visit, paused=False)


async def _pause(visit: DeskVisit, *, paused: bool) -> Response:
    channel = await _channel(visit)
    if await setup.pause(visit.app, channel.name, paused=paused):
        visit.changed(channel.name, before={"paused": not paused}, after={"paused": paused})
    return _back(visit, "channel_paused" if paused else "channel_resumed")


async def retry(visit: DeskVisit) -> Response:
    """Post again what failed: one post, or all."""
    channel, given = await _channel(visit), visit.field("post")
    post = int(given) if given.isascii() and given.isdecimal() and len(given) <= 10 else None
    try:
        if given and (post is None or not 0 < post <= LARGEST_NUMBER):
            count = 0
        else:
            count = await setup.retry(visit.app, channel.name, post)
    except InputError as error:
        return await _page(visit, status=422, problem=problem_of(error))
    if count:
        visit.changed(channel.name, after={"posted_again": count})
    return _back(visit, "channel_retried" if count else "channel_nothing_to_retry")


async def remove(visit: DeskVisit) -> Response:
    """Remove a channel with its ledger; what was posted stays where it is."""
    channel = await _channel(visit)
    await setup.remove(visit.app, channel.name)
    visit.changed(channel.name, before=_state(channel))
    return _back(visit, "channel_removed")
