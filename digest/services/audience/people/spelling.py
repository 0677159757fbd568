"""Words by which a person is found, however they are spelled (pure)."""

import re
from collections.abc import Sequence
from itertools import product

from digest.services.audience.segments.checking import compared

LONGEST_WORD = 60
MOST_WORDS = 40
MOST_ASKED = 6
_WORDS = re.compile(r"[^\W_]+")
# Names of two words, written together or apart: what begins one, and what ends one.
# «آل» is folded to «ال».
_FIRST = ("عبد", "ابو", "ابي", "ابا", "بو", "ام", "بن", "بنت", "ال", "ذو", "ست")
_BEGINS = frozenset("".join(some) for many in (1, 2, 3) for some in product(_FIRST, repeat=many))
_ENDS = frozenset(("الله", "الدين", "الاسلام", "الزمان"))
_SON = "ابن"
LONGEST_NAME = 4
"""Words that one name is written in: «ابن أبي عبد الله»."""
_ARTICLE = "ال"
LEAST_WITHOUT_ARTICLE = 3


def words_of(name: str, email: str) -> tuple[str, ...]:
    """Return the words of a person: of the name, apart and joined and without article, and of the address.

    The address gives itself whole, its domain, and its pieces. At most 40.
    """
    pieces = [_son(one) for one in _WORDS.findall(compared(name))]
    found = dict.fromkeys(pieces)
    for begin, end in _chains(pieces):
        # All that may be written as one of it: «أبو عبد الله» is asked for as «عبدالله», too.
        found |= {
            "".join(pieces[one:two]): None
            for one in range(begin, end)
            for two in range(one + 2, min(end, one + LONGEST_NAME) + 1)
        }
    found |= {_without_article(word): None for word in tuple(found)}
    local, _, domain = email.lower().partition("@")
    found |= dict.fromkeys((email.lower(), domain))
    # The first piece is how the whole address begins.
    found |= dict.fromkeys(_WORDS.findall(local)[1:])
    return tuple(word[:LONGEST_WORD] for word in found if word)[:MOST_WORDS]


def asked_words(text: str) -> tuple[str, ...]:
    """Return what a search asks for, each a word's beginning; at most six, the longest first.

    A piece with an @, or a dot, is one of an address and stays whole. Names that may be written together are
    asked for so: a person's words have them together, however they were written.
    """
    found: dict[str, None] = {}
    names: list[str] = []
    for piece in compared(text).split():
        bare = piece.strip(".,،;؛:!?؟\"'«»()[]<>")
        if "@" in bare or re.fullmatch(r"[\w-]+(\.[\w-]+)+", bare, re.ASCII):
            found[bare.lstrip("@")] = None
        else:
            names += [_son(one) for one in _WORDS.findall(bare)]
    place = 0
    for begin, end in _chains(names):
        found |= {_without_article(word): None for word in names[place:begin]}
        found[_without_article("".join(names[begin:end]))] = None
        place = end
    found |= {_without_article(word): None for word in names[place:]}
    words = sorted((word[:LONGEST_WORD] for word in found if word), key=len, reverse=True)
    return tuple(words[:MOST_ASKED])


def _chains(pieces: Sequence[str]) -> list[tuple[int, int]]:
    """Return where pieces of one name stand side by side: (begin, end) of each, two pieces or more."""
    found: list[tuple[int, int]] = []
    for place in range(1, len(pieces)):
        together = pieces[place - 1] in _BEGINS or pieces[place] in _ENDS
        if together and found and found[-1][1] == place and place - found[-1][0] < LONGEST_NAME:
            found[-1] = (found[-1][0], place + 1)
        elif together:
            found.append((place - 1, place + 1))
    return found


def _son(word: str) -> str:
    """«ابن» and «بن» are one, alone and at the beginning of a name."""
    return word[1:] if word.startswith(_SON) and len(word) != len(_SON) + 1 else word


def _without_article(word: str) -> str:
    bare = word.removeprefix(_ARTICLE)
    return bare if len(bare) >= LEAST_WITHOUT_ARTICLE else word
