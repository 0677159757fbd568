"""Words and names of a sentence that its sources do not have.

A word stands in a source when its stem does, or when it is another spelling of a word there (foreign names
have many). A word that stands nowhere and is no common word of the language is taken for a name.
docs/why/summaries.md has the rates.
"""

from collections.abc import Sequence

from digest.text.words.normalise import fold
from digest.text.words.proper_names import (
    COUNTRIES,
    PREFIXES,
    bare,
    deeper,
    is_common,
    is_name,
    is_verb,
    without_prefix,
)
from digest.text.words.tokens import STOP_WORDS, stem, stems, words

_SHORTEST_VARIANT = 4


class Sources:
    """The words of the texts that a sentence cites, ready to be asked."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._stems = {stem for text in texts for stem in stems(text)}
        self._bare = {bare(form) for each in self._stems for form in deeper(each)}
        self._bare |= {other for one in self._bare for other in COUNTRIES.get(one, ())}
        self._by_start: dict[str, list[str]] = {}
        for each in self._stems:
            self._by_start.setdefault(each[:2], []).append(each)
        self._skeletons = {_skeleton(stem) for stem in self._stems}
        self._by_length: dict[int, list[str]] = {}
        for each in self._skeletons:
            self._by_length.setdefault(len(each), []).append(each)

    def have_name(self, word: str) -> bool:
        """Say whether the sources have a name, as a folded word: itself behind another one-letter word, or in
        a near spelling.

        Nearer than `have` asks for: short names differ from common words by one long vowel.
        """
        for form in without_prefix(word):
            one = stem(form)
            if one in self._stems or not self._bare.isdisjoint(map(bare, deeper(one))):
                return True
            skeleton = _skeleton(one)
            if len(skeleton) >= _SHORTEST_VARIANT and skeleton in self._skeletons:
                return True
            if len(one) > _SHORTEST_VARIANT and any(
                _one_apart(one, other) for other in self._by_start.get(one[:2], ())
            ):
                return True
        return False

    def have(self, word: str) -> bool:
        """Say whether the sources have a stem: itself, without a one-letter word before it, or in a near
        spelling.
        """
        for form in (word, stem(word[1:])) if word[:1] in PREFIXES and len(word) > 3 else (word,):
            skeleton = _skeleton(form)
            if form in self._stems or skeleton in self._skeletons:
                return True
            if len(skeleton) >= _SHORTEST_VARIANT and any(
                _one_apart(skeleton, other)
                for length in (len(skeleton) - 1, len(skeleton), len(skeleton) + 1)
                for other in self._by_length.get(length, ())
                if other[0] == skeleton[0]
            ):
                return True
        return False


def unsupported(sentence: str, sources: Sources) -> float:
    """Return the share of the sentence's meaning words that the sources do not have; 0 for a sentence without
    any.
    """
    said = [word for word in stems(sentence) if not word[0].isdigit()]
    return sum(not sources.have(word) for word in said) / len(said) if said else 0.0


def strange_names(sentence: str, sources: Sources, language: str = "ar") -> list[str]:
    """Return the stems that no source has and that are no common words: names, as far as one can tell.

    In English a name is what begins with a capital letter. Other languages than these two have no list of
    common words yet; for them the answer is empty.
    """
    if language == "en":
        return [
            one
            for one in (stem(fold(word)) for word in sentence.split()[1:] if word[:1].isupper())
            if not sources.have(one)
        ]
    if language != "ar":
        return []
    return [stem(word) for word in words(sentence) if _is_strange(word, sources)]


def _is_strange(word: str, sources: Sources) -> bool:
    if len(word) < 2 or word[0].isdigit() or word in STOP_WORDS["ar"]:
        return False
    if is_name(word):
        return not sources.have_name(word)
    one = stem(word)
    return not is_common(one) and not is_verb(one) and not sources.have(one)


def _skeleton(word: str) -> str:
    """A word without its long vowels inside: transliterations differ in these most."""
    return word[:1] + "".join(letter for letter in word[1:] if letter not in "اويهء")


def _one_apart(one: str, other: str) -> bool:
    """Say whether one letter put in, left out or changed makes them the same."""
    if len(one) > len(other):
        one, other = other, one
    at = next((index for index, letter in enumerate(one) if letter != other[index]), len(one))
    return one[at:] == other[at + 1 :] or (len(one) == len(other) and one[at + 1 :] == other[at + 1 :])
