"""What a topic weighs, which of its stories is told, and what does not lead an edition; pure."""

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from digest.curate.events.likeness import print_of
from digest.curate.events.rare import Rarity
from digest.curate.events.topics import sides, topics
from digest.curate.ranking.rank import OUTLETS_WEIGHT, Ranked
from digest.model.news.sections import section_of

TOGETHER = "مصادر الموضوع كله: {n} ({share:.2f})"
BEHIND = "لا يتصدر العدد وفي غيره خبر نقلته مصادر عدة (ناقص {share:.2f})"
WRITTEN = "كُتب عنه في المدة: {n} ({share:.2f})"
JOINED = "ضُم إلى خبر في الموضوع نفسه"
SIDELIGHT = "جانب آخر مما ترويه أخبار أثقل (ناقص {share:.2f})"
SIDELIGHT_WEIGHT = -1.5
_RARE_NAME = 0.55
LIGHT = frozenset({"sport", "culture", "technology", "misc"})
"""Sections that lead an edition only when no other has a story of two outlets."""
LIGHT_WEIGHT = -0.8
ARTICLES_WEIGHT = 0.5
NEARLY = 0.85
"""What a later story must weigh of a topic's heaviest to be its end."""
_STEP = 0.01


@dataclass(frozen=True, slots=True)
class Topic:
    """Stories of one event: the one that is told, with the weight of all, and the others, heaviest first."""

    main: Ranked
    others: tuple[Ranked, ...] = ()


def by_topic(
    ranked: Sequence[Ranked], weights: Mapping[str, float], *, latest: bool = False
) -> tuple[Topic, ...]:
    """Join stories of one event, heaviest topic first. `latest`: the newest of a topic's stories that weigh
    nearly what its heaviest does is told.

    A topic weighs what its told story does, and for outlets what all its outlets do. It is an update when one
    of them is. Sides of one matter stand under the heaviest and add nothing to its weight.
    """
    found = []
    for places in topics([one.articles for one in ranked], week=latest):
        of_topic = sorted((ranked[place] for place in places), key=lambda one: -one.score)
        main = _latest(of_topic) if latest else of_topic[0]
        others = tuple(one for one in of_topic if one is not main)
        weighed = _weighed(main, of_topic, weights)
        found.append(Topic(_written_of(weighed, of_topic) if latest else weighed, others))
    found.sort(key=lambda topic: -topic.main.score)
    return _after_their_like(_with_their_sides(found))


def _with_their_sides(found: Sequence[Topic]) -> list[Topic]:
    """Put what reacts to one thing, or follows from one incident, under the heaviest, whose weight stays."""
    matters = [tuple(a for one in (topic.main, *topic.others) for a in one.articles) for topic in found]
    joined = []
    for first, *rest in sides(matters):
        more = (one for place in rest for one in (found[place].main, *found[place].others))
        joined.append(replace(found[first], others=(*found[first].others, *more)))
    return joined


def _after_their_like(found: Sequence[Topic]) -> tuple[Topic, ...]:
    """Put what one outlet alone tells of somebody or some place behind, where a heavier story of its section
    names the same.
    """
    prints = [print_of(topic.main.articles[0]) for topic in found]
    rarity = Rarity(prints)
    named: defaultdict[str, set[int]] = defaultdict(set)
    placed = []
    for topic, one in zip(found, prints, strict=True):
        section = section_of(topic.main.articles)
        rare = {mark for mark in one.names.title if rarity(mark) > _RARE_NAME}
        main = topic.main
        if not topic.others and len(_outlets(main)) == 1 and rare & named[section]:
            reasons = (*main.reasons, SIDELIGHT.format(share=-SIDELIGHT_WEIGHT))
            main = replace(main, score=round(main.score + SIDELIGHT_WEIGHT, 4), reasons=reasons)
        named[section] |= rare
        placed.append(replace(topic, main=main))
    return tuple(sorted(placed, key=lambda topic: -topic.main.score))


def _latest(stories: Sequence[Ranked]) -> Ranked:
    """The end of what went on for days: the latest story that weighs nearly what the heaviest does."""
    enough = NEARLY * max(one.score for one in stories)
    great = [one for one in stories if one.score >= enough]
    return max(great, key=lambda one: (max(article.when for article in one.articles), one.score))


def _outlets(one: Ranked) -> frozenset[str]:
    return frozenset(article.source_name for article in one.articles)


def _weighed(main: Ranked, stories: Sequence[Ranked], weights: Mapping[str, float]) -> Ranked:
    every = frozenset().union(*map(_outlets, stories))
    share = _of_outlets(every, weights) - _of_outlets(_outlets(main), weights)
    heaviest = max(one.score for one in stories) - main.score
    update = any(one.update for one in stories)
    if len(stories) == 1 or share + heaviest <= 0:
        return replace(main, update=update)
    share = max(share, heaviest)
    reasons = (*main.reasons, TOGETHER.format(n=len(every), share=share))
    return replace(main, score=round(main.score + share, 4), reasons=reasons, update=update)


def _written_of(main: Ranked, stories: Sequence[Ranked]) -> Ranked:
    """Weigh how often an event was written of, which over a week says how great it was."""
    count = sum(len(one.articles) for one in stories)
    if count == 1:
        return main
    share = ARTICLES_WEIGHT * math.log2(count)
    reasons = (*main.reasons, WRITTEN.format(n=count, share=share))
    return replace(main, score=round(main.score + share, 4), reasons=reasons)


def _of_outlets(outlets: Collection[str], weights: Mapping[str, float]) -> float:
    return OUTLETS_WEIGHT * math.log2(1 + sum(max(0.0, weights.get(name, 1.0)) for name in outlets))


def light_behind(found: Sequence[Topic], section: Callable[[Ranked], str]) -> tuple[Topic, ...]:
    """Put what is of a light section behind the heaviest other story that several outlets tell, if there is
    one.
    """
    grave = [
        topic.main.score
        for topic in found
        if section(topic.main) not in LIGHT
        and len(frozenset().union(*map(_outlets, (topic.main, *topic.others)))) > 1
    ]
    if not grave:
        return tuple(found)
    highest = max(grave) - _STEP
    return tuple(
        replace(topic, main=_behind(topic.main, min(highest, topic.main.score + LIGHT_WEIGHT)))
        if section(topic.main) in LIGHT
        else topic
        for topic in found
    )


def _behind(main: Ranked, highest: float) -> Ranked:
    share = main.score - highest
    return replace(main, score=round(highest, 4), reasons=(*main.reasons, BEHIND.format(share=share)))
