"""A list's archive, its search, and the page of one edition."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from digest.entrypoints.web.archive.sharing import sharing
from digest.entrypoints.web.pages import page
from digest.entrypoints.web.reading import slug_of
from digest.model import MailingList
from digest.render import web_edition
from digest.render.presenters.web_context import WebContext
from digest.render.web_edition import IssueView
from digest.services.app import App
from digest.services.audience.joining import stamps
from digest.services.editions import public
from digest.services.editions.public import ArchivePage, ArchiveRequest
from digest.text.sanitise import safe_url
from digest.text.words.normalise import ascii_digits

MOST_EDITIONS = 2**31 - 1
"""The largest number that both databases keep in the column."""
LONGEST_WORDS = 200
LONGEST_PAGE = 6
"""Digits of a page's number."""


async def archive(request: Request) -> Response:
    """Show a page of a list's editions, all or those that were searched, and the form to subscribe."""
    app: App = request.app.state.app
    slug = slug_of(request)
    asked, problem = _asked(request)
    found = await public.archive(app, slug, asked)
    mailing_list = found.mailing_list
    context = WebContext(mailing_list)
    rows = [
        {
            "number": context.number(edition.number),
            "url": f"/l/{slug}/{edition.number}",
            "date": context.day(edition.local_date),
            "subject": context.text(edition.subject),
            "corrected": [
                {
                    "text": context.text(one.text),
                    "date": context.local_date(one.created_at),
                    "url": f"/l/{slug}/{edition.number}" + (f"#s-{one.story}" if one.story else ""),
                }
                for one in found.corrected.get(edition.number, ())
            ],
        }
        for edition in found.editions
    ]
    given = _given(asked)
    view = {
        "mailing_list": mailing_list,
        "editions": rows,
        "problem": "",
        "given": "",
        "shown": stamps.stamp(app.keys.links.current, slug, app.clock.now()),
        "canonical": app.links.archive(slug) + (f"?page={found.page}" if found.page > 1 else ""),
        "asked": {"q": asked.words, "since": given.get("from", ""), "until": given.get("to", "")},
        "is_search": bool(given),
        "date_problem": problem,
        "found": context.number(found.fitting or 0),
        "page": context.number(found.page),
        "newer": _page_of(found, given, -1) if found.page > 1 else "",
        "older": _page_of(found, given, 1) if found.has_older else "",
        "sections": [{"key": one["key"], "title": one["title"]} for one in mailing_list.sections],
        "social": _social(mailing_list),
    }
    # A search has as many addresses as there are words: only the archive itself is for search engines.
    return page(
        "archive",
        view,
        language=mailing_list.language,
        indexed=mailing_list.indexed and not view["is_search"],
    )


def _asked(request: Request) -> tuple[ArchiveRequest, bool]:
    """Read what is searched, and whether a date could not be read. A page that is no number is the newest."""
    given = request.query_params
    number = given.get("page", "")
    is_page = number.isascii() and number.isdecimal() and len(number) <= LONGEST_PAGE
    dates, problem = {}, False
    for name in ("from", "to"):
        text = ascii_digits(given.get(name, "")).strip().replace("/", "-")
        try:
            dates[name] = date.fromisoformat(text) if text else None
        except ValueError:
            problem, dates[name] = True, None
    asked = ArchiveRequest(
        words=given.get("q", "").strip()[:LONGEST_WORDS].replace("\x00", ""),
        since=dates["from"],
        until=dates["to"],
        page=max(1, int(number)) if is_page else 1,
    )
    return asked, problem


def _given(asked: ArchiveRequest) -> dict[str, str]:
    every = {
        "q": asked.words,
        "from": asked.since.isoformat() if asked.since else "",
        "to": asked.until.isoformat() if asked.until else "",
    }
    return {name: value for name, value in every.items() if value}


def _page_of(found: ArchivePage, given: Mapping[str, str], step: int) -> str:
    """Return the address of the page beside one."""
    number = found.page + step
    asked = {**given, **({"page": str(number)} if number > 1 else {})}
    path = f"/l/{found.mailing_list.slug}"
    return f"{path}?{urlencode(asked)}" if asked else path


async def edition(request: Request) -> Response:
    """Show an edition: the same frozen content as in the mail, whole, with the source of every sentence."""
    app: App = request.app.state.app
    number: int = request.path_params["number"]
    if number > MOST_EDITIONS:
        raise HTTPException(404)
    found = await public.edition(app, slug_of(request), number)
    mailing_list, content = found.mailing_list, found.content
    address = app.links.edition(mailing_list.slug, number)
    presented = web_edition.present(
        content,
        WebContext(mailing_list),
        pictures=app.settings.collect.thumbnails is not None,
        corrected=found.corrected,
    )
    picture = _picture(presented)
    view = {
        "mailing_list": mailing_list,
        "subject": found.edition.subject,
        "issue": presented,
        "machine_label": app.settings.summarize.label,
        "canonical": address,
        "picture": app.links.picture(picture) if picture else "",
        "published": (found.edition.started_at or found.edition.created_at).isoformat(),
        "before": f"/l/{mailing_list.slug}/{found.before}" if found.before else "",
        "after": f"/l/{mailing_list.slug}/{found.after}" if found.after else "",
        "share": {
            story.key: sharing(f"{address}#s-{story.key}", story.headline)
            for section in content.sections
            for story in section.stories
        },
        "social": _social(mailing_list),
    }
    return page(
        "edition",
        view,
        language=mailing_list.language,
        style=web_edition.colours(content.sections),
        indexed=mailing_list.indexed,
    )


def _picture(presented: IssueView) -> str:
    """Return the path of the first picture that the page shows; empty when it shows none."""
    stories = (story for section in presented.sections for story in section.stories)
    return next((story.picture for story in stories if story.picture), "")


def _social(mailing_list: MailingList) -> list[dict[str, str]]:
    return [
        {"name": one.get("name", ""), "url": url}
        for one in mailing_list.social
        if (url := safe_url(one.get("url", "")))
    ]
