"""Remember what was found for short texts, within a bound of entries and of bytes. Pure but for that."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

_Found = TypeVar("_Found")

LONGEST = 32
"""Characters of a text that is remembered: words of people are shorter, and a stranger's text may have any
length.
"""


def cached_when_short(
    most: int, *, longest: int = LONGEST
) -> Callable[[Callable[[str], _Found]], Callable[[str], _Found]]:
    """Return a decorator of a pure function of one text: at most `most` answers are remembered, those asked
    for last.

    A text of more than `longest` characters is worked on anew each time, so that what all entries hold is
    bounded, whatever strangers write.
    """

    def remembering(work: Callable[[str], _Found]) -> Callable[[str], _Found]:
        kept = lru_cache(maxsize=most)(work)

        @wraps(work)
        def found(text: str) -> _Found:
            return kept(text) if len(text) <= longest else work(text)

        return found

    return remembering
