"""Pages for readers: the lists, a list's archive, an edition, the Atom feed."""

import hashlib
import re

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from digest.entrypoints.web.pages import FIRST_LANGUAGE, environment, page
from digest.render import web_edition as issue
from digest.render.presenters.web_context import WebContext
from digest.services.app import App
from digest.services.editions import public as reading
from digest.text.addresses.slug import is_slug

LONGEST_NUMBER = 9
"""Digits of a number that both databases can compare with the column."""
MOST_EDITIONS = 2**31 - 1
"""The largest number that both databases keep in the column."""
ILLEGAL_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def slug_of(request: Request) -> str:
    """Return the list's slug from the address.

    Raises:
        HTTPException: 404, it cannot be one.
    """
    slug = str(request.path_params["slug"])
    if not is_slug(slug):
        raise HTTPException(404)
    return slug


async def home(request: Request) -> Response:
    """Show the public lists, in their language when they share one."""
    app: App = request.app.state.app
    lists = await reading.public_lists(app)
    spoken = {mailing_list.language for mailing_list in lists}
    return page("home", {"lists": lists}, language=spoken.pop() if len(spoken) == 1 else FIRST_LANGUAGE)


async def archive(request: Request) -> Response:
    """Show a page of a list's editions, and the form to subscribe; `?before=NUMBER` shows older ones."""
    app: App = request.app.state.app
    mailing_list, editions, older = await reading.archive(app, slug_of(request), _before(request))
    setting = WebContext(mailing_list)
    rows = [
        {
            "number": setting.number(edition.number),
            "url": f"/l/{mailing_list.slug}/{edition.number}",
            "date": setting.day(edition.local_date),
            "subject": setting.text(edition.subject),
        }
        for edition in editions
    ]
    view = {
        "mailing_list": mailing_list,
        "editions": rows,
        "older": older,
        "problem": "",
        "given": "",
        "canonical": app.links.archive(mailing_list.slug),
    }
    return page("archive", view, language=mailing_list.language)


def _before(request: Request) -> int | None:
    """The number that a page's address names; what is none begins at the newest."""
    given = request.query_params.get("before", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) <= LONGEST_NUMBER else None


async def edition(request: Request) -> Response:
    """Show an edition: the same frozen content as in the mail, whole, with the source of every sentence."""
    app: App = request.app.state.app
    number: int = request.path_params["number"]
    if number > MOST_EDITIONS:
        raise HTTPException(404)
    mailing_list, found, content = await reading.edition(app, slug_of(request), number)
    view = {
        "mailing_list": mailing_list,
        "subject": found.subject,
        "issue": issue.present(
            content, WebContext(mailing_list), pictures=app.settings.collect.thumbnails is not None
        ),
        "canonical": app.links.edition(mailing_list.slug, number),
    }
    return page("edition", view, language=mailing_list.language, style=issue.colours(content.sections))


async def feed(request: Request) -> Response:
    """Return the list's editions as Atom (RFC 4287); 304 to who has it already."""
    app: App = request.app.state.app
    mailing_list, editions = await reading.newest(app, slug_of(request))
    xml = (
        environment()
        .get_template("feed.xml")
        .render(
            mailing_list=mailing_list,
            editions=editions,
            archive_url=app.links.archive(mailing_list.slug),
            feed_url=app.links.feed(mailing_list.slug),
            edition_url=lambda number: app.links.edition(mailing_list.slug, number),
        )
    )
    body = ILLEGAL_IN_XML.sub("", xml).encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "public, max-age=300"}
    known = request.headers.get("if-none-match", "")
    if tag in {one.strip().removeprefix("W/") for one in known.split(",")}:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/atom+xml", headers=headers)
