"""The stories that an edition was chosen to tell, told: headline, summary, why it matters; then the
overviews.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from digest.model import Article, ArticleRef, MailingList, Rights, Section, Source, Story, Summary
from digest.services.app import ProgressReporter
from digest.summarize import tolls
from digest.summarize.extract import titles
from digest.summarize.extract.reading import read
from digest.summarize.protocol import Summarizer, Told
from digest.text.words.spelling import respelled, spellings
from digest.text.words.stops import with_stop

OVERVIEW_WORDS = 60
LEAD_ROOM = 5 / 3
"""The lead has so many times the words of another story: 100 for 60."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What the telling of a story needs to know. `members` are a story's articles, by its key."""

    summarizer: Summarizer
    mailing_list: MailingList
    members: Mapping[str, tuple[Article, ...]]
    sources: Mapping[int | None, Source]


async def summarized(
    telling: Telling, sections: Sequence[Section], report: ProgressReporter
) -> tuple[Section, ...]:
    """Tell every story of these sections, and open each section with what the mail does not tell elsewhere.

    No two stories give one measure two values: a further sentence that contradicts a heavier story goes.
    Names have one spelling in the headlines and overviews.
    """
    every = [story for section in sections for story in section.stories]
    lead = min(every, key=_weight).key if every else ""
    told: dict[str, Story] = {}
    more: dict[str, Sequence[str]] = {}
    for done, story in enumerate(every, 1):
        told[story.key], more[story.key] = await _summary(telling, story, is_lead=story.key == lead)
        report.step("summarize", done, len(every))
    told = _agreeing(told)
    changes = spellings(_texts(told.values()))
    told = {key: _respelled(story, changes) for key, story in told.items()}
    beside = _texts(told.values())
    finished = []
    for section in sections:
        stories = tuple(told[story.key] for story in section.stories)
        overview = telling.summarizer.overview(stories, max_words=OVERVIEW_WORDS, more=more, beside=beside)
        finished.append(
            section.model_copy(update={"stories": stories, "overview": respelled(overview, changes)})
        )
    return tuple(finished)


def headlined(story: Story, members: Sequence[Article], sources: Mapping[int | None, Source]) -> Story:
    """Return a story with the headline that an edition gives it, its article first. Reads all its
    articles.
    """
    if _is_headline_only(members, sources):
        return _with_headline(story, titles.cleaned(members[0].title, members[0].source_name), 0)
    allowed = [index for index, one in enumerate(members) if _may_be_quoted(one, sources)]
    found = read([members[index] for index in allowed]).headline
    return _with_headline(story, found.text, allowed[found.article], is_title=found.is_title)


async def _summary(telling: Telling, story: Story, *, is_lead: bool) -> tuple[Story, Sequence[str]]:
    """Summarize a story; also return other openings that its sources allow to be told."""
    members = telling.members[story.key]
    if _is_headline_only(members, telling.sources):
        named = await asyncio.to_thread(headlined, story, members, telling.sources)
        return named.model_copy(update={"summary": Summary(method="headline")}), ()
    allowed = [index for index, one in enumerate(members) if _may_be_quoted(one, telling.sources)]
    words = telling.mailing_list.summary_words
    words = round(words * LEAD_ROOM) if is_lead else words
    lead_source = telling.sources.get(members[0].source_id)
    if lead_source is not None and lead_source.summary_words:
        words = min(words, lead_source.summary_words)
    told = await telling.summarizer.summarize([members[index] for index in allowed], max_words=words)
    quoted = _quoting(story, told, allowed, members)
    if _is_rationed([members[index] for index in allowed], telling.sources):
        return quoted.model_copy(update={"why": None}), ()
    return quoted, told.more


def _quoting(story: Story, told: Told, allowed: Sequence[int], members: Sequence[Article]) -> Story:
    """A story with what was told of its `allowed` articles, the one that bears the headline first."""
    first = allowed[told.headline_article] if allowed else 0
    named = _with_headline(story, told.headline or story.headline, first, is_title=told.is_title)
    quote = {}
    for sentence in (*told.summary.sentences, *((told.why,) if told.why else ())):
        article = members[allowed[sentence.article]]
        quote[sentence] = sentence.model_copy(
            update={
                "article": _moved(allowed[sentence.article], first),
                "text": with_stop(sentence.text, article.language),
            }
        )
    return named.model_copy(
        update={
            "summary": told.summary.model_copy(
                update={"sentences": tuple(quote[one] for one in told.summary.sentences)}
            ),
            "why": quote[told.why] if told.why else None,
        }
    )


def _moved(index: int, first: int) -> int:
    """Where an article stands when that at `first` was put before all."""
    return 0 if index == first else index + (index < first)


def _with_headline(story: Story, headline: str, first: int, *, is_title: bool = True) -> Story:
    credited = story.articles[first]
    if is_title:
        credited = credited.model_copy(update={"title": headline})
    rest: tuple[ArticleRef, ...] = (*story.articles[:first], *story.articles[first + 1 :])
    return story.model_copy(update={"headline": headline, "articles": (credited, *rest)})


def _agreeing(told: Mapping[str, Story]) -> dict[str, Story]:
    """Drop what contradicts a heavier story, from the lighter ones: further sentences alone, for the first is
    the news itself.
    """
    agreed: dict[str, Story] = {}
    said: list[str] = []
    for story in sorted(told.values(), key=_weight):
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
    return {key: agreed[key] for key in told}


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


def _may_be_quoted(article: Article, known: Mapping[int | None, Source]) -> bool:
    source = known.get(article.source_id)
    return source is None or source.rights is not Rights.HEADLINE
