"""What pages of consent share: reading a form, links that work no more, refusals."""

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from digest.entrypoints.web.pages import FIRST_LANGUAGE, page
from digest.errors import InputError, StoreError
from digest.services.app import App
from digest.services.audience import lists

MOST_FIELDS = 200
"""A list may have many sections, each with its boxes and its place."""


async def sent(request: Request) -> FormData:
    """The form, empty when its body is broken: nobody is kept on a list by the way a provider writes a
    form.
    """
    try:
        return await request.form(max_fields=MOST_FIELDS, max_files=0)
    except (HTTPException, UnicodeError, LookupError):
        return FormData()


async def expired(app: App, slug: str) -> Response:
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
