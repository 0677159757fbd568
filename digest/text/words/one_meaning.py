"""Words that headlines take for each other: other names of one body, and words of one meaning."""

from collections.abc import Sequence

from digest.text.words.lexicon import read_lines
from digest.text.words.normalise import fold
from digest.text.words.tokens import stem


def _read_names() -> dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]:
    """By its first word: each other name, and the name that stands for it, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for line in read_lines("other_names"):
        other, _, name = " ".join(line).partition(" = ")
        said = tuple(fold(other).split())
        found.setdefault(said[0], []).append((said, tuple(fold(name).split())))
    return {first: sorted(each, key=lambda pair: -len(pair[0])) for first, each in found.items()}


def _read_meanings() -> dict[str, str]:
    return {
        stem(word): stem(line[0])
        for line in (list(map(fold, each)) for each in read_lines("one_meaning"))
        for word in line
    }


_NAMES = _read_names()
_MEANINGS = _read_meanings()


def with_usual_names(folded: Sequence[str]) -> list[str]:
    """Return folded words with the usual name of a body in the place of its others: «مخابرات مركزية» for «سي
    آي إيه».
    """
    said: list[str] = []
    at = 0
    while at < len(folded):
        for other, name in _NAMES.get(folded[at], ()):
            if tuple(folded[at : at + len(other)]) == other:
                said += name
                at += len(other)
                break
        else:
            said.append(folded[at])
            at += 1
    return said


def usual(stemmed: str) -> str:
    """Return the stem that stands for all of one meaning: that of «وفاة» for «رحيل»; itself for most."""
    return _MEANINGS.get(stemmed, stemmed)
