"""What an editor says does not belong to a source's articles. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from digest.errors import RefusedError

MOST_PHRASES = 50
LONGEST_PHRASE = 200


@dataclass(frozen=True, slots=True)
class SourceCleaning:
    """Rules of one source, in plain words and not in patterns.

    noise: a line in which one of these stands goes. stop: a line that begins with one of these ends the
    article. selector: the CSS selector of the element that holds the text; empty: it is found.
    """

    noise: tuple[str, ...] = ()
    stop: tuple[str, ...] = ()
    selector: str = ""

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> Self:
        """Return what a source's row holds; whatever is not there says nothing."""
        known = kept or {}
        return cls(tuple(known.get("noise", ())), tuple(known.get("stop", ())), known.get("selector", ""))

    @classmethod
    def typed(cls, noise: Iterable[str], stop: Iterable[str], selector: str = "") -> Self:
        """Return the rules that somebody typed, a phrase a line; empty lines say nothing.

        Raises:
            RefusedError: `phrases`, there are too many of them, or one is too long.
        """
        made = cls(_phrases(noise), _phrases(stop), " ".join(selector.split()))
        if len(made.selector) > LONGEST_PHRASE:
            raise RefusedError("phrases", f"A selector has {LONGEST_PHRASE} characters at most.")
        return made

    def __bool__(self) -> bool:
        return bool(self.noise or self.stop or self.selector)

    def row(self) -> dict[str, Any]:
        """Return it as a source's row holds it."""
        return {name: list(one) if isinstance(one, tuple) else one for name, one in asdict(self).items()}

    def crossing(self) -> tuple[tuple[str, ...], tuple[str, ...], str]:
        """Return it as it crosses to a child process."""
        return self.noise, self.stop, self.selector


def _phrases(lines: Iterable[str]) -> tuple[str, ...]:
    found: Sequence[str] = [" ".join(one.split()) for one in lines]
    phrases = tuple(dict.fromkeys(one for one in found if one))
    if len(phrases) > MOST_PHRASES or any(len(one) > LONGEST_PHRASE for one in phrases):
        raise RefusedError(
            "phrases", f"There may be {MOST_PHRASES} phrases, each of {LONGEST_PHRASE} characters at most."
        )
    return phrases
