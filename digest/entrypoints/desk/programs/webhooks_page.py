"""Webhooks at the desk: set up, tried, looked at, sent again. A secret is on the page that answers its
making.
"""

from contextlib import suppress

from starlette.responses import Response

from digest.entrypoints.desk.pages import desk_page, go_to, problem_of
from digest.entrypoints.desk.visit import LARGEST_NUMBER, DeskVisit
from digest.errors import InputError
from digest.model import WebhookEvent
from digest.services.audience import lists
from digest.services.programs import webhooks

HOME = "/desk/programs/webhooks"
OFFERED = tuple(one for one in WebhookEvent if one is not WebhookEvent.TEST)


async def webhooks_page(visit: DeskVisit) -> Response:
    """Show which webhooks there are; with `log` what was posted to one."""
    return await _page(visit)


async def _page(visit: DeskVisit, *, status: int = 200, problem: str = "", secret: str = "") -> Response:
    shown = visit.asked("log")
    view = {
        "webhooks": await webhooks.every(visit.app),
        "log_of": shown,
        "log": await webhooks.log_of(visit.app, shown) if shown else [],
        "events": OFFERED,
        "lists": [one.mailing_list for one in await lists.every(visit.app)],
        "secret": secret,
        "name": visit.field("name")[:60] if problem else "",
        "url": visit.field("url")[:2000] if problem else "",
    }
    return desk_page(visit, "programs/webhooks", view, status=status, problem=problem)


async def add_webhook(visit: DeskVisit) -> Response:
    """Set up a webhook, and show its secret."""
    name, url, slug = visit.field("name").strip(), visit.field("url").strip(), visit.field("list")
    events = list(dict.fromkeys(visit.every("event")))
    try:
        made = await webhooks.add(visit.app, name, url, events, list_slug=slug)
    except InputError as error:
        return await _page(visit, status=422, problem=problem_of(error))
    visit.changed(name, after={"url": webhooks.shown_address(url), "events": events, "list": slug})
    return await _page(visit, secret=made.secret)


async def remove_webhook(visit: DeskVisit) -> Response:
    """Remove a webhook with its messages."""
    gone = await webhooks.remove(visit.app, visit.field("name"))
    visit.changed(gone.name, before={"url": webhooks.shown_address(gone.url), "events": gone.events})
    return go_to(f"{HOME}?done=webhook_removed")


async def try_webhook(visit: DeskVisit) -> Response:
    """Have a test message posted."""
    message = await webhooks.try_out(visit.app, visit.field("name"))
    visit.changed(visit.field("name"), after={"message": message.message_id})
    return go_to(f"{HOME}?done=webhook_tested")


async def replay_webhook(visit: DeskVisit) -> Response:
    """Post messages again: one, or all that were not delivered."""
    numbers = None
    if given := visit.field("number"):
        with suppress(ValueError):
            number = int(given[:12])
            numbers = [number] if 0 < number <= LARGEST_NUMBER else []
    count = await webhooks.replay(visit.app, visit.field("name"), numbers)
    visit.changed(visit.field("name"), after={"posted_again": count})
    return go_to(f"{HOME}?done=webhook_replayed")
