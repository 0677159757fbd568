"""Words, light stems and stop words.

The stemmer takes off the affixes of light10 (Larkey, Ballesteros and Connell, "Light Stemming for Arabic
Information Retrieval", 2007); the word lists are this project's own.
"""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from digest.text.words.lexicon import read
from digest.text.words.normalise import fold
from digest.text.words.short_cache import cached_when_short

# The first branch is for speed alone: of Arabic letters between spaces the last finds the same.
_WORD = re.compile(
    r"(?>[\u0620-\u064a]+)(?![^\W\d_]|['\u2019])"
    r"|\d+(?:[.,:/\u066b\u066c]\d+)*"
    r"|[\u05d0-\u05ea]+(?:[\"'\u05f3\u05f4][\u05d0-\u05ea]+)*"
    r"|[^\W\d_]+(?:['\u2019][^\W\d_]+)*"
)
_LATIN = re.compile(r"[a-z'\u2019]+\Z")
_PREFIXES = ("وبال", "وكال", "وفال", "وال", "بال", "كال", "فال", "ولل", "لل", "ال")
_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")


def _read_stop_words() -> Mapping[str, frozenset[str]]:
    languages = ("ar", "fa", "ur", "he", "en")
    return MappingProxyType(
        {name: frozenset(fold(" ".join(read(f"stop_words/{name}"))).split()) for name in languages}
    )


STOP_WORDS: Mapping[str, frozenset[str]] = _read_stop_words()
_ANY_STOP_WORD = frozenset().union(*STOP_WORDS.values())


def words(text: str) -> list[str]:
    """Return the folded words in order: runs of letters, and numbers with their separators. Empty when there
    are none.
    """
    return _WORD.findall(fold(text))


@cached_when_short(65_536)
def stem(word: str) -> str:
    """Return a folded word without its article, conjunction and inflection; what would get too short stays.

    Latin words lose a plural s. Words that are not folded first are stemmed as they stand.
    """
    if _LATIN.match(word):
        return _english(word)
    if word.startswith("و") and len(word) >= 4 and not word.startswith(_PREFIXES):
        word = word[1:]
    if word.startswith(_PREFIXES):
        for prefix in _PREFIXES:
            if word.startswith(prefix) and len(word) - len(prefix) >= 2:
                word = word[len(prefix) :]
                break
    if word.endswith(_SUFFIXES):
        for suffix in _SUFFIXES:
            if word.endswith(suffix) and len(word) - len(suffix) >= 2 + (len(suffix) == 1):
                word = word[: -len(suffix)]
    return word


def stems(text: str) -> list[str]:
    """Return the stems of the words that carry meaning, in order: no stop words of any of our languages, no
    single letters.
    """
    return stems_of(words(text))


def stems_of(folded: Iterable[str]) -> list[str]:
    """Return what `stems` does, of words that `words` found."""
    return [stem(word) for word in folded if word not in _ANY_STOP_WORD and (len(word) > 1 or word.isdigit())]


def _english(word: str) -> str:
    word = re.sub(r"['\u2019].*", "", word)
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
