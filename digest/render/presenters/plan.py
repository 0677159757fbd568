"""Which stories an edition tells, which it names in one line, and which it leaves to the web."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from digest.model import EditionContent, Section, Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """How much a layout takes.

    `top` stories stand above the sections; `summarized` have a summary, the top ones included; `items` counts
    those and the lines. A section tells `per_section` stories in `sentences` sentences; the top ones have all
    of theirs.
    """

    top: int = 1
    summarized: int = 20
    items: int = 26
    sections: int = 12
    per_section: int = 10
    sentences: int = 3
    figures: int = 3


DAILY = Measures()
MEASURES: Mapping[str, Measures] = MappingProxyType(
    {
        "daily": DAILY,
        "weekly": Measures(top=5, summarized=22, sentences=1),
        "breaking": Measures(summarized=1, items=6, sections=0, figures=0),
    }
)


LEAST_OF_A_SECTION = 0.7
"""A section's best story goes before heavier ones of others when it weighs so much of the lightest that would
be told.
"""


@dataclass(frozen=True, slots=True)
class Placed:
    """A story and the section it comes from."""

    section: Section
    story: Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Top stories, heaviest first; sections and lines in the list's order. `left_out` counts what is only on
    the web.
    """

    top: tuple[Placed, ...]
    sections: tuple[tuple[Section, tuple[Placed, ...]], ...]
    brief: tuple[Placed, ...]
    left_out: int


def place(content: EditionContent, measures: Measures) -> Plan:
    """Place every story of an edition. Equal weights keep the order of the edition.

    The lead is what an editor pinned, else what is breaking, else what weighs most; a story without a summary
    leads only when none has one. Every section tells its best story before any tells a second, unless that is
    far lighter than what waits: then it is named in a line.
    """
    every = [Placed(section, story) for section in content.sections for story in section.stories]
    by_weight = sorted(every, key=_weight)
    top = by_weight[: measures.top]
    rest = _without(by_weight, top)
    summarized = _summarized(rest, measures, measures.summarized - len(top))
    brief = _without(rest, summarized)[: max(0, measures.items - len(top) - len(summarized))]
    named = _ids(brief)
    return Plan(
        top=tuple(top),
        sections=tuple(
            (section, stories)
            for section in content.sections
            if (stories := tuple(one for one in summarized if one.section is section))
        ),
        brief=tuple(one for one in every if id(one) in named),
        left_out=len(every) - len(top) - len(summarized) - len(brief),
    )


def lead_of(content: EditionContent) -> str:
    """Return the key of the story that leads an edition; "" of one without stories."""
    top = place(content, DAILY).top
    return top[0].story.key if top else ""


def _weight(one: Placed) -> tuple[bool, bool, bool, float]:
    return not one.story.pinned, not one.story.breaking, not one.story.summary.sentences, -one.story.score


def _summarized(rest: Iterable[Placed], measures: Measures, room: int) -> list[Placed]:
    """The stories that sections tell, heaviest first within each; no more than `room` in all."""
    by_section: dict[int, list[Placed]] = {}
    for one in rest:
        if one.story.summary.sentences:
            by_section.setdefault(id(one.section), []).append(one)
    chosen = list(by_section.values())[: measures.sections]
    heaviest = sorted((one for stories in chosen for one in stories), key=_weight)[: max(0, room)]
    least = LEAST_OF_A_SECTION * heaviest[-1].story.score if heaviest else 0.0
    best = [stories[0] for stories in chosen]
    first = [one for one in best if one.story.score >= least or one.story.breaking][: max(0, room)]
    rest_of_them = (one for stories in chosen for one in stories[: measures.per_section])
    more = sorted(_without(rest_of_them, first), key=_weight)
    kept = _ids(first + more[: max(0, room - len(first))])
    return [one for stories in chosen for one in stories if id(one) in kept]


def _without(stories: Iterable[Placed], others: list[Placed]) -> list[Placed]:
    gone = _ids(others)
    return [one for one in stories if id(one) not in gone]


def _ids(stories: Iterable[Placed]) -> set[int]:
    # Two stories may be equal in all that they say; each stands for itself.
    return {id(one) for one in stories}
