"""Words by which a person is found, however they are spelled (pure)."""

import re

from digest.services.audience.segments.checking import compared

LONGEST_WORD = 60
MOST_WORDS = 40
MOST_ASKED = 6
_WORDS = re.compile(r"[^\W_]+")
# «عبد الله» and «عبدالله» are one name.
_TWO_IN_ONE = re.compile(r"(?<!\w)(عبد|ابو|ابن|بن|ام) (?=\w)")
_ARTICLE = "ال"
LEAST_WITHOUT_ARTICLE = 3


def words_of(name: str, email: str) -> tuple[str, ...]:
    """Return the words of a person: of the name, joined and apart and without article, and of the address.

    The address gives itself whole, its domain, and its pieces. At most 40.
    """
    folded = compared(name)
    found = dict.fromkeys(_WORDS.findall(folded))
    found |= dict.fromkeys(_WORDS.findall(_TWO_IN_ONE.sub(r"\1", folded)))
    found |= {_without_article(word): None for word in tuple(found)}
    local, _, domain = email.lower().partition("@")
    found |= dict.fromkeys((email.lower(), domain))
    # The first piece is how the whole address begins.
    found |= dict.fromkeys(_WORDS.findall(local)[1:])
    return tuple(word[:LONGEST_WORD] for word in found if word)[:MOST_WORDS]


def asked_words(text: str) -> tuple[str, ...]:
    """Return what a search asks for, each a word's beginning; at most six, the longest first.

    A piece with an @, or a dot, is one of an address and stays whole.
    """
    folded = _TWO_IN_ONE.sub(r"\1", compared(text))
    found: dict[str, None] = {}
    for piece in folded.split():
        bare = piece.strip(".,،;؛:!?؟\"'«»()[]<>")
        if "@" in bare or re.fullmatch(r"[\w-]+(\.[\w-]+)+", bare, re.ASCII):
            found[bare.lstrip("@")] = None
        else:
            found |= {_without_article(word): None for word in _WORDS.findall(bare)}
    words = sorted((word[:LONGEST_WORD] for word in found if word), key=len, reverse=True)
    return tuple(words[:MOST_ASKED])


def _without_article(word: str) -> str:
    bare = word.removeprefix(_ARTICLE)
    return bare if len(bare) >= LEAST_WITHOUT_ARTICLE else word
