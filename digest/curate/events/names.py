"""Whom and what an article names, as marks that spellings of one name share; pure.

A word is a name where a list says so, or where it is no common word and no verb. Countries stand for their
capitals and peoples, which headlines take for each other.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from zlib import crc32

from digest.text.words.proper_names import (
    COUNTRIES,
    PEOPLE,
    PLACES,
    bare,
    is_common,
    is_name,
    is_verb,
    without_prefix,
)
from digest.text.words.short_cache import cached_when_short
from digest.text.words.tokens import STOP_WORDS, stem

Marks = frozenset[int]

_SHORTEST = 3
_STOPPED = frozenset().union(*STOP_WORDS.values())
_WEAK = re.compile("[اويهء]")
_NO_NAME = 0
# «لـCNN»: an outlet that somebody spoke to.
_SPOKEN_TO = re.compile("ل[a-z]+")


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a title, of title and first sentence, and of title and first paragraphs.

    `own` are those of the title that are no places: who or what the article is about, not where. `speakers`
    are those of them that stand before a colon.
    """

    title: Marks
    opening: Marks
    lead: Marks
    own: Marks
    speakers: Marks = frozenset()


def names_of(
    title: Iterable[str], opening: Iterable[str], rest: Iterable[str], speakers: Iterable[str] = ()
) -> Names:
    """Return the names among folded words: of a title, of the first sentence, and of the first paragraphs
    after it.
    """
    read = [named(word) for word in title]
    in_title = frozenset(mark for mark, _ in read if mark)
    first = in_title | _marks(opening)
    return Names(
        title=in_title,
        opening=first,
        lead=first | _marks(rest),
        own=frozenset(mark for mark, is_place in read if mark and not is_place),
        speakers=frozenset(mark for mark, is_place in map(named, speakers) if mark and not is_place),
    )


def name_nothing_alike(first: Names, second: Names) -> bool:
    """Say whether two titles name something, and neither opening names anything that the other does."""
    return bool(first.title and second.title) and first.opening.isdisjoint(second.opening)


def strangers(first: Names, second: Names) -> bool:
    """Say whether both titles are about somebody whom the other's first paragraphs do not know."""
    return not first.own <= second.lead and not second.own <= first.lead


def _marks(words: Iterable[str]) -> Marks:
    return frozenset(mark for mark, _ in map(named, words) if mark)


@cached_when_short(131_072)
def named(word: str) -> tuple[int, bool]:
    """Return the mark of the name that a folded word is (0: it is none), and whether it is a country or a
    city.
    """
    if len(word) < _SHORTEST or word[0].isdigit() or word in _STOPPED or _SPOKEN_TO.match(word):
        return _NO_NAME, False
    if not _is_proper(word):
        return _NO_NAME, False
    forms = tuple(without_prefix(word))
    short = bare(stem(next((one for one in forms[1:] if one in PEOPLE or stem(one) in PLACES), word)))
    country = COUNTRIES.get(short)
    if country:
        return crc32(min(country).encode()), True
    strong = _WEAK.sub("", short)
    mark = crc32((strong if len(strong) > 1 else short).encode())
    return mark, any(stem(one) in PLACES or bare(stem(one)) in COUNTRIES for one in forms)


def _is_proper(word: str) -> bool:
    if is_name(word):
        return True
    short = stem(word)
    return not is_common(short) and not is_verb(short)
