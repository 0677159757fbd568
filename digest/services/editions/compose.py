"""From articles to the content of an edition: group, rank, arrange, summarize."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from digest.curate.arrange import Placement, arrange, explain
from digest.curate.cluster import WINDOW, continued, group, key_of
from digest.curate.lead import JOINED, Topic, by_topic, light_behind
from digest.curate.rank import Ranked, Ranking, weigh
from digest.curate.updates import Memory
from digest.model import (
    Article,
    EditionContent,
    EditionKind,
    MailingList,
    Rights,
    Section,
    Source,
    Story,
    Summary,
)
from digest.model.told import ToldBefore
from digest.services.app import App, Report
from digest.services.audience.lists import specs
from digest.services.editions.corrections import pending
from digest.services.editions.data_blocks import read_blocks
from digest.services.editions.stories import section_of, story_of
from digest.services.schedule.kinds import is_review, regular_kind
from digest.storage import articles, editions, sources
from digest.summarize.protocol import Summarizer

MEMORY = timedelta(days=8)
"""How long a list remembers what it told, so that no story comes twice unless it moved on."""
OVERVIEW_WORDS = 60


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
    """What an edition is to tell, before it is summarized. `members` are a story's articles, lead first, by its key."""

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
    mailing: MailingList,
    window: Window,
    *,
    number: int,
    kind: str,
    report: Report,
    keep: Callable[[Chosen], Chosen] = _everything,
) -> Composed:
    """Make an edition's content from the articles of a window; its sections are empty when nothing is new.

    The same articles give the same sections. An alert has no blocks and no corrections. `keep` may leave some out first.
    """
    chosen = keep(await choose(app, mailing, window, report=report, kind=EditionKind(kind)))
    alert = kind == EditionKind.BREAKING
    telling = _Telling(app.summarizer.for_edition(), mailing, chosen.members, chosen.sources)
    content = EditionContent(
        list_slug=mailing.slug,
        list_name=mailing.name,
        language=mailing.language,
        number=number,
        kind=str(kind),
        local_date=window.day,
        window_start=window.start,
        window_end=window.end,
        sections=await _summarized(telling, chosen.sections, report),
        blocks=() if alert else await read_blocks(app, mailing.blocks),
        corrections=() if alert else await pending(app, mailing, EditionKind(kind)),
    )
    return Composed(content=content, articles=chosen.articles, stories=chosen.stories, cases=chosen.cases)


async def choose(
    app: App, mailing: MailingList, window: Window, *, report: Report, kind: EditionKind | None = None
) -> Chosen:
    """Group and weigh the articles of a window and put them into the list's sections; keep what was decided and why.

    Articles that earlier editions of that kind (None: of the list's regular one) told, and that came shortly before the window, are put to the stories that go on with
    them, so that today's development of yesterday's story is known as one.
    """
    async with app.database.begin() as session:
        found = await articles.in_window(session, window.start, window.end, source_ids=window.source_ids)
        told = await editions.told_before(
            session, mailing.id or 0, window.start - MEMORY, window.day, _read_by_its_readers(mailing, kind)
        )
        background = await articles.by_urls(
            session, told.addresses, window.start - WINDOW, window.start, source_ids=window.source_ids
        )
        known = {source.id: source for source in await sources.all_sources(session, by_hand=True)}
    if window.source_ids is None:
        found = [article for article in found if not _by_hand(article, known)]
    report.step("curate", 0, len(found))
    standings = {article.source_name: _standing(article, known) for article in (*background, *found)}
    groups = await asyncio.to_thread(lambda: continued(group(found), background))
    review = is_review(mailing, kind or regular_kind(mailing))
    ranking = await asyncio.to_thread(_weighed, mailing, window.end, groups, standings, told, ages=not review)
    plan = specs(mailing)
    keys = {spec.key for spec in plan}
    topics = light_behind(
        await asyncio.to_thread(by_topic, ranking.kept, standings, latest=review),
        lambda one: section_of(one.articles, keys),
    )
    report.step("curate", len(found), len(found))
    memory = Memory(told)
    members = {
        key_of(one.told.articles): tuple(map(memory.without_told, one.told.articles)) for one in topics
    }
    stories = [story_of(topic, keys) for topic in topics]
    cases = [
        Case(story=story, verdict=verdict)
        for story, verdict in zip(
            stories, explain(stories, plan, max_stories=mailing.max_stories), strict=True
        )
    ]
    joined = [_left_out(one, keys, JOINED) for topic in topics for one in topic.others]
    dropped = [
        _left_out(Ranked(articles=one.articles, score=one.score, reasons=one.reasons), keys, one.reason)
        for one in ranking.dropped
    ]
    return Chosen(
        sections=arrange(stories, plan, max_stories=mailing.max_stories),
        cases=(*cases, *joined, *dropped),
        members=members,
        sources=known,
        articles=len(found),
        stories=len(stories),
    )


def _read_by_its_readers(mailing: MailingList, kind: EditionKind | None) -> tuple[EditionKind, ...]:
    """Which kinds of edition its readers have read before: alerts, too, before a list's regular edition."""
    kind = kind or regular_kind(mailing)
    if kind is EditionKind.BREAKING or is_review(mailing, kind):
        return (kind,)
    return kind, EditionKind.BREAKING


def _weighed(
    mailing: MailingList,
    now: datetime,
    groups: Sequence[tuple[Article, ...]],
    standings: Mapping[str, float],
    told: ToldBefore,
    *,
    ages: bool,
) -> Ranking:
    return weigh(
        groups,
        now=now,
        standings=standings,
        keywords=mailing.keywords,
        told_before=told,
        pinned=mailing.pins,
        score_floor=mailing.score_floor,
        oldest=timedelta(hours=mailing.freshness_hours) if mailing.freshness_hours else None,
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


def _standing(article: Article, known: Mapping[int | None, Source]) -> float:
    source = known.get(article.source_id)
    return source.standing if source else 1.0


@dataclass(frozen=True, slots=True)
class _Telling:
    """What the telling of a story needs to know."""

    summarizer: Summarizer
    mailing: MailingList
    members: Mapping[str, tuple[Article, ...]]
    sources: Mapping[int | None, Source]


async def _summarized(telling: _Telling, sections: Sequence[Section], report: Report) -> tuple[Section, ...]:
    total = sum(len(section.stories) for section in sections)
    done = 0
    finished = []
    for section in sections:
        stories: list[Story] = []
        more: dict[str, Sequence[str]] = {}
        for story in section.stories:
            told, left_out = await _summary(telling, story)
            stories.append(told)
            more[told.key] = left_out
            done += 1
            report.step("summarize", done, total)
        overview = telling.summarizer.overview(stories, max_words=OVERVIEW_WORDS, more=more)
        finished.append(section.model_copy(update={"stories": tuple(stories), "overview": overview}))
    return tuple(finished)


async def _summary(telling: _Telling, story: Story) -> tuple[Story, Sequence[str]]:
    """Summarize a story; also return other openings that its sources allow to be told."""
    members = telling.members[story.key]
    lead_source = telling.sources.get(members[0].source_id)
    if lead_source is not None and lead_source.rights is Rights.HEADLINE:
        return story.model_copy(update={"summary": Summary(method="headline")}), ()
    allowed = [one for one in members if _may_be_quoted(one, telling.sources)]
    words = telling.mailing.summary_words
    if lead_source is not None and lead_source.summary_words:
        words = min(words, lead_source.summary_words)
    told = await telling.summarizer.summarize(allowed, max_words=words)
    place = {id(article): index for index, article in enumerate(members)}
    sentences = tuple(
        sentence.model_copy(update={"article": place[id(allowed[sentence.article])]})
        for sentence in told.summary.sentences
    )
    summarized = story.model_copy(
        update={
            "headline": told.headline or story.headline,
            "summary": told.summary.model_copy(update={"sentences": sentences}),
        }
    )
    return summarized, () if _is_rationed(allowed, telling.sources) else told.more


def _is_rationed(members: Sequence[Article], known: Mapping[int | None, Source]) -> bool:
    """Whether a source of these articles lets only so many words of it be told."""
    return any(source.summary_words for one in members if (source := known.get(one.source_id)))


def _may_be_quoted(article: Article, known: Mapping[int | None, Source]) -> bool:
    source = known.get(article.source_id)
    return source is None or source.rights is not Rights.HEADLINE
