"""Why a story is in an edition, or not: for words, a number or an address, and for what was never
collected.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from digest.collect.clean.url import canonical
from digest.collect.failures import Happening
from digest.curate.ranking import arrange, lead, rank
from digest.errors import InputError
from digest.model import Article, EditKind, MailingList, Source
from digest.model.people.choice import Choice
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.editions.composing.compose import Case, Window
from digest.services.editions.composing.explain import cases_of, matching, window_of
from digest.services.editions.composing.find import of_day
from digest.services.editions.composing.hidden import choice_of_reader, hidden_by
from digest.services.sources.health import Health, health_of
from digest.storage.articles import articles, list_sources, sources
from digest.storage.editions import edits
from digest.text.words.tokens import stems

BACK = timedelta(days=8)
MOST = 20
MOST_TITLES = 50_000
MOST_PUT_ASIDE = 2_000
KINDS = (
    "in", "dropped", "merged", "muted", "unchosen", "joined", "section_full", "edition_full", "outlet_share", "no_section", "told", "old", "light",
    "left_out", "not_read", "by_hand", "outside", "put_aside", "not_there", "no_source",
)  # fmt: skip
"""All that can be said, in the order of the words for it."""
_BY_REASON = {
    **{words: key for key, words in arrange.REASONS.items() if key != "in"},
    **{rank.REASONS[key]: key for key in ("told", "old", "light")},
    lead.JOINED: "joined",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryAnswer:
    """What became of one thing that was asked for. `kind` is one of `KINDS`.

    `title`, `outlet` and `url` name what was found. `story` is its case, `other` the story that stands for it
    (merged, joined) or outweighs it. `detail` is what was noted when it was put aside, or who left it out;
    `health` how the source fares that would have brought it.
    """

    kind: str
    title: str = ""
    outlet: str = ""
    url: str = ""
    when: datetime | None = None
    story: Case | None = None
    other: Case | None = None
    detail: str = ""
    health: Health | None = None


async def answers_for(
    app: App, mailing_list: MailingList, wanted: str, day: date | None = None, *, reader: str = ""
) -> tuple[StoryAnswer, ...]:
    """Return why what is `wanted` (an address, words of a headline, a story's number or key) is in the
    edition of a date (None: today) or not; never empty. For a `reader`, an address, also what that one does
    not get.

    Raises:
        NotFoundError: no such reader is on the list.
        InputError: that is no address.
    """
    choice = await choice_of_reader(app, mailing_list, reader) if reader else None
    try:
        cases: tuple[Case, ...] = await cases_of(app, mailing_list, day)
    except InputError:
        cases = ()
    text = " ".join(wanted.split())
    url = canonical(text) if "://" in text else None
    matched = [one for one in cases if _has(one, url)] if url else list(matching(cases, text))
    if matched:
        answers = [_of_case(one, url, text, cases) for one in matched[:MOST]]
        answers = await _as_edited(app, mailing_list, day, answers)
        if choice is not None:
            window = await window_of(app, mailing_list, day)
            answers = [_for_reader(one, mailing_list, window, choice) for one in answers]
        return tuple(answers)
    if stored := await _stored(app, mailing_list, day, text, url):
        return stored
    if dropped := await _put_aside(app, text, url):
        return dropped
    return (await _never_came(app, url),)


async def _as_edited(
    app: App, mailing_list: MailingList, day: date | None, answers: Sequence[StoryAnswer]
) -> list[StoryAnswer]:
    """What editors left out of the edition of that date is told as theirs, whatever its weight."""
    edition = await of_day(app, mailing_list, (await window_of(app, mailing_list, day)).day)
    if edition is None:
        return list(answers)
    dropped: dict[str, str] = {}
    async with app.database.read() as session:
        for row in await edits.of_edition(session, row_id(edition)):
            if row.edit["kind"] == EditKind.DROP:
                dropped[row.edit["story"]] = row.made_by
            elif row.edit["kind"] == EditKind.RESTORE:
                dropped.pop(row.edit["story"], None)
    return [
        replace(one, kind="dropped", detail=dropped[one.story.story.key], other=None)
        if one.story is not None and one.story.story.key in dropped
        else one
        for one in answers
    ]


def _for_reader(
    answer: StoryAnswer, mailing_list: MailingList, window: Window, choice: Choice
) -> StoryAnswer:
    case = answer.story
    if case is None or answer.kind == "dropped" or case.verdict.section is None:
        return answer
    hidden = hidden_by(mailing_list, window, case.story, case.verdict.section, choice)
    return replace(answer, kind=hidden) if hidden else answer


def _has(case: Case, url: str | None) -> bool:
    return any(canonical(one.url) == url for one in case.story.articles)


def _of_case(case: Case, url: str | None, text: str, cases: Sequence[Case]) -> StoryAnswer:
    story = case.story
    asked = [one for one in story.articles if canonical(one.url) == url] if url else []
    words = frozenset(stems(text))
    asked = asked or [one for one in story.articles if words and words <= frozenset(stems(one.title))]
    first = asked[0] if asked else story.articles[0]
    kind = "in" if case.is_in else _BY_REASON.get(case.verdict.reason, "left_out")
    if case.is_in and first is not story.articles[0] and first.title != story.headline:
        kind = "merged"
    return StoryAnswer(
        kind=kind,
        title=first.title,
        outlet=first.source,
        url=first.url or "",
        when=first.published_at,
        story=case,
        other=case if kind == "merged" else _instead(kind, case, cases),
    )


def _instead(kind: str, case: Case, cases: Iterable[Case]) -> Case | None:
    """The story that stands in its place: of those that had room, the lightest; of its topic, the
    likest.
    """
    inside = [one for one in cases if one.is_in]
    if kind in {"section_full", "outlet_share"}:
        inside = [one for one in inside if one.verdict.section == case.story.section]
    elif kind == "joined":
        own = frozenset(stems(case.story.headline))
        return max(inside, key=lambda one: len(own & frozenset(stems(one.story.headline))), default=None)
    elif kind != "edition_full":
        return None
    return min(inside, key=lambda one: one.story.score, default=None)


async def _stored(
    app: App, mailing_list: MailingList, day: date | None, text: str, url: str | None
) -> tuple[StoryAnswer, ...]:
    """What was collected, and is no matter of that edition."""
    window = await window_of(app, mailing_list, day)
    async with app.database.read() as session:
        if url:
            found = await articles.of_address(session, url, MOST)
        else:
            titles = await articles.titles_since(session, window.end - BACK, MOST_TITLES)
            ids = await asyncio.to_thread(_saying, titles, frozenset(stems(text)))
            found = list((await articles.by_ids(session, ids)).values())
        reading = await list_sources.reading(session, mailing_list)
        known = {one.id: one for one in await sources.all_sources(session, by_hand=True)}
    answers = []
    for one in found:
        source = known.get(one.source_id)
        if not reading.has(one.source_id):
            kind = "not_read"
        elif source is not None and source.by_hand:
            kind = "by_hand"
        elif not window.start <= one.when < window.end:
            kind = "outside"
        else:
            kind = "left_out"
        answers.append(_of_article(kind, one))
    return tuple(answers)


def _of_article(kind: str, one: Article) -> StoryAnswer:
    return StoryAnswer(kind=kind, title=one.title, outlet=one.source_name, url=one.url or "", when=one.when)


def _saying(titles: Sequence[tuple[int, str]], words: frozenset[str]) -> list[int]:
    if not words:
        return []
    found = (number for number, title in titles if words <= frozenset(stems(title)))
    return [number for number, _ in zip(found, range(MOST), strict=False)]


async def _put_aside(app: App, text: str, url: str | None) -> tuple[StoryAnswer, ...]:
    """What came and was not taken, by what the sources' histories noted."""
    since = app.clock.now() - BACK
    async with app.database.read() as session:
        lines = await sources.put_aside_since(session, Happening.QUARANTINED.value, since, MOST_PUT_ASIDE)
    words = frozenset(stems(text))
    found = [
        (source, line)
        for source, line in lines
        if (url and url in line.detail) or (not url and words and words <= frozenset(stems(line.detail)))
    ]
    return tuple(
        StoryAnswer(kind="put_aside", outlet=source.name or source.location, when=line.at, detail=line.detail)
        for source, line in found[:MOST]
    )


async def _never_came(app: App, url: str | None) -> StoryAnswer:
    """Nothing like it is here: either its site is a source, and how that fares is said, or it is none."""
    host = _host(url)
    async with app.database.read() as session:
        known = await sources.all_sources(session) if host else []
        source = next((one for one in known if _host(one.location) == host), None)
        lines = await sources.history(session, row_id(source), 1) if source and source.failures else []
    if source is None:
        return StoryAnswer(kind="no_source" if host else "not_there", url=url or "", outlet=host)
    health = health_of(source, app.clock.now(), app.settings.collect, lines[0] if lines else None)
    return StoryAnswer(kind="not_there", url=url or "", outlet=_name(source), health=health)


def _name(source: Source) -> str:
    return source.name or source.location


def _host(address: str | None) -> str:
    return (urlsplit(address or "").hostname or "").removeprefix("www.")
