"""The form on other sites: as a frame, and as what a form of theirs is posted to. Only sites that the list
names.
"""

import re
from urllib.parse import urlsplit

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from digest.entrypoints.web.answers import refused, sent
from digest.entrypoints.web.joining import answer_page, form_page, taken
from digest.entrypoints.web.reading import slug_of
from digest.model import MailingList
from digest.services.app import App
from digest.services.editions import public

_FORM = re.compile(r"/l/[^/]+/form")
LONGEST_ADDRESS = 2000


def is_form(path: str) -> bool:
    """Say whether a path takes forms of other sites, and looks itself from which."""
    return _FORM.fullmatch(path) is not None


async def form(request: Request) -> Response:
    """Show the form in a frame, or take one: from that frame, or from a site that the list names.

    A form of theirs may name where its reader is led, within the sites that the list names; elsewhere nobody
    is led.
    """
    app: App = request.app.state.app
    mailing_list = await public.public_list(app, slug_of(request))
    sites = mailing_list.form_sites
    if request.method != "POST":
        return await form_page(app, "form", mailing_list, framed_by=sites or ("'none'",))
    if not _is_from(request, sites):
        return await _refusal(app, request)
    fields = await sent(request)
    problem = await taken(request, mailing_list, fields)
    leads_to = _led(fields, "failure_url" if problem else "success_url", mailing_list)
    if leads_to:
        return RedirectResponse(leads_to, status_code=303)
    if problem:
        return await form_page(app, "form", mailing_list, problem=problem, form=fields, framed_by=sites)
    return answer_page(app, "asked", mailing_list, framed_by=sites)


def _is_from(request: Request, sites: list[str]) -> bool:
    """Say whether a form comes from our frame, or from a page of a site that the list names."""
    fetched = request.headers.get("sec-fetch-site", "")
    origin = request.headers.get("origin", "")
    if fetched in {"same-origin", "none"} or (not fetched and not origin):
        return True
    own = {request.headers.get("host", ""), urlsplit(request.app.state.app.settings.web.public_url).netloc}
    return origin in sites or (not fetched and urlsplit(origin).netloc in own)


def _led(fields: FormData, name: str, mailing_list: MailingList) -> str:
    """Where a form wants its reader led, as far as that lies within a site that the list names; else
    empty.
    """
    wanted = str(fields.get(name, ""))[:LONGEST_ADDRESS]
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return ""
    plain = wanted.isascii() and wanted.isprintable() and not set(wanted) & set(' \\"<>')
    site = f"{parts.scheme}://{parts.netloc}"
    return wanted if plain and site in mailing_list.form_sites else ""


async def _refusal(app: App, request: Request) -> Response:
    answer = await refused(app, request.url.path, 403)
    assert isinstance(answer, Response)
    return answer
