"""Pages of joining: the form, and the button that confirms. Only a POST acts; a GET shows a button."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from digest.entrypoints.security import CLIENT
from digest.entrypoints.web.answers import expired, sent
from digest.entrypoints.web.pages import page
from digest.entrypoints.web.reading import slug_of
from digest.entrypoints.web.words import words
from digest.errors import InputError, NotFoundError
from digest.model import CustomField, MailingList
from digest.render.presenters.web_context import WebContext
from digest.services.app import App
from digest.services.audience import consent, signups
from digest.services.audience.choices.first_delivery import first_delivery
from digest.services.audience.joining import stamps
from digest.services.audience.segments import fields
from digest.services.editions import public

HONEYPOT = "website"
"""A field that people do not see; who fills it in is a program."""
LONGEST_ADDRESS = 320
UNREADABLE = "\ufffd"
"""Stands for what is no UTF-8."""


async def subscribe(request: Request) -> Response:
    """Take an address; the answer is the same for everyone."""
    app: App = request.app.state.app
    mailing_list = await public.public_list(app, slug_of(request))
    if request.method != "POST":
        return await form_page(app, "subscribe", mailing_list)
    form = await sent(request)
    problem = await taken(request, mailing_list, form)
    if problem:
        return await form_page(app, "subscribe", mailing_list, problem=problem, form=form)
    return answer_page(app, "asked", mailing_list)


async def taken(request: Request, mailing_list: MailingList, form: FormData) -> str:
    """Hand over a form; returns the problem that its sender is told of, empty for none."""
    app: App = request.app.state.app
    asked = await fields.in_form(app, mailing_list)
    given = _answers(asked, form)
    if any(UNREADABLE in one for one in given.values()):
        return "answer"  # written in another encoding, as by a page of another site
    try:
        answers = fields.answers_to(asked, given)
    except InputError:
        return "answer"
    came = signups.SentForm(
        came_from=request.scope[CLIENT],
        page=request.headers.get("origin", "") if form.get("success_url") else request.url.path,
        words=_form_says(mailing_list),
        stamp=_said(form, "shown"),
        trapped=bool(form.get(HONEYPOT)),
        answers=answers,
    )
    try:
        answer = await signups.take_form(app, mailing_list.slug, _said(form, "email"), came)
    except NotFoundError:
        raise
    except InputError:
        return "address"
    return "" if answer is signups.FormAnswer.TAKEN else answer.value


def _said(form: Mapping[str, Any], name: str) -> str:
    return str(form.get(name, ""))[:LONGEST_ADDRESS]


def _answers(asked: Sequence[CustomField], form: Mapping[str, Any]) -> dict[str, str]:
    """What a form says in the list's own fields, as typed."""
    return {one.key: _said(form, f"field-{one.key}") for one in asked}


STATUSES = {"": 200, "address": 422, "answer": 422, "again": 422, "busy": 429}


async def form_page(
    app: App,
    name: str,
    mailing_list: MailingList,
    *,
    problem: str = "",
    form: Mapping[str, Any] = MappingProxyType({}),
    framed_by: Sequence[str] = (),
) -> Response:
    """The page with the form, and what was wrong with the one that was sent in."""
    asked = await fields.in_form(app, mailing_list)
    view = {
        "mailing_list": mailing_list,
        "problem": problem,
        "given": _said(form, "email"),
        "fields": asked,
        "answers": _answers(asked, form),
        "shown": stamps.stamp(app.keys.links.current, mailing_list.slug, app.clock.now()),
    }
    answer = page(
        name,
        view,
        language=mailing_list.language,
        status=STATUSES[problem],
        private=bool(problem),
        framed_by=framed_by,
    )
    answer.headers.update({"retry-after": "3600"} if problem == "busy" else {})
    return answer


async def confirm(request: Request) -> Response:
    """Show the buttons that confirm or decline, or do what was pressed."""
    app: App = request.app.state.app
    slug, token = slug_of(request), request.path_params["token"]
    came_from = request.scope[CLIENT]
    try:
        if request.method == "POST" and (await sent(request)).get("answer") == "no":
            found = await consent.decline(app, slug, token, came_from=came_from)
            name = "already" if found.is_mailed else "declined"
        elif request.method == "POST":
            words_shown = _page_says((await consent.confirmable(app, slug, token)).mailing_list)
            found = await consent.confirm(
                app, slug, token, came_from=came_from, page=f"/l/{slug}/confirm", words=words_shown
            )
            name = "confirmed"
        else:
            found = await consent.confirmable(app, slug, token)
            name = "already" if found.is_mailed else "confirm"
    except InputError:
        return await expired(app, slug)
    return answer_page(
        app, name, found.mailing_list, preferences_url=app.links.preferences(slug, found.person.key)
    )


def answer_page(
    app: App, name: str, mailing_list: MailingList, *, framed_by: Sequence[str] = (), **more: Any
) -> Response:
    """A page of joining, which says when the first edition comes."""
    now = app.clock.now()
    at = first_delivery(mailing_list, now)
    first = WebContext(mailing_list).coming(at, now) if at is not None else ""
    view = {"mailing_list": mailing_list, "first": first, **more}
    return page(name, view, language=mailing_list.language, private=True, framed_by=framed_by)


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
