"""From articles to the content of an edition: group, rank, arrange, summarize."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from digest.curate.events.cluster import WINDOW, continued, group, key_of
from digest.curate.ranking.arrange import Placement, arrange, explain
from digest.curate.ranking.lead import JOINED, Topic, by_topic, light_behind
from digest.curate.ranking.rank import Ranked, Ranking, weigh
from digest.curate.ranking.updates import Memory
from digest.model import (
    Article,
    EditionContent,
    EditionKind,
    EditionOpening,
    MailingList,
    Section,
    Source,
    Story,
)
from digest.model.news.published import PublishedBefore
from digest.model.rows import row_id
from digest.services.app import App, ProgressReporter
from digest.services.audience.list_sources import weights_of
from digest.services.audience.lists import specs
from digest.services.editions.composing.data_blocks import read_blocks
from digest.services.editions.composing.stories import shown_in, story_of
from digest.services.editions.composing.summarizing import SummaryInputs, opened, summarized
from digest.services.editions.corrections import pending
from digest.services.schedule.kinds import is_review, regular_kind
from digest.storage.articles import articles, list_sources, sources
from digest.storage.editions import editions

MEMORY = timedelta(days=8)
"""How long a list remembers what it told, so that no story comes twice unless it moved on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which articles an edition is made of. `source_ids` None: those of all stored sources."""

    day: date
    start: datetime
    end: datetime
    source_ids: frozenset[int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """An edition's content, what it was made from, and what became of every story."""

    content: EditionContent
    articles: int
    stories: int
    cases: tuple["Case", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A story and what was decided on it: in an edition or out of it, and why; words are Arabic.

    The story's `score` is the weight that decided, its `reasons` say what that is the sum of.
    """

    story: Story
    verdict: Placement

    @property
    def is_in(self) -> bool:
        """Whether the edition tells it."""
        return self.verdict.section is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What an edition is to tell, before it is summarized. `members` are a story's articles, lead first, by
    its key.
    """

    sections: tuple[Section, ...]
    cases: tuple[Case, ...]
    members: Mapping[str, tuple[Article, ...]]
    sources: Mapping[int | None, Source]
    articles: int
    stories: int


def _everything(chosen: Chosen) -> Chosen:
    return chosen


async def compose(
    app: App,
    mailing_list: MailingList,
    window: Window,
    *,
    number: int,
    kind: EditionKind,
    report: ProgressReporter,
    keep: Callable[[Chosen], Chosen] = _everything,
) -> Composed:
    """Make an edition's content from the articles of a window; its sections are empty when nothing is new.

    The same articles give the same sections. An alert has no blocks and no corrections. `keep` may leave some
    out first.
    """
    chosen = keep(await choose(app, mailing_list, window, report=report, kind=kind))
    alert = kind is EditionKind.BREAKING
    inputs = SummaryInputs(app.summarizer.for_edition(), mailing_list, chosen.members, chosen.sources)
    sections = await summarized(inputs, chosen.sections, report)
    content = EditionContent(
        list_slug=mailing_list.slug,
        list_name=mailing_list.name,
        language=mailing_list.language,
        number=number,
        kind=kind,
        local_date=window.day,
        window_start=window.start,
        window_end=window.end,
        sections=sections,
        opening=EditionOpening() if alert else await opened(inputs, sections),
        blocks=() if alert else await read_blocks(app, mailing_list.blocks),
        corrections=() if alert else await pending(app, mailing_list, kind),
    )
    return Composed(content=content, articles=chosen.articles, stories=chosen.stories, cases=chosen.cases)


async def choose(
    app: App,
    mailing_list: MailingList,
    window: Window,
    *,
    report: ProgressReporter,
    kind: EditionKind | None = None,
) -> Chosen:
    """Group and weigh the articles of a window and put them into the list's sections; keep what was decided
    and why.

    Articles that earlier editions of that kind (None: of the list's regular one) told, and that came shortly
    before the window, are put to the stories that go on with them, so that today's development of yesterday's
    story is known as one.
    """
    async with app.database.begin() as session:
        reading = await list_sources.reading(session, mailing_list)
        source_ids = reading.only if window.source_ids is None else window.source_ids
        found = await articles.in_window(session, window.start, window.end, source_ids=source_ids)
        published = await editions.published_before(
            session,
            row_id(mailing_list),
            window.start - MEMORY,
            window.day,
            _read_by_its_readers(mailing_list, kind),
        )
        background = await articles.by_urls(
            session, published.addresses, window.start - WINDOW, window.start, source_ids=source_ids
        )
        known = {source.id: source for source in await sources.all_sources(session, by_hand=True)}
    if window.source_ids is None:
        found = [one for one in found if not _by_hand(one, known) and reading.has(one.source_id)]
        background = [one for one in background if reading.has(one.source_id)]
    report.step("curate", 0, len(found))
    weights = weights_of((*background, *found), known, reading.weights)
    groups = await asyncio.to_thread(lambda: continued(group(found), background))
    review = is_review(mailing_list, kind or regular_kind(mailing_list))
    ranking = await asyncio.to_thread(
        _weighed, mailing_list, window.end, groups, weights, published, ages=not review
    )
    plan = specs(mailing_list)
    keys = {spec.key for spec in plan}
    topics = light_behind(
        await asyncio.to_thread(by_topic, ranking.kept, weights, latest=review),
        lambda one: shown_in(one.articles, keys),
    )
    report.step("curate", len(found), len(found))
    memory = Memory(published)
    members = {
        key_of(one.main.articles): tuple(map(memory.without_published, one.main.articles)) for one in topics
    }
    stories = [story_of(topic, keys) for topic in topics]
    cases = [
        Case(story=story, verdict=verdict)
        for story, verdict in zip(
            stories, explain(stories, plan, max_stories=mailing_list.max_stories), strict=True
        )
    ]
    joined = [_left_out(one, keys, JOINED) for topic in topics for one in topic.others]
    dropped = [
        _left_out(Ranked(articles=one.articles, score=one.score, reasons=one.reasons), keys, one.reason)
        for one in ranking.dropped
    ]
    return Chosen(
        sections=arrange(stories, plan, max_stories=mailing_list.max_stories),
        cases=(*cases, *joined, *dropped),
        members=members,
        sources=known,
        articles=len(found),
        stories=len(stories),
    )


def _read_by_its_readers(mailing_list: MailingList, kind: EditionKind | None) -> tuple[EditionKind, ...]:
    """Which kinds of edition its readers have read before: alerts, too, before a list's regular edition."""
    kind = kind or regular_kind(mailing_list)
    if kind is EditionKind.BREAKING or is_review(mailing_list, kind):
        return (kind,)
    return kind, EditionKind.BREAKING


def _weighed(
    mailing_list: MailingList,
    now: datetime,
    groups: Sequence[tuple[Article, ...]],
    weights: Mapping[str, float],
    published: PublishedBefore,
    *,
    ages: bool,
) -> Ranking:
    return weigh(
        groups,
        now=now,
        weights=weights,
        keywords=mailing_list.keywords,
        published=published,
        pinned=mailing_list.pins,
        score_floor=mailing_list.score_floor,
        oldest=timedelta(hours=mailing_list.freshness_hours) if mailing_list.freshness_hours else None,
        ages=ages,
    )


def _left_out(one: Ranked, keys: Collection[str], reason: str) -> Case:
    story = story_of(Topic(one), keys)
    return Case(
        story=story,
        verdict=Placement(key=story.key, headline=story.headline, section=None, reason=reason),
    )


def _by_hand(article: Article, known: Mapping[int | None, Source]) -> bool:
    source = known.get(article.source_id)
    return source is not None and source.by_hand
