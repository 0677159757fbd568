"""Pages of leaving: one list, all lists, less mail, and taking it back. Only a POST acts; a GET shows
buttons.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from digest.entrypoints.security import CLIENT
from digest.entrypoints.web.answers import expired, sent
from digest.entrypoints.web.pages import page
from digest.entrypoints.web.reading import slug_of
from digest.errors import InputError, NotFoundError
from digest.model import SubscriptionState
from digest.services.app import App
from digest.services.audience import lists
from digest.services.audience.joining import leaving, less
from digest.services.audience.joining.memberships import ConsentEvidence, Membership, membership


async def leave(request: Request) -> Response:
    """Show the buttons that end a subscription, or end it; a one-click POST (RFC 8058) gets a plain answer.

    Whoever is gone, or has left already, is told the same: nothing comes any more.
    """
    app: App = request.app.state.app
    slug, token = slug_of(request), request.path_params["token"]
    fields = await sent(request) if request.method == "POST" else {}
    one_click = fields.get("List-Unsubscribe") == "One-Click"
    try:
        if request.method == "POST":
            found, name = await _done(
                request, app, slug, token, str(fields.get("do", "")), one_click=one_click
            )
        else:
            found = await membership(app, slug, token, purpose="unsubscribe")
            name = "left" if found.subscription.state is SubscriptionState.LEFT else "leave"
    except NotFoundError:
        return await _gone(app, slug, one_click=one_click)
    except InputError:
        return await expired(app, slug)
    if one_click:
        return _unsubscribed()
    return await _page(app, name, found)


async def _done(
    request: Request, app: App, slug: str, token: str, wanted: str, *, one_click: bool
) -> tuple[Membership, str]:
    if wanted == "weekly" and not one_click:
        return await _weekly(app, slug, token)
    evidence = ConsentEvidence(
        how="one-click" if one_click else "link",
        came_from=request.scope[CLIENT],
        page=f"/l/{slug}/unsubscribe",
    )
    if wanted == "all" and not one_click:
        return await leaving.leave_all(app, slug, token, evidence), "left"
    await leaving.leave(app, slug, token, evidence)
    return await membership(app, slug, token, purpose="unsubscribe"), "left"


async def _weekly(app: App, slug: str, token: str) -> tuple[Membership, str]:
    """Less mail; a page that was opened before something changed shows how it is now."""
    try:
        return await less.make_weekly(app, slug, token), "less"
    except NotFoundError:
        raise
    except InputError:
        found = await membership(app, slug, token, purpose="unsubscribe")
    return found, "left" if found.subscription.state is SubscriptionState.LEFT else "leave"


async def undo(request: Request) -> Response:
    """Show the button that takes a leaving back, or take it back."""
    app: App = request.app.state.app
    slug, token = slug_of(request), request.path_params["token"]
    try:
        if request.method == "POST":
            found = await leaving.undo(app, slug, token, came_from=request.scope[CLIENT])
        else:
            found = await membership(app, slug, token, purpose="undo")
    except InputError:
        return await expired(app, slug)
    back = found.subscription.state is SubscriptionState.CONFIRMED
    return await _page(app, "returned" if back else "left", found)


async def _page(app: App, name: str, found: Membership) -> Response:
    offered = await leaving.choices(app, found)
    view: dict[str, Any] = {
        "mailing_list": found.mailing_list,
        "other_lists": offered.other_lists,
        "undo_url": offered.undo_url.removeprefix(app.links.public_url),
        "weekly": less.may_be_weekly(found),
        "subscribed": found.subscription.state is SubscriptionState.CONFIRMED,
        "preferences_url": app.links.preferences(found.mailing_list.slug, found.person.key),
    }
    return page(name, view, language=found.mailing_list.language, private=True)


def _unsubscribed() -> Response:
    return PlainTextResponse("unsubscribed\n", headers={"cache-control": "no-store"})


async def _gone(app: App, slug: str, *, one_click: bool) -> Response:
    """Answer who is in no list any more: what the link was for is so."""
    if one_click:
        return _unsubscribed()
    try:
        mailing_list = await lists.choose(app, slug)
    except InputError:
        return await expired(app, slug)
    view = {"mailing_list": mailing_list, "other_lists": 0, "undo_url": ""}
    return page("left", view, language=mailing_list.language, private=True)
