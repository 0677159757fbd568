"""Stories into the sections of a list, in its order and within its measures; and why a story is not among
them.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from digest.model import Section, SectionSpec, Story
from digest.model.news.story import Value

MISC = "misc"

REASONS = {
    "in": "في القسم، رتبته {n}",
    "no_section": "لا قسم له في هذه القائمة",
    "section_full": "امتلأ القسم بأخبار أثقل",
    "edition_full": "امتلأ العدد بأخبار أثقل",
    "outlet_share": "استوفى المصدر حصته في القسم",
}


class Placement(Value):
    """What became of one story: the section it went to (None: left out) and the reason, in Arabic.

    `place` is its rank within the section, 1 first; 0 when it was left out.
    """

    key: str
    headline: str
    section: str | None
    reason: str
    place: int = 0


@dataclass(frozen=True, slots=True)
class _Choice:
    """Places in the list of stories: those chosen, by section and heaviest first, and why the others are
    not.
    """

    chosen: dict[str, list[int]]
    left_out: dict[int, str]


def arrange(
    stories: Sequence[Story], specs: Sequence[SectionSpec], *, max_stories: int
) -> tuple[Section, ...]:
    """Return the sections in the order of `specs`, each with its stories, heaviest first; empty ones are left
    out.

    A story whose key no spec has goes to "misc" if there is such a spec, else it is left out. A section has
    no more than its `max_stories`; of stories that it alone tells one outlet has no more than half where
    others have stories to give. All together are no more than `max_stories`, the heaviest; but every section
    that has a story keeps its best one, even beyond that number.
    """
    chosen = _choose(stories, specs, max_stories).chosen
    return tuple(
        Section(
            key=spec.key,
            title=spec.title,
            colour=spec.colour,
            stories=tuple(stories[place] for place in chosen[spec.key]),
        )
        for spec in _each_once(specs)
        if chosen.get(spec.key)
    )


def explain(
    stories: Sequence[Story], specs: Sequence[SectionSpec], *, max_stories: int
) -> tuple[Placement, ...]:
    """Say of every story, in the order given, where `arrange` puts it or why it leaves it out."""
    choice = _choose(stories, specs, max_stories)
    homes = {
        place: (key, nth) for key, listed in choice.chosen.items() for nth, place in enumerate(listed, 1)
    }
    verdicts = []
    for place, story in enumerate(stories):
        home, nth = homes.get(place, (None, 0))
        reason = REASONS["in"].format(n=nth) if home else REASONS[choice.left_out[place]]
        verdicts.append(
            Placement(key=story.key, headline=story.headline, section=home, reason=reason, place=nth)
        )
    return tuple(verdicts)


def _each_once(specs: Sequence[SectionSpec]) -> tuple[SectionSpec, ...]:
    return tuple(
        {spec.key: spec for spec in reversed(specs)}[key] for key in dict.fromkeys(s.key for s in specs)
    )


def _choose(stories: Sequence[Story], specs: Sequence[SectionSpec], max_stories: int) -> _Choice:
    caps = {spec.key: max(0, spec.max_stories) for spec in _each_once(specs)}
    waiting: defaultdict[str, list[int]] = defaultdict(list)
    left_out: dict[int, str] = {}
    order = sorted(range(len(stories)), key=lambda place: (-stories[place].score, stories[place].key, place))
    for place in order:
        key = stories[place].section if stories[place].section in caps else MISC
        if key in caps:
            waiting[key].append(place)
        else:
            left_out[place] = "no_section"
    room = _room(stories, waiting, caps, max_stories)
    chosen: dict[str, list[int]] = {}
    for key, places in waiting.items():
        chosen[key], passed_over = _diverse(stories, places, room[key])
        full = "section_full" if room[key] == caps[key] else "edition_full"
        taken = set(chosen[key])
        left_out |= {
            place: "outlet_share" if place in passed_over else full for place in places if place not in taken
        }
    return _Choice(chosen, left_out)


def _room(
    stories: Sequence[Story], waiting: dict[str, list[int]], caps: dict[str, int], max_stories: int
) -> Counter[str]:
    """Share the edition's room out: one for the best of each section, then to the heaviest stories that are
    left.
    """
    room = Counter({key: min(1, caps[key]) for key in waiting})
    rest = [
        (-stories[place].score, key, place)
        for key, places in waiting.items()
        for place in places[1 : caps[key]]
    ]
    for _, key, _ in sorted(rest)[: max(0, max_stories - room.total())]:
        room[key] += 1
    return room


def _diverse(stories: Sequence[Story], places: list[int], room: int) -> tuple[list[int], set[int]]:
    """Take the heaviest stories, of those that one outlet alone tells at first no more than half of the room
    from one; also say who had to step back.
    """
    share = max(1, min(room, len(places)) // 2)
    led: Counter[str] = Counter()
    taken: list[int] = []
    stepped_back: list[int] = []
    for place in places:
        if len(taken) >= room:
            break
        outlet = stories[place].articles[0].source if stories[place].articles else ""
        if len(stories[place].outlets) > 1:
            taken.append(place)
        elif led[outlet] < share:
            led[outlet] += 1
            taken.append(place)
        else:
            stepped_back.append(place)
    spare = max(0, room - len(taken))
    taken += stepped_back[:spare]
    return sorted(taken, key=places.index), set(stepped_back[spare:])
