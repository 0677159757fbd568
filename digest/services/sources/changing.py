"""What an editor changes of a source: its name, weight and section; pause it, let it go on, clean it
better.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import available_timezones

from digest.errors import RefusedError
from digest.model import Article, Rights, Source
from digest.model.news.cleaning import SourceCleaning
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.sources.catalogue import is_address, known_section
from digest.storage.articles import sources
from digest.storage.articles.articles import latest_of

LONGEST_NAME = 200
MOST_WEIGHT = 3.0
SHOWN = 12
"""Articles of a source that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEdit:
    """What is to change; None: it stays. An empty section is found for each article."""

    name: str | None = None
    section: str | None = None
    standing: float | None = None
    zone: str | None = None
    headline_only: bool | None = None
    enabled: bool | None = None
    selector: str | None = None


@dataclass(frozen=True, slots=True)
class SourceChange:
    """A source after a change, and what was there before and after, by name."""

    source: Source
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tried:
    """A page's article as the rules in force make it, and as others would; `gone` are the lines that
    differ.
    """

    now: Article
    then: Article
    gone: tuple[str, ...]


async def change(app: App, name: str, edit: SourceEdit) -> SourceChange:
    """Change a source, found by id, name or location.

    One that goes on after a pause, or was gone, is visited at once.

    Raises:
        NotFoundError: there is no such source.
        RefusedError: `weight` or `zone` is none, or the name is missing or too long (`source_name`).
        InputError: there is no such section.
    """
    if edit.section:
        await known_section(app, edit.section)
    wanted = _columns(edit)
    async with app.database.begin() as session:
        source = await sources.find(session, name)
        if edit.enabled:
            wanted |= {"muted_reason": None, "next_poll_at": app.clock.now(), "by_hand": False}
        before = {key: _shown(getattr(source, key)) for key in wanted}
        for key, value in wanted.items():
            setattr(source, key, value)
        after = {key: _shown(getattr(source, key)) for key in wanted}
        session.add(source)
        await session.flush()
    return SourceChange(source, before, after)


def _columns(edit: SourceEdit) -> dict[str, Any]:
    """The columns that an edit sets; each is checked on its way."""
    wanted: dict[str, Any] = {}
    for name, column, made in (
        ("name", "name", _name),
        ("section", "section", lambda value: value or None),
        ("standing", "standing", _weight),
        ("zone", "timezone", _zone),
        ("headline_only", "rights", lambda value: Rights.HEADLINE if value else Rights.SUMMARY),
        ("enabled", "enabled", bool),
        ("selector", "selector", lambda value: value.strip() or None),
    ):
        value = getattr(edit, name)
        if value is not None:
            wanted[column] = made(value)
    return wanted


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise RefusedError("source_name", f"A name has 1 to {LONGEST_NAME} characters.")
    return name


def _weight(wanted: float) -> float:
    if not 0 <= wanted <= MOST_WEIGHT:
        raise RefusedError("weight", "Weights go from 0 to 3; 1 is usual.")
    return wanted


def _zone(wanted: str) -> str:
    if wanted not in available_timezones():
        raise RefusedError("zone", f"There is no zone {wanted!r}.")
    return wanted


def _shown(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float) else str(value)


async def visit_soon(app: App, name: str) -> Source:
    """Have a source visited at once, however long its next visit was put off.

    Raises:
        NotFoundError: there is no such source.
    """
    async with app.database.begin() as session:
        source = await sources.find(session, name)
        await sources.change(session, row_id(source), next_poll_at=app.clock.now() - timedelta(seconds=1))
    await app.queue.enqueue("poll_source", row_id(source))
    return source


async def clean(app: App, name: str, rules: SourceCleaning) -> SourceChange:
    """Give a source other rules of its own; they hold for what comes from then on.

    Raises:
        NotFoundError: there is no such source.
    """
    async with app.database.begin() as session:
        source = await sources.find(session, name)
        before = dict(source.cleaning)
        source.cleaning = rules.row()
        session.add(source)
        await session.flush()
    return SourceChange(source, before, dict(source.cleaning))


async def try_on(app: App, name: str, url: str, rules: SourceCleaning) -> Tried:
    """Read a page as the source's rules make it, and as others would; nothing is kept.

    Raises:
        NotFoundError: there is no such source.
        RefusedError: `page_address`, it is no web address.
        SourceError: it cannot be fetched, or there is no article on it.
    """
    if not is_address(url):
        raise RefusedError("page_address", "Give the web address of an article's page.")
    async with app.database.read() as session:
        source = await sources.find(session, name)
    answer = await app.http.get(url, robots=True, named_by=source.location)
    read = []
    for own in (SourceCleaning.of(source.cleaning), rules):
        read.append(
            await app.http.sandbox.page(
                answer.body,
                url=answer.url,
                zone=source.timezone,
                now=app.clock.now(),
                charset=answer.charset,
                names=(source.name, source.location),
                own=own.crossing(),
            )
        )
    before, after = read
    kept = set(after.paragraphs)
    return Tried(before, after, tuple(one for one in before.paragraphs if one not in kept))


async def articles_of(app: App, source_id: int) -> list[Article]:
    """Return the articles that a source brought last, newest first."""
    async with app.database.read() as session:
        return await latest_of(session, source_id, SHOWN)


async def sample_page(app: App, source: Source) -> str:
    """Return the address of its newest article that has one, to try rules on; empty where there is none."""
    newest = await articles_of(app, row_id(source))
    return next((one.url for one in newest if one.url), "")
