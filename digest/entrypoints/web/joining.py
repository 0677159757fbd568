"""Pages of joining: the form, and the button that confirms. Only a POST acts; a GET shows a button."""

from typing import Any

from limits import RateLimitItemPerHour
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from starlette.requests import Request
from starlette.responses import Response

from digest.entrypoints.web.answers import expired, sent
from digest.entrypoints.web.pages import page
from digest.entrypoints.web.reading import slug_of
from digest.entrypoints.web.security import CLIENT, household
from digest.entrypoints.web.words import words
from digest.errors import InputError
from digest.model import MailingList, SubscriptionState
from digest.render.presenters.web_context import WebContext
from digest.services.app import App
from digest.services.audience import consent, signups
from digest.services.audience.joining.first_edition import first_edition
from digest.services.editions import public as reading

HONEYPOT = "website"
"""A field that people do not see; who fills it in is a program."""
LONGEST_ADDRESS = 320


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
    form = await sent(request)
    given = str(form.get("email", ""))[:LONGEST_ADDRESS]
    client = request.scope[CLIENT]
    problem, status = "", 200
    if not await request.app.state.signups.allows(client):
        problem, status = "busy", 429
    elif not form.get(HONEYPOT):
        try:
            await signups.take(
                app, slug, given, came_from=client, page=request.url.path, words=_form_says(mailing_list)
            )
        except InputError:
            problem, status = "address", 422
    if problem:
        view = {"mailing_list": mailing_list, "problem": problem, "given": given}
        answer = page("subscribe", view, language=mailing_list.language, status=status, private=True)
        answer.headers.update({"retry-after": "3600"} if problem == "busy" else {})
        return answer
    return _page(app, "asked", mailing_list)


async def confirm(request: Request) -> Response:
    """Show the buttons that confirm or decline, or do what was pressed."""
    app: App = request.app.state.app
    slug, token = slug_of(request), request.path_params["token"]
    came_from = request.scope[CLIENT]
    try:
        if request.method == "POST" and (await sent(request)).get("answer") == "no":
            found = await consent.decline(app, slug, token, came_from=came_from)
            name = "already" if _is_subscribed(found) else "declined"
        elif request.method == "POST":
            words_shown = _page_says((await consent.confirmable(app, slug, token)).mailing_list)
            found = await consent.confirm(
                app, slug, token, came_from=came_from, page=f"/l/{slug}/confirm", words=words_shown
            )
            name = "confirmed"
        else:
            found = await consent.confirmable(app, slug, token)
            name = "already" if _is_subscribed(found) else "confirm"
    except InputError:
        return await expired(app, slug)
    return _page(app, name, found.mailing_list, preferences_url=app.links.preferences(slug, found.person.key))


def _is_subscribed(found: consent.Membership) -> bool:
    return found.subscription.state is SubscriptionState.CONFIRMED and not found.person.disabled_reason


def _page(app: App, name: str, mailing_list: MailingList, **more: Any) -> Response:
    """A page of joining, which says when the first edition comes."""
    now = app.clock.now()
    at = first_edition(mailing_list, now)
    first = WebContext(mailing_list).coming(at, now) if at is not None else ""
    view = {"mailing_list": mailing_list, "first": first, **more}
    return page(name, view, language=mailing_list.language, private=True)


def _form_says(mailing_list: MailingList) -> str:
    """What somebody agrees to by sending in the form, as kept with the consent."""
    said = words(mailing_list.language)
    title = said["subscribe_title"].format(list=mailing_list.name)
    return f"{title}. {said['promise']} [{said['subscribe']}]"


def _page_says(mailing_list: MailingList) -> str:
    """What somebody agrees to by the button that confirms."""
    said = words(mailing_list.language)
    asked = said["confirm"].format(list=mailing_list.name)
    return f"{said['confirm_title']}. {asked} [{said['confirm_button']}]"
