"""Which section a story is in, by what its articles say. Pure."""

from collections.abc import Sequence
from typing import Protocol

MISC = "misc"
"""The section of what belongs to no other."""
SECTION_KEYS = ("politics", "economy", "sport", "culture", "technology", "health", "religion", "local", MISC)
_LEAD = 0.01
"""What the lead's word weighs more than another's: enough to break a tie."""


class HasSection(Protocol):
    """What the rule reads of an article."""

    @property
    def section(self) -> str | None:
        """A section's key; None: nobody said."""

    @property
    def section_confidence(self) -> float:
        """How sure that is, from 0 to 1."""


def section_of(articles: Sequence[HasSection]) -> str:
    """Return the key of the section that most of a story's articles are sure of; its lead, the first, breaks
    a tie.

    "misc" stands back behind every other key, and is the answer when no article has one.
    """
    weight: dict[str, float] = {}
    for place, article in enumerate(articles):
        if article.section:
            more = article.section_confidence + (_LEAD if place == 0 else 0.0)
            weight[article.section] = weight.get(article.section, 0.0) + more
    named = {key: value for key, value in weight.items() if key != MISC} or weight
    return max(named, key=lambda key: named[key]) if named else MISC
