"""An edition while edits are applied to it: its sections and stories, to be taken and put. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from digest.model import EditionContent, EditionOpening, Section, Story, SummarySentence


@dataclass(slots=True)
class DraftSection:
    """A section with the stories that stand in it now."""

    section: Section
    stories: list[Story]


@dataclass(slots=True)
class EditionDraft:
    """An edition while edits are applied to it. `order` are the keys of the list's sections."""

    places: list[DraftSection]
    order: Sequence[str]
    opening: EditionOpening
    subject: str
    dropped: dict[str, tuple[Section, int, Story]] = field(default_factory=dict)

    def find(self, key: str) -> tuple[DraftSection, int] | None:
        """Return where a story stands, or None."""
        for place in self.places:
            for at, story in enumerate(place.stories):
                if story.key == key:
                    return place, at
        return None

    def change(self, key: str, change: Callable[[Story], Story]) -> None:
        """Put a changed story in its place; one that is not there stays away."""
        if found := self.find(key):
            place, at = found
            place.stories[at] = change(place.stories[at])

    def take(self, key: str) -> tuple[Section, int, Story] | None:
        """Take a story out; return its section and its place in it, counted from 0."""
        if (found := self.find(key)) is None:
            return None
        place, at = found
        return place.section, at, place.stories.pop(at)

    def put(self, section: Section, at: int, story: Story) -> None:
        """Put a story into a section; one that is not there yet is made, where the list has it."""
        here = next((one for one in self.places if one.section.key == section.key), None)
        if here is None:
            here = DraftSection(section.model_copy(update={"stories": (), "overview": ""}), [])
            self.places.insert(self._room(section.key), here)
        here.stories.insert(max(0, at), story.model_copy(update={"section": section.key}))

    def _room(self, key: str) -> int:
        rank = {one: at for at, one in enumerate(self.order)}
        mine = rank.get(key, len(rank))
        after = (at for at, one in enumerate(self.places) if rank.get(one.section.key, len(rank)) > mine)
        return next(after, len(self.places))


def draft_of(content: EditionContent, order: Sequence[str]) -> EditionDraft:
    """Return a draft of an edition; `order` are the keys of the list's sections in theirs."""
    sections = [DraftSection(one, list(one.stories)) for one in content.sections]
    return EditionDraft(sections, order, content.opening, content.subject)


def with_articles(story: Story, kept: Sequence[int]) -> Story:
    """Return a story of these of its articles, in this order; what others said goes with them."""
    where = {old: new for new, old in enumerate(kept)}

    def cited(sentence: SummarySentence) -> SummarySentence:
        return sentence.model_copy(update={"article": where[sentence.article]})

    sentences = tuple(cited(one) for one in story.summary.sentences if one.article in where)
    why = story.why if story.why and story.why.article in where else None
    return story.model_copy(
        update={
            "articles": tuple(story.articles[index] for index in kept),
            "summary": story.summary.model_copy(update={"sentences": sentences}),
            "why": cited(why) if why else None,
        }
    )
