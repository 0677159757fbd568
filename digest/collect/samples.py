"""Write the sample articles that ship with Mujaz as feeds."""

import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from lxml import etree

from digest.text.dates.calendar import long_date

EVENING = time(17, tzinfo=UTC)
"""The newest item of a day that is over; all of them then lie in that day from Morocco to Oman."""

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RSS1 = "http://purl.org/rss/1.0/"
# Any, because None as the name of the default namespace is right, but the stubs do not know it.
ATOM_NAMES: dict[Any, str] = {None: ATOM}
RDF_NAMES: dict[Any, str] = {None: RSS1, "rdf": RDF, "dc": DC, "content": CONTENT}


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleItem:
    """One sample article as its outlet publishes it. `section` is the outlet's own name for it."""

    event: str
    url: str
    title: str
    section: str
    author: str
    published_at: datetime
    paragraphs: tuple[str, ...]

    @property
    def html(self) -> str:
        """The paragraphs as HTML."""
        return "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleChannel:
    """One feed of an outlet, newest item first."""

    outlet: str
    title: str
    site: str
    format: str
    items: tuple[SampleItem, ...]


def write_feeds(folder: Path, now: datetime, day: date) -> None:
    """Write the sample feeds into a folder, which is made: RSS, Atom, RDF and JSON Feed, one outlet each.

    The items lie within the fifteen hours before `now`, or before the evening of `day` when that is over. The
    same arguments give the same bytes; another day gives other addresses and texts, so that its edition has
    news to tell.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, channel in channels(now, day).items():
        (folder / name).write_bytes(WRITERS[channel.format](channel))


def channels(now: datetime, day: date) -> dict[str, SampleChannel]:
    """Return the sample feeds by file name."""
    newest = min(now, datetime.combine(day, EVENING)).replace(microsecond=0)
    made: dict[str, SampleChannel] = {}
    for file in sorted((files("digest.collect") / "sample_outlets").iterdir(), key=lambda one: one.name):
        if file.name.endswith(".toml"):
            raw = tomllib.loads(file.read_text(encoding="utf-8"))
            made |= _outlet(file.name.removesuffix(".toml"), raw, newest, day)
    return made


def _outlet(stem: str, raw: Mapping[str, Any], newest: datetime, day: date) -> dict[str, SampleChannel]:
    items = sorted(
        (_item(one, raw, newest, day) for one in raw["item"]),
        key=lambda item: item.published_at,
        reverse=True,
    )
    by_channel: dict[str, list[SampleItem]] = {}
    for item in items:
        by_channel.setdefault(raw["channel"].format(section=item.section), []).append(item)
    suffix = "json" if raw["format"] == "json" else "xml"
    return {
        f"{stem}-{number}.{suffix}": SampleChannel(
            outlet=raw["name"], title=title, site=raw["site"], format=raw["format"], items=tuple(its_items)
        )
        for number, (title, its_items) in enumerate(by_channel.items(), 1)
    }


def _item(raw: Mapping[str, Any], outlet: Mapping[str, Any], newest: datetime, day: date) -> SampleItem:
    # A dated last line, as papers print it: it makes tomorrow's samples other articles than today's.
    dateline = outlet["dateline"].format(date=long_date(day, "ar", "default", "arab"))
    paragraphs = [part.strip() for part in raw["text"].split("\n\n")]
    return SampleItem(
        event=raw["event"],
        url=f"{outlet['site']}/{day:%Y/%m/%d}/{raw['slug']}",
        title=raw["title"],
        section=raw["section"],
        author=raw.get("author", ""),
        published_at=newest - timedelta(hours=raw["hours"]),
        paragraphs=tuple(filter(None, (*paragraphs, dateline, outlet["tail"]))),
    )


def _rss(channel: SampleChannel) -> bytes:
    root = etree.Element("rss", version="2.0", nsmap={"content": CONTENT, "dc": DC})
    top = etree.SubElement(root, "channel")
    _leaves(
        top,
        [
            ("title", channel.title),
            ("link", channel.site),
            ("description", channel.title),
            ("language", "ar"),
        ],
    )
    for item in channel.items:
        _leaves(
            etree.SubElement(top, "item"),
            [
                ("title", item.title),
                ("link", item.url),
                ("guid", item.url),
                ("pubDate", format_datetime(item.published_at.astimezone(UTC))),
                (f"{{{DC}}}creator", item.author),
                ("description", item.paragraphs[0]),
                (f"{{{CONTENT}}}encoded", item.html),
            ],
        )
    return _bytes(root)


def _atom(channel: SampleChannel) -> bytes:
    root = etree.Element(f"{{{ATOM}}}feed", nsmap=ATOM_NAMES)
    _leaves(root, [(f"{{{ATOM}}}title", channel.title), (f"{{{ATOM}}}id", channel.site)])
    _leaves(root, [(f"{{{ATOM}}}updated", channel.items[0].published_at.isoformat())])
    for item in channel.items:
        entry = etree.SubElement(root, f"{{{ATOM}}}entry")
        _leaves(entry, [(f"{{{ATOM}}}title", item.title), (f"{{{ATOM}}}id", item.url)])
        etree.SubElement(entry, f"{{{ATOM}}}link", href=item.url)
        etree.SubElement(entry, f"{{{ATOM}}}category", term=item.section)
        if item.author:
            _leaves(etree.SubElement(entry, f"{{{ATOM}}}author"), [(f"{{{ATOM}}}name", item.author)])
        for name in ("published", "updated"):
            _leaves(entry, [(f"{{{ATOM}}}{name}", item.published_at.isoformat())])
        etree.SubElement(entry, f"{{{ATOM}}}content", type="html").text = item.html
    return _bytes(root)


def _rdf(channel: SampleChannel) -> bytes:
    root = etree.Element(f"{{{RDF}}}RDF", nsmap=RDF_NAMES)
    top = etree.SubElement(root, f"{{{RSS1}}}channel", {f"{{{RDF}}}about": channel.site})
    _leaves(
        top,
        [
            (f"{{{RSS1}}}title", channel.title),
            (f"{{{RSS1}}}link", channel.site),
            (f"{{{RSS1}}}description", channel.title),
        ],
    )
    order = etree.SubElement(etree.SubElement(top, f"{{{RSS1}}}items"), f"{{{RDF}}}Seq")
    for item in channel.items:
        etree.SubElement(order, f"{{{RDF}}}li", {f"{{{RDF}}}resource": item.url})
        _leaves(
            etree.SubElement(root, f"{{{RSS1}}}item", {f"{{{RDF}}}about": item.url}),
            [
                (f"{{{RSS1}}}title", item.title),
                (f"{{{RSS1}}}link", item.url),
                (f"{{{DC}}}date", item.published_at.isoformat()),
                (f"{{{DC}}}subject", item.section),
                (f"{{{DC}}}creator", item.author),
                (f"{{{RSS1}}}description", item.paragraphs[0]),
                (f"{{{CONTENT}}}encoded", item.html),
            ],
        )
    return _bytes(root)


def _json(channel: SampleChannel) -> bytes:
    items = [
        {
            "id": item.url,
            "url": item.url,
            "title": item.title,
            "date_published": item.published_at.isoformat(),
            "tags": [item.section],
            "content_html": item.html,
        }
        for item in channel.items
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.site,
        "language": "ar",
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def _leaves(parent: Any, fields: Sequence[tuple[str, str]]) -> None:
    for name, value in fields:
        if value:
            etree.SubElement(parent, name).text = value


def _bytes(root: Any) -> bytes:
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))


WRITERS: Mapping[str, Callable[[SampleChannel], bytes]] = {
    "rss": _rss,
    "atom": _atom,
    "rdf": _rdf,
    "json": _json,
}
