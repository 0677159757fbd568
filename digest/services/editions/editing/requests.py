"""What somebody asks to change, made into edits: checked against what the edition says now."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from digest.errors import RefusedError
from digest.model import (
    ArticleRef,
    Edit,
    EditKind,
    MailingList,
    Section,
    SectionSpec,
    Story,
    Summary,
    SummarySentence,
)
from digest.services.app import App
from digest.services.audience.lists import specs
from digest.services.editions.editing.applying import EditedContent
from digest.services.editions.editing.splitting import story_apart
from digest.services.editions.editing.wording import (
    LONGEST_HEADLINE,
    LONGEST_SUBJECT,
    LONGEST_TEXT,
    retold,
    written,
)
from digest.text.words.sentences import split

LONGEST_URL = 2_000
SHORTEST_KEY = 4
SPLIT_KEY = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class EditRequest:
    """What a form or a command asks for. `articles` are places among a story's articles, from 1."""

    action: str
    story: str = ""
    headline: str | None = None
    text: str | None = None
    section: str = ""
    place: int = 0
    other: str = ""
    articles: tuple[int, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class _EditContext:
    app: App
    mailing_list: MailingList
    now: EditedContent
    request: EditRequest

    def story(self, key: str | None = None) -> Story:
        return story_of(self.now.content.stories, self.request.story if key is None else key)

    def section_of(self, story: Story) -> tuple[Section, int]:
        """Return the section that a story stands in, and its place in it, from 1."""
        for section in self.now.content.sections:
            for at, one in enumerate(section.stories, 1):
                if one.key == story.key:
                    return section, at
        raise _no_story()

    def spec(self, key: str) -> SectionSpec:
        """Return a section that the list has, or the edition."""
        known = {one.key: one for one in specs(self.mailing_list)}
        for one in self.now.content.sections:
            known.setdefault(one.key, SectionSpec(key=one.key, title=one.title, colour=one.colour))
        if key not in known:
            raise RefusedError("no_section", f"The list has no section {key!r}.")
        return known[key]


Maker = Callable[[_EditContext], Awaitable[Sequence[Edit]]]


async def edits_of(
    app: App, mailing_list: MailingList, now: EditedContent, request: EditRequest
) -> tuple[Edit, ...]:
    """Return the edits that do what is asked, to be applied in this order; none when it is so already.

    Raises:
        RefusedError: there is no such action, story, section or article, or a text is empty or too long.
    """
    maker = _MAKERS.get(request.action)
    if maker is None:
        raise RefusedError("no_action", f"Nothing is called {request.action!r}.")
    return tuple(await maker(_EditContext(app, mailing_list, now, request)))


def story_of(stories: Sequence[Story], key: str) -> Story:
    """Return the story of a key, or of its first letters.

    Raises:
        RefusedError: there is none, or more than one.
    """
    found = [one for one in stories if one.key == key]
    found = found or [one for one in stories if len(key) >= SHORTEST_KEY and one.key.startswith(key)]
    if len(found) != 1:
        raise _no_story()
    return found[0]


def _no_story() -> RefusedError:
    return RefusedError("no_such_story", "The edition has no such story any more.")


async def _up(asked: _EditContext) -> Sequence[Edit]:
    return _by(asked, -1)


async def _down(asked: _EditContext) -> Sequence[Edit]:
    return _by(asked, 1)


def _by(asked: _EditContext, steps: int) -> Sequence[Edit]:
    story = asked.story()
    section, at = asked.section_of(story)
    place = min(max(1, at + steps), len(section.stories))
    return () if place == at else [Edit(kind=EditKind.MOVE, story=story.key, place=place)]


async def _move(asked: _EditContext) -> Sequence[Edit]:
    story = asked.story()
    section, at = asked.section_of(story)
    wanted = asked.request.section or section.key
    place = max(1, min(asked.request.place or 1, 999))
    if wanted == section.key:
        place = min(place, len(section.stories))
        return () if place == at else [Edit(kind=EditKind.MOVE, story=story.key, place=place)]
    spec = asked.spec(wanted)
    return [
        Edit(
            kind=EditKind.MOVE,
            story=story.key,
            section=spec.key,
            title=spec.title,
            colour=spec.colour,
            place=place,
        )
    ]


async def _pin(asked: _EditContext) -> Sequence[Edit]:
    story = asked.story()
    return () if story.pinned else [Edit(kind=EditKind.PIN, story=story.key)]


async def _unpin(asked: _EditContext) -> Sequence[Edit]:
    story = asked.story()
    return [Edit(kind=EditKind.UNPIN, story=story.key)] if story.pinned else ()


async def _drop(asked: _EditContext) -> Sequence[Edit]:
    return [Edit(kind=EditKind.DROP, story=asked.story().key)]


async def _restore(asked: _EditContext) -> Sequence[Edit]:
    return [Edit(kind=EditKind.RESTORE, story=story_of(asked.now.dropped, asked.request.story).key)]


async def _merge(asked: _EditContext) -> Sequence[Edit]:
    into, other = asked.story(), asked.story(asked.request.other)
    if into.key == other.key:
        raise RefusedError("merge_itself", "A story is merged with another one.")
    return [Edit(kind=EditKind.MERGE, story=into.key, other=other.key)]


async def _split(asked: _EditContext) -> Sequence[Edit]:
    story = asked.story()
    places = sorted({one - 1 for one in asked.request.articles})
    if not places or places[0] < 0 or places[-1] >= len(story.articles) or len(places) == len(story.articles):
        raise RefusedError("split_some", "Some of a story's articles are split off, not all.")
    gone = [story.articles[at] for at in places]
    if not all(one.url for one in gone):
        raise RefusedError("split_some", "An article without an address stays where it is.")
    urls = tuple(one.url or "" for one in gone)
    key = f"{story.key[:24]}-{sha256(' '.join(urls).encode()).hexdigest()[:SPLIT_KEY]}"
    made = await story_apart(asked.app, asked.mailing_list, story, places, key)
    return [Edit(kind=EditKind.SPLIT, story=story.key, urls=urls, made=made)]


async def _title(asked: _EditContext) -> Sequence[Edit]:
    story = asked.story()
    at = next(iter(asked.request.articles), 0) - 1
    if not 0 <= at < len(story.articles):
        raise RefusedError("no_article", "The story has no such article.")
    ref = story.articles[at]
    if ref.title == story.headline and at == 0:
        return ()
    return [Edit(kind=EditKind.TITLE, story=story.key, urls=(ref.url or "",))]


async def _words(asked: _EditContext) -> Sequence[Edit]:
    """Headline and summary of a story; what is not given, or as it was, stays."""
    story, request, edits = asked.story(), asked.request, []
    if request.headline is not None:
        headline = written(request.headline, LONGEST_HEADLINE)
        if headline != story.headline:
            edits.append(Edit(kind=EditKind.HEADLINE, story=story.key, text=headline))
    if request.text is not None:
        text = written(request.text, LONGEST_TEXT, may_be_empty=True)
        if text != story.summary.text:
            edits.append(retold(story, text, asked.mailing_list.language))
    return edits


async def _add(asked: _EditContext) -> Sequence[Edit]:
    """An item of the newsroom's own: its headline, perhaps a text and an address."""
    request = asked.request
    headline = written(request.headline or "", LONGEST_HEADLINE)
    text = written(request.text or "", LONGEST_TEXT, may_be_empty=True)
    url = request.url.strip()
    if url and (not url.startswith(("https://", "http://")) or len(url) > LONGEST_URL or " " in url):
        raise RefusedError("url", "An address begins with https://.")
    spec = asked.spec(request.section or next(iter(specs(asked.mailing_list))).key)
    key = sha256(f"own {headline} {text} {url}".encode()).hexdigest()[:16]
    if any(one.key == key for one in (*asked.now.content.stories, *asked.now.dropped)):
        return ()  # the same form, sent twice
    made = Story(
        key=key,
        headline=headline,
        section=spec.key,
        articles=(ArticleRef(title=headline, source=asked.mailing_list.name, url=url or None),),
        summary=Summary(
            sentences=tuple(SummarySentence(text=one) for one in split(text, asked.mailing_list.language)),
            method="edited",
        ),
        own=True,
    )
    return [
        Edit(
            kind=EditKind.ADD,
            story=key,
            section=spec.key,
            title=spec.title,
            colour=spec.colour,
            place=max(1, min(request.place or 1, 999)),
            made=made,
        )
    ]


async def _opening(asked: _EditContext) -> Sequence[Edit]:
    text = written(asked.request.text or "", LONGEST_HEADLINE * 2, may_be_empty=True)
    return [Edit(kind=EditKind.OPENING, text=text)]


async def _subject(asked: _EditContext) -> Sequence[Edit]:
    text = written(asked.request.text or "", LONGEST_SUBJECT, may_be_empty=True)
    return () if text == asked.now.content.subject else [Edit(kind=EditKind.SUBJECT, text=text)]


_MAKERS: Mapping[str, Maker] = {
    "up": _up,
    "down": _down,
    "move": _move,
    "pin": _pin,
    "unpin": _unpin,
    "drop": _drop,
    "restore": _restore,
    "merge": _merge,
    "split": _split,
    "title": _title,
    "words": _words,
    "add": _add,
    "opening": _opening,
    "subject": _subject,
}
