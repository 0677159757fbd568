"""One spelling of a name in all texts of one mail: the most frequent of its spellings. Pure.

Names are those of `spellings.txt`, a line a name, and foreign names whose spellings differ in long vowels
alone («سيرغي لافروف», «سيرغي لافرف»).
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from digest.text.words.lexicon import read, read_lines
from digest.text.words.normalise import fold
from digest.text.words.tokens import stem

_WORD = re.compile("[\u0620-\u063a\u0641-\u064a]+")
_BEFORE = ("وال", "بال", "فال", "كال", "ولل", "لل", "ال", "و", "ب", "ل", "ف", "ك", "")
_BEHIND = ("يين", "يون", "يتين", "يات", "ية", "يا", "ي", "ات", "ة", "ين", "ا", "")
_VOWELS = "اويى"
# Arabic given names differ in vowels and are different people («حسن», «حسين»); foreign names have more
# consonants.
_CONSONANTS = 4


def respelled(text: str, changes: Mapping[str, str]) -> str:
    """Return a text with the words changed that `spellings` says."""
    return _WORD.sub(lambda word: changes.get(word[0], word[0]), text) if changes else text


def spellings(texts: Iterable[str]) -> dict[str, str]:
    """Return which words of the texts are to be written as which others; empty when every name has one
    spelling.
    """
    counts = Counter(word for text in texts for word in _WORD.findall(text))
    families: dict[str, Counter[str]] = {}
    parts: dict[str, tuple[str, str, str]] = {}
    for word, count in counts.items():
        found = _name(word)
        if found:
            family, before, name, behind = found
            families.setdefault(family, Counter())[name] += count
            parts[word] = (family, before + "|" + behind, name)
    changes: dict[str, str] = {}
    for word, (family, around, name) in parts.items():
        best = families[family].most_common(1)[0][0]
        if best != name:
            before, behind = around.split("|")
            changes[word] = before + best + behind
    return changes


def _name(word: str) -> tuple[str, str, str, str] | None:
    """The family of a spelling, what stands before it, the spelling, and what stands behind; None for other
    words.
    """
    for before in _BEFORE:
        if not word.startswith(before):
            continue
        rest = word[len(before) :]
        for behind in _BEHIND:
            name = rest.removesuffix(behind)
            if rest.endswith(behind) and name in _KNOWN:
                return _KNOWN[name], before, name, behind
    consonants = "".join(letter for letter in fold(word) if letter not in _VOWELS)
    if len(consonants) < _CONSONANTS or word.startswith("ال") or _is_common(word):
        return None
    return f"~{word[0]}{consonants}", "", word, ""


def _is_common(word: str) -> bool:
    folded = fold(word)
    return folded in _COMMON or stem(folded) in _COMMON or stem(folded[1:]) in _COMMON


_KNOWN = {name: line[0] for line in read_lines("spellings") for name in line}
_COMMON = read("common_words/ar")
