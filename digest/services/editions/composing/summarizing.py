"""Write the stories of an edition: headline, summary, why it matters; then the overviews."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from digest.model import (
    Article,
    ArticleRef,
    EditionOpening,
    MailingList,
    Rights,
    Section,
    Source,
    Story,
    Summary,
    SummarySentence,
)
from digest.render.presenters.plan import DAILY
from digest.services.app import ProgressReporter
from digest.summarize import tolls
from digest.summarize.extract import titles
from digest.summarize.extract.reading import read
from digest.summarize.protocol import EventSummary, Summarizer
from digest.text.words.conjunction import without_conjunction
from digest.text.words.spelling import respelled, spellings
from digest.text.words.stops import with_stop

OVERVIEW_WORDS = 60
OPENING_WORDS = 80
LEAD_ROOM = 5 / 3
"""The lead has so many times the words of another story: 100 for 60."""


@dataclass(frozen=True, slots=True)
class SummaryInputs:
    """What it takes to summarize stories. `members` are a story's articles, by its key."""

    summarizer: Summarizer
    mailing_list: MailingList
    members: Mapping[str, tuple[Article, ...]]
    sources: Mapping[int | None, Source]


async def summarized(
    inputs: SummaryInputs, sections: Sequence[Section], report: ProgressReporter
) -> tuple[Section, ...]:
    """Tell every story of these sections, and open each section with stories of it that the mail has no room
    for.

    No two stories give one measure two values: a further sentence that contradicts a heavier story goes.
    Names have one spelling in the headlines and overviews.
    """
    every = [story for section in sections for story in section.stories]
    lead = min(every, key=_weight).key if every else ""
    summaries: dict[str, Story] = {}
    for done, story in enumerate(every, 1):
        summaries[story.key] = await _summary(inputs, story, is_lead=story.key == lead)
        report.step("summarize", done, len(every))
    summaries = _agreeing(summaries)
    changes = spellings(_texts(summaries.values()))
    summaries = {key: _respelled(story, changes) for key, story in summaries.items()}
    # A section's best story and the heaviest of all stand in the mail, told or named.
    in_mail = {max(section.stories, key=lambda one: one.score).key for section in sections if section.stories}
    in_mail |= {story.key for story in sorted(summaries.values(), key=_weight)[: DAILY.items]}
    beside = [
        *_texts(story for key, story in summaries.items() if key in in_mail),
        *(story.headline for story in summaries.values()),
    ]
    more = {
        key: tuple(
            without_conjunction(one.text)
            for one in story.summary.sentences[:1]
            if _stands_in(one.text, inputs.members[key])
        )
        if key not in in_mail and _is_free(inputs.members[key], inputs.sources)
        else ()
        for key, story in summaries.items()
    }
    finished = []
    for section in sections:
        stories = tuple(summaries[story.key] for story in section.stories)
        overview = inputs.summarizer.overview(stories, max_words=OVERVIEW_WORDS, more=more, beside=beside)
        finished.append(
            section.model_copy(update={"stories": stories, "overview": respelled(overview, changes)})
        )
    return tuple(finished)


def _stands_in(sentence: str, members: Sequence[Article]) -> bool:
    """Whether a sentence stands with its stop in an article: one that was cut opens no section."""
    return any(sentence in paragraph for one in members for paragraph in one.paragraphs)


async def opened(inputs: SummaryInputs, sections: Sequence[Section]) -> EditionOpening:
    """Open an edition of summarized stories, the heaviest first; nothing is written over fewer than two.

    What may only be named, or told in so many words, does not open it.
    """
    every = sorted((story for section in sections for story in section.stories), key=_weight)
    free = [story for story in every if _is_free(inputs.members[story.key], inputs.sources)]
    if len(free) < 2:
        return EditionOpening()
    language = inputs.mailing_list.language
    opening = await inputs.summarizer.opening(free, language=language, max_words=OPENING_WORDS)
    return opening.model_copy(
        update={
            "sentences": tuple(
                one.model_copy(update={"text": with_stop(one.text, language)}) for one in opening.sentences
            )
        }
    )


def headlined(story: Story, members: Sequence[Article], sources: Mapping[int | None, Source]) -> Story:
    """Return a story with the headline that an edition gives it, its article first. Reads all its
    articles.
    """
    if _is_headline_only(members, sources):
        return _with_headline(story, titles.cleaned(members[0].title, members[0].source_name), 0)
    allowed = [index for index, one in enumerate(members) if _may_be_quoted(one, sources)]
    found = read([members[index] for index in allowed]).headline
    return _with_headline(story, found.text, allowed[found.article], is_title=found.is_title)


async def _summary(inputs: SummaryInputs, story: Story, *, is_lead: bool) -> Story:
    members = inputs.members[story.key]
    if _is_headline_only(members, inputs.sources):
        named = await asyncio.to_thread(headlined, story, members, inputs.sources)
        return named.model_copy(update={"summary": Summary(method="headline")})
    allowed = [index for index, one in enumerate(members) if _may_be_quoted(one, inputs.sources)]
    words = inputs.mailing_list.summary_words
    words = round(words * LEAD_ROOM) if is_lead else words
    lead_source = inputs.sources.get(members[0].source_id)
    if lead_source is not None and lead_source.summary_words:
        words = min(words, lead_source.summary_words)
    written = await inputs.summarizer.summarize([members[index] for index in allowed], max_words=words)
    quoted = _quoting(story, written, allowed, members)
    if _is_rationed([members[index] for index in allowed], inputs.sources):
        return quoted.model_copy(update={"why": None})
    return quoted


def _quoting(
    story: Story, written: EventSummary, allowed: Sequence[int], members: Sequence[Article]
) -> Story:
    """A story with what was told of its `allowed` articles, the one that bears the headline first."""
    first = allowed[written.headline_article] if allowed else 0
    named = _with_headline(story, written.headline or story.headline, first, is_title=written.is_title)
    quote = {}
    for sentence in (*written.summary.sentences, *((written.why,) if written.why else ())):
        article = members[allowed[sentence.article]]
        quote[sentence] = sentence.model_copy(
            update={
                "article": _moved(allowed[sentence.article], first),
                "text": with_stop(_as_begun(sentence, written), article.language),
            }
        )
    return named.model_copy(
        update={
            "summary": written.summary.model_copy(
                update={"sentences": tuple(quote[one] for one in written.summary.sentences)}
            ),
            "why": quote[written.why] if written.why else None,
        }
    )


def _as_begun(sentence: SummarySentence, written: EventSummary) -> str:
    """A sentence, without the «و» that tied it to another one where it stands first or alone."""
    first = written.summary.sentences[:1]
    return without_conjunction(sentence.text) if sentence in (*first, written.why) else sentence.text


def _moved(index: int, first: int) -> int:
    """Where an article stands when that at `first` was put before all."""
    return 0 if index == first else index + (index < first)


def _with_headline(story: Story, headline: str, first: int, *, is_title: bool = True) -> Story:
    credited = story.articles[first]
    if is_title:
        credited = credited.model_copy(update={"title": headline})
    rest: tuple[ArticleRef, ...] = (*story.articles[:first], *story.articles[first + 1 :])
    return story.model_copy(update={"headline": headline, "articles": (credited, *rest)})


def _agreeing(stories: Mapping[str, Story]) -> dict[str, Story]:
    """Drop what contradicts a heavier story, from the lighter ones: further sentences alone, for the first is
    the news itself.
    """
    agreed: dict[str, Story] = {}
    said: list[str] = []
    for story in sorted(stories.values(), key=_weight):
        sentences = story.summary.sentences
        kept = tuple(
            one
            for at, one in enumerate(sentences)
            if at == 0 or not any(tolls.conflict(one.text, other) for other in said)
        )
        why = story.why
        if why and any(tolls.conflict(why.text, other) for other in said):
            why = None
        said += [story.headline, *(one.text for one in kept)]
        summary = story.summary.model_copy(update={"sentences": kept})
        agreed[story.key] = story.model_copy(update={"summary": summary, "why": why})
    return {key: agreed[key] for key in stories}


def _respelled(story: Story, changes: Mapping[str, str]) -> Story:
    headline = respelled(story.headline, changes)
    first, *rest = story.articles
    title = headline if first.title == story.headline else first.title
    articles = (first.model_copy(update={"title": title}), *rest)
    return story.model_copy(update={"headline": headline, "articles": articles})


def _texts(stories: Iterable[Story]) -> list[str]:
    return [
        text for story in stories for text in (story.headline, *(one.text for one in story.summary.sentences))
    ]


def _weight(story: Story) -> tuple[bool, float]:
    return not story.breaking, -story.score


def _is_headline_only(members: Sequence[Article], known: Mapping[int | None, Source]) -> bool:
    source = known.get(members[0].source_id)
    return source is not None and source.rights is Rights.HEADLINE


def _is_rationed(members: Sequence[Article], known: Mapping[int | None, Source]) -> bool:
    """Whether a source of these articles lets only so many words of it be told."""
    return any(source.summary_words for one in members if (source := known.get(one.source_id)))


def _is_free(members: Sequence[Article], known: Mapping[int | None, Source]) -> bool:
    return not _is_rationed(members, known) and all(_may_be_quoted(one, known) for one in members)


def _may_be_quoted(article: Article, known: Mapping[int | None, Source]) -> bool:
    source = known.get(article.source_id)
    return source is None or source.rights is not Rights.HEADLINE
