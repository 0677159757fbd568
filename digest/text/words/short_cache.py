"""Remember what was found for short texts, within a bound of entries and of bytes. Pure but for that."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Generic, TypeVar

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


class Remembered(dict[str, _Found], Generic[_Found]):
    """What a pure function of one text gives, by text: `remembered[text]`.

    For what is asked for hundreds of times an article: a known text costs one look into a dictionary. At most
    `most` texts are kept, those asked for last by halves: when half of them are new since the last time, the
    older half is forgotten. One of more than `longest` characters is worked on anew each time.
    """

    def __init__(self, work: Callable[[str], _Found], *, most: int, longest: int = LONGEST) -> None:
        super().__init__()
        self._work, self._half, self._longest = work, most // 2, longest
        self._older: dict[str, _Found] = {}

    def __missing__(self, text: str) -> _Found:
        if len(text) > self._longest:
            return self._work(text)
        older = self._older  # another thread may put another in its place meanwhile
        found = older[text] if text in older else self._work(text)
        if len(self) >= self._half:
            self._older = dict(self)
            self.clear()
        self[text] = found
        return found
