"""Pages of a subscriber: choose, leave. Only a POST acts; a GET shows a button."""

from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from digest.entrypoints.web.answers import expired as _expired
from digest.entrypoints.web.answers import sent as _sent
from digest.entrypoints.web.pages import page
from digest.entrypoints.web.reading import slug_of
from digest.errors import InputError
from digest.model import AlertChoice, Frequency
from digest.render.presenters.web_context import WebContext
from digest.services.app import App
from digest.services.audience import consent, lists
from digest.services.audience import preferences as audience_preferences


async def leave(request: Request) -> Response:
    """Show the button that ends a subscription, or end it; a one-click POST (RFC 8058) gets a plain
    answer.
    """
    app: App = request.app.state.app
    slug, token = slug_of(request), request.path_params["token"]
    try:
        if request.method == "POST":
            found = await consent.leave(app, slug, token)
            if (await _sent(request)).get("List-Unsubscribe") == "One-Click":
                return PlainTextResponse("unsubscribed\n", headers={"cache-control": "no-store"})
            return page(
                "left",
                {"mailing_list": found.mailing_list},
                language=found.mailing_list.language,
                private=True,
            )
        found = await consent.membership(app, slug, token, purpose="unsubscribe")
    except InputError:
        return await _expired(app, slug)
    return page(
        "leave", {"mailing_list": found.mailing_list}, language=found.mailing_list.language, private=True
    )


async def preferences(request: Request) -> Response:
    """Show what a reader gets, since when, the choices there are and the way out; keep what was chosen."""
    app: App = request.app.state.app
    slug, token = slug_of(request), request.path_params["token"]
    try:
        found = await consent.membership(app, slug, token, purpose="preferences")
    except InputError:
        return await _expired(app, slug)
    said, status = "", 200
    if request.method == "POST":
        form = await _sent(request)
        often = Frequency.WEEKLY if form.get("frequency") == Frequency.WEEKLY else Frequency.DAILY
        try:
            chosen = [str(one) for one in form.getlist("section")]
            found = await audience_preferences.choose(app, slug, token, chosen, often, alerts=_alerts(form))
            said = "saved"
        except InputError:
            said, status = "problem", 422
    return page(
        "preferences",
        _preferences(app, found) | {"said": said},
        language=found.mailing_list.language,
        status=status,
        private=True,
    )


def _alerts(form: FormData) -> audience_preferences.AlertPreferences:
    """Which alerts the form chooses; a form that says nothing of them leaves them as they are."""
    said = str(form.get("alerts", ""))
    known = said in {one.value for one in AlertChoice}
    return audience_preferences.AlertPreferences(alerts=AlertChoice(said) if known else None)


def _preferences(app: App, found: consent.Membership) -> dict[str, Any]:
    mailing_list, subscription = found.mailing_list, found.subscription
    since = subscription.confirmed_at
    setting = WebContext(mailing_list)
    return {
        "mailing_list": mailing_list,
        "email": found.person.email,
        "subscribed": subscription.state.value == "confirmed",
        "since": setting.local_date(since) if since else "",
        "send_at": setting.number(mailing_list.send_at),
        "sections": [
            (spec.key, spec.title, subscription.sections is None or spec.key in subscription.sections)
            for spec in lists.specs(mailing_list)
        ],
        "has_weekly": audience_preferences.has_weekly(mailing_list),
        "weekly": subscription.frequency is Frequency.WEEKLY,
        "alerts": [(one.value, one is subscription.alerts) for one in AlertChoice],
        "leave_url": app.links.unsubscribe(mailing_list.slug, found.person.key),
    }
