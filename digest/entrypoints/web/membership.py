"""Pages of consent: subscribe, confirm, choose, leave. Only a POST acts; a GET shows a button."""

from typing import Any

from limits import RateLimitItemPerHour
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from digest.entrypoints.web.pages import FIRST_LANGUAGE, page
from digest.entrypoints.web.reading import slug_of
from digest.entrypoints.web.security import CLIENT, household
from digest.errors import InputError, StoreError
from digest.model import AlertChoice, Frequency
from digest.render.presenters.web_context import WebContext
from digest.services.app import App
from digest.services.audience import consent, lists, signups
from digest.services.audience import preferences as audience_preferences
from digest.services.editions import public as reading

HONEYPOT = "website"
"""A field that people do not see; who fills it in is a program."""
LONGEST_ADDRESS = 320
MOST_FIELDS = 60
"""A list may have many sections, each with its box."""


class Signups:
    """How many sign-ups one household may send an hour."""

    def __init__(self, an_hour: int) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._allowed = RateLimitItemPerHour(an_hour)

    async def allows(self, client: str) -> bool:
        """Count one sign-up and say whether it is within the limit."""
        return await self._limiter.hit(self._allowed, "signup", household(client))


async def subscribe(request: Request) -> Response:
    """Take an address; the answer is the same for everyone."""
    app: App = request.app.state.app
    slug = slug_of(request)
    mailing_list = await reading.public_list(app, slug)
    if request.method != "POST":
        view = {"mailing_list": mailing_list, "problem": "", "given": ""}
        return page("subscribe", view, language=mailing_list.language)
    form = await request.form(max_fields=10, max_files=0)
    given = str(form.get("email", ""))[:LONGEST_ADDRESS]
    client = request.scope[CLIENT]
    problem, status = "", 200
    if not await request.app.state.signups.allows(client):
        problem, status = "busy", 429
    elif not form.get(HONEYPOT):
        try:
            await signups.take(app, slug, given, came_from=client)
        except InputError:
            problem, status = "address", 422
    if problem:
        view = {"mailing_list": mailing_list, "problem": problem, "given": given}
        answer = page("subscribe", view, language=mailing_list.language, status=status, private=True)
        answer.headers.update({"retry-after": "3600"} if problem == "busy" else {})
        return answer
    return page("asked", {"mailing_list": mailing_list}, language=mailing_list.language, private=True)


async def confirm(request: Request) -> Response:
    """Show the button that confirms, or confirm."""
    app: App = request.app.state.app
    slug, token = slug_of(request), request.path_params["token"]
    try:
        if request.method == "POST":
            found = await consent.confirm(app, slug, token, came_from=request.scope[CLIENT])
            return page(
                "confirmed",
                {"mailing_list": found.mailing_list},
                language=found.mailing_list.language,
                private=True,
            )
        found = await consent.confirmable(app, slug, token)
    except InputError:
        return await _expired(app, slug)
    return page(
        "confirm", {"mailing_list": found.mailing_list}, language=found.mailing_list.language, private=True
    )


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


async def _sent(request: Request) -> FormData:
    """The form, empty when its body is broken: nobody is kept on a list by the way a provider writes a
    form.
    """
    try:
        return await request.form(max_fields=MOST_FIELDS, max_files=0)
    except HTTPException:
        return FormData()


async def _expired(app: App, slug: str) -> Response:
    """Say that a link works no more, in the list's language when there is such a list."""
    return page("error", {"kind": "expired"}, language=await _language(app, slug), status=410, private=True)


async def refused(app: App, path: str, status: int) -> Response:
    """Say that a form came from another site (403) or is too large (413), in the language of the path's
    list.
    """
    parts = path.split("/")
    slug = parts[2] if len(parts) > 2 and parts[1] == "l" else ""
    kind = "foreign" if status == 403 else "large"
    return page("error", {"kind": kind}, language=await _language(app, slug), status=status, private=True)


async def _language(app: App, slug: str) -> str:
    """The list's language; the first one where there is no such list, or nobody can say."""
    try:
        return (await lists.choose(app, slug)).language if slug else FIRST_LANGUAGE
    except (InputError, StoreError):
        return FIRST_LANGUAGE
