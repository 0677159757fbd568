"""Which words of Arabic news are proper names, as far as lists of common words and of names can tell; and
which words name one country.
"""

from collections.abc import Iterator

from digest.text.words.lexicon import read, read_lines
from digest.text.words.normalise import fold
from digest.text.words.tokens import stem

COMMON = read("common_words/ar")
"""Stems of the words that make up Arabic news and are no names; from corpora; docs/why/summaries.md tells
how.
"""

PEOPLE = frozenset(read("names/people"))
"""Words that are used as names are: never inflected, repeated in one article, after titles and given names;
from the same corpora.
"""

PLACES = frozenset(stem(fold(name)) for name in read("names/places"))
"""Stems of countries and cities; these are names however often they are written."""

_SHORT_PLACES = frozenset(name for name in map(fold, read("names/places")) if len(name) == 3)
"""«غزة», «قطر»: behind a one-letter word they are as short as words that are none."""

PREFIXES = ("و", "ف", "ب", "ل", "ك", "س")
_PRONOUNS = ("هما", "هم", "ها", "كم", "نا", "تهم", "تها", "ته", "ك", "ا", "وا", "ات", "ت")


def is_name(word: str) -> bool:
    """Say whether a folded word is a known name, also behind a one-letter word."""
    forms = list(without_prefix(word))
    return any(
        form in PEOPLE or stem(form) in PLACES for form in forms if form == word or not is_common(word)
    )


def without_prefix(word: str) -> Iterator[str]:
    """Give a folded word, and what it is behind a one-letter word."""
    yield word
    if word[0] in PREFIXES and (len(word) > 4 or word[1:] in _SHORT_PLACES):
        yield word[1:]


def bare(word: str) -> str:
    """A name without the ending that tells a country from who comes from it: «روسيا» and «روسي»."""
    return word.rstrip("ايه") if len(word) > 4 else word


def deeper(one: str) -> tuple[str, ...]:
    """A stem, and what it would lose if it were a word: «ايران» is the stem of «إيراني», and of itself
    not.
    """
    return (one, stem(one), stem(one[2:])) if one.startswith("ال") and len(one) > 4 else (one, stem(one))


def is_verb(one: str) -> bool:
    """Say whether a stem no list has looks like an imperfect verb, whose forms are many and which names
    seldom look like.
    """
    return one.startswith(("ي", "سي", "ست", "سن", "لاي")) or (
        one[0] in "تن" and any(person + one[1:] in COMMON for person in "يتنا")
    )


def is_common(word: str) -> bool:
    """Say whether a stem is a common word, also behind a one-letter word or before a pronoun."""
    forms = list(_forms(word))
    return any(form in COMMON for form in forms) and not any(form in PLACES for form in forms[:2])


def _forms(word: str) -> Iterator[str]:
    yield word
    shorter = [word]
    if len(word) > 3 and word[0] in PREFIXES:
        shorter.append(word[1:])
        yield stem(word[1:])
    for form in shorter:
        for pronoun in _PRONOUNS:
            if form.endswith(pronoun) and len(form) - len(pronoun) >= 3:
                yield form.removesuffix(pronoun)
                yield stem(form.removesuffix(pronoun))


def _read_countries() -> dict[str, frozenset[str]]:
    """Return what may be said for a country: its capital and its people, which headlines take for each
    other.
    """
    related: dict[str, frozenset[str]] = {}
    for line in read_lines("names/countries"):
        group = frozenset(bare(form) for word in line for form in deeper(stem(fold(word))))
        related |= {one: related.get(one, frozenset()) | group for one in group}
    return related


COUNTRIES = _read_countries()
"""By a word of it without its ending: the country, its capital and who comes from it."""
