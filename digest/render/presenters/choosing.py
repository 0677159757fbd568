"""What an edition holds for who chose so: sections in their order, without what is muted."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from digest.errors import NothingToSendError
from digest.model import EditionContent, Section, Story
from digest.model.people.choice import Choice
from digest.text.words.normalise import clean, fold
from digest.text.words.tokens import stems, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a choice comes to in one edition; choices that come to the same share a rendering.

    `sections` are the keys of those shown, in the reader's order. `muted` are the places of stories that are
    left out, counted through the edition. `digits` and `months` are None where the list's are meant.
    """

    sections: tuple[str, ...]
    muted: tuple[int, ...] = ()
    digits: str | None = None
    months: str | None = None
    hijri: bool = True
    headlines_only: bool = False


@dataclass(slots=True)
class Choosing:
    """An edition's content, with what has been found out about it while choices were settled."""

    content: EditionContent
    _stories: list[tuple[str, Story]] = field(init=False)
    _texts: list[str] = field(init=False)
    _outlets: list[str] = field(init=False)
    _holding: dict[str, frozenset[int]] = field(default_factory=dict)
    _by_outlet: dict[str, frozenset[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._stories = [(part.key, story) for part in self.content.sections for story in part.stories]
        self._texts = [_text_of(story) for _, story in self._stories]
        self._outlets = [_name(story.outlets[0]) if story.outlets else "" for _, story in self._stories]

    def settled(self, choice: Choice) -> Settled:
        """Return what a choice comes to.

        Raises:
            NothingToSendError: none of the chosen sections is in this edition, or all in them is muted.
        """
        shown = self._shown(choice)
        muted: set[int] = set()
        for word in choice.muted_words:
            muted |= self._with(word)
        for outlet in choice.muted_outlets:
            muted |= self._of(outlet)
        here = [place for place, (key, _) in enumerate(self._stories) if key in shown]
        left_out = tuple(place for place in here if place in muted)
        if not here or len(left_out) == len(here):
            raise NothingToSendError(
                "None of the chosen sections is in this edition."
                if not here
                else "All that was chosen of this edition is muted.",
                remedy="Leave its reader out of this edition.",
            )
        return Settled(
            sections=shown,
            muted=left_out,
            digits=choice.digits,
            months=choice.months,
            hijri=choice.hijri,
            headlines_only=choice.headlines_only,
        )

    def content_of(self, settled: Settled) -> EditionContent:
        """Return the content as those get it whose choice comes to that."""
        if not settled.muted and settled.sections == tuple(part.key for part in self.content.sections):
            return self.content
        muted = {id(self._stories[place][1]) for place in settled.muted}
        parts = {part.key: part for part in self.content.sections}
        kept = (_without(parts[key], muted) for key in settled.sections)
        return self.content.model_copy(update={"sections": tuple(part for part in kept if part.stories)})

    def _shown(self, choice: Choice) -> tuple[str, ...]:
        keys = [part.key for part in self.content.sections]
        wanted = keys if choice.sections is None else [key for key in keys if key in choice.sections]
        first = [key for key in choice.order if key in wanted]
        return tuple(
            key for key in (*first, *(one for one in wanted if one not in first)) if key not in choice.never
        )

    def _with(self, word: str) -> frozenset[int]:
        if word not in self._holding:
            sought = f" {' '.join(_stems(word))} "
            self._holding[word] = frozenset(
                place for place, text in enumerate(self._texts) if sought.strip() and sought in text
            )
        return self._holding[word]

    def _of(self, outlet: str) -> frozenset[int]:
        if outlet not in self._by_outlet:
            name = _name(outlet)
            self._by_outlet[outlet] = frozenset(
                place for place, found in enumerate(self._outlets) if name and found == name
            )
        return self._by_outlet[outlet]


def _without(section: Section, muted: Iterable[int]) -> Section:
    gone = set(muted)
    stories = tuple(story for story in section.stories if id(story) not in gone)
    if len(stories) == len(section.stories):
        return section
    # What sums up the section may speak of what is left out.
    return section.model_copy(update={"stories": stories, "overview": ""})


def _text_of(story: Story) -> str:
    """All that a mail says of a story, as stems between blanks."""
    said = (story.headline, story.summary.text, *(article.title for article in story.articles))
    return f" {' '.join(one for text in said for one in (*_stems(text), '·'))} "


def _stems(text: str) -> list[str]:
    return stems(text) or words(text)


def _name(outlet: str) -> str:
    """One spelling of an outlet's name: with or without hamza, marks and the article."""
    return " ".join(word.removeprefix("ال") or word for word in fold(clean(outlet)).split())
