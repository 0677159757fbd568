"""Feeds of a list, and of each of its sections: Atom (RFC 4287) and JSON Feed 1.1."""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from digest.entrypoints.web.pages import environment
from digest.entrypoints.web.reading import slug_of
from digest.entrypoints.web.words import words
from digest.model import EditionContent, Erratum, MailingList, Section
from digest.render.links import Links
from digest.services.app import App
from digest.services.editions import public
from digest.services.editions.public import LatestEditions

ILLEGAL_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NOT_INDEXED = {"x-robots-tag": "noindex"}
_KEY = re.compile(r"[\w-]{1,60}")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One edition of a feed, with the sections that the feed tells of it, and what was wrong in it. `updated`
    is when it went out, or was last corrected.
    """

    number: int
    title: str
    url: str
    at: datetime
    updated: datetime
    sections: tuple[Section, ...]
    corrected: tuple[Erratum, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedView:
    """A feed: of a whole list, or of one section of it, whose title then stands behind the list's."""

    mailing_list: MailingList
    title: str
    home: str
    url: str
    updated: datetime
    entries: tuple[FeedEntry, ...]


async def atom(request: Request) -> Response:
    """Return the newest editions as Atom; 304 to who has them already."""
    view = await _view(request, "feed.xml")
    xml = environment().get_template("feed.xml").render(feed=view, html=_html)
    return _answer(request, view, ILLEGAL_IN_XML.sub("", xml).encode(), "application/atom+xml")


async def json_feed(request: Request) -> Response:
    """Return the newest editions as JSON Feed 1.1; 304 to who has them already."""
    view = await _view(request, "feed.json")
    described = view.mailing_list.description
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": view.title,
        "home_page_url": view.home,
        "feed_url": view.url,
        "language": view.mailing_list.language,
        **({"description": described} if described else {}),
        "authors": [{"name": view.mailing_list.name}],
        "items": [_item(one, view) for one in view.entries],
    }
    body = json.dumps(feed, ensure_ascii=False).encode("utf-8", "replace")
    return _answer(request, view, body, "application/feed+json")


def _item(one: FeedEntry, view: FeedView) -> dict[str, object]:
    return {
        "id": one.url,
        "url": one.url,
        "title": one.title,
        "content_html": str(_html(one, view.mailing_list.language)),
        "date_published": one.at.isoformat(),
        **({"date_modified": one.updated.isoformat()} if one.updated > one.at else {}),
        "tags": [section.title for section in one.sections],
    }


def _html(one: FeedEntry, language: str) -> Markup:
    """What a feed tells of an edition: its headlines, and what was wrong where it was wrong."""
    page = one.url.partition("#")[0]

    def wrong(story: str) -> Markup:
        return Markup("").join(
            Markup('<p dir="auto"><strong>{}</strong>: {}</p>').format(
                words(language)["corrections"], each.text
            )
            for each in one.corrected
            if each.story == story
        )

    return wrong("") + Markup("").join(
        Markup('<h3 dir="auto">{}</h3><ul dir="auto">{}</ul>').format(
            section.title,
            Markup("").join(
                Markup('<li><a href="{}#s-{}">{}</a>{}</li>').format(
                    page, story.key, story.headline, wrong(story.key)
                )
                for story in section.stories
            ),
        )
        for section in one.sections
    )


async def _view(request: Request, name: str) -> FeedView:
    app: App = request.app.state.app
    key = request.path_params.get("section")
    if key is not None and not _KEY.fullmatch(key):
        raise HTTPException(404)
    found = await public.latest(app, slug_of(request), key)
    mailing_list, links = found.mailing_list, app.links
    slug = mailing_list.slug
    title = mailing_list.name
    if key is not None:
        title = f"{title}: {_title_of(mailing_list, key)}"
    entries = tuple(_entries(links, found, key))
    return FeedView(
        mailing_list=mailing_list,
        title=title,
        home=links.archive(slug),
        url=f"{links.section(slug, key) if key else links.archive(slug)}/{name}",
        updated=max((one.updated for one in entries), default=mailing_list.created_at),
        entries=entries,
    )


def _title_of(mailing_list: MailingList, key: str) -> str:
    return next((str(one["title"]) for one in mailing_list.sections if one["key"] == key), key)


def _entries(links: Links, found: LatestEditions, key: str | None) -> Iterator[FeedEntry]:
    mailing_list = found.mailing_list
    for edition in found.editions:
        sections = EditionContent.model_validate(edition.content).sections
        chosen = tuple(one for one in sections if one.stories and key in {None, one.key})
        if key is not None and not chosen:
            continue
        page = links.edition(mailing_list.slug, edition.number)
        title = edition.subject if key is None else f"{chosen[0].title}: {chosen[0].stories[0].headline}"
        at = edition.started_at or edition.created_at
        wrong = _within(found.corrected.get(edition.number, ()), chosen, whole=key is None)
        yield FeedEntry(
            edition.number,
            title,
            page if key is None else f"{page}#{key}",
            at,
            max((at, *(one.created_at for one in wrong))),
            chosen,
            wrong,
        )


def _within(errata: Sequence[Erratum], sections: Sequence[Section], *, whole: bool) -> tuple[Erratum, ...]:
    """The corrections of stories in some sections; of the `whole` edition those, too, that name none."""
    keys = {story.key for section in sections for story in section.stories} | ({""} if whole else set())
    return tuple(one for one in errata if one.story in keys)


def _answer(request: Request, view: FeedView, body: bytes, kind: str) -> Response:
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "public, max-age=300"}
    if not view.mailing_list.indexed:
        headers |= NOT_INDEXED
    known = request.headers.get("if-none-match", "")
    if tag in {one.strip().removeprefix("W/") for one in known.split(",")}:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=kind, headers=headers)
