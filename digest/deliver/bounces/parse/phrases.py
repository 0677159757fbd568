"""What servers say, compared with the phrases of phrases.toml. Pure, and linear in the length of the text."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from digest.deliver.bounces.report import Weight
from digest.text.words.normalise import fold

LONGEST = 4_000
"""Characters of what a server says that are looked at."""
ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"'=\x00]{1,64}@[^\s<>()\[\];,\"'\x00]{1,255}")
"""Bounded on both sides: without bounds a line of letters costs the square of its length."""
_WEB = re.compile(r"\bhttps?://[^\s<>\"]{1,2000}|\bwww\.[^\s<>\"]{1,2000}", re.IGNORECASE)
_CONTINUED = re.compile(r"(?<=\s)[245]\d\d[- ]#?[245]\.\d{1,2}\.\d{1,3}(?=\s)")
_BRACKETED = re.compile(r"<\s{0,3}@\s{0,3}>|'@'|\"@\"|\(@\)|\[@\]")
_GAP = ".{0,60}?"
_LETTERS = {ord("ı"): "i", ord("ß"): "ss"}
"""Letters that stay letters of their own when they are folded, and are written both ways in mail."""


@dataclass(frozen=True, slots=True)
class _Phrase:
    """`rare` stands in every text that fits; looking for it first is a hundred times cheaper."""

    rare: str
    pattern: re.Pattern[str]

    def fits(self, text: str) -> bool:
        return self.rare in text and self.pattern.search(text) is not None


@dataclass(frozen=True, slots=True)
class PhraseRule:
    """Phrases that mean one thing. `gives_way`: to a code that says that nobody has the address."""

    weight: Weight
    phrases: tuple[_Phrase, ...]
    gives_way: bool

    def fits(self, text: str) -> bool:
        """Say whether one of the phrases stands in a text from `plain`."""
        return any(phrase.fits(text) for phrase in self.phrases)


def folded(text: str) -> str:
    """Return a text in small letters without diacritics, one spelling of a letter, in one line."""
    return " ".join(fold(text[:LONGEST]).translate(_LETTERS).split())


def plain(text: str) -> str:
    """Return what a server says as phrases are compared with it: folded, in one line, addresses as "@", no
    web addresses.
    """
    bare = ADDRESS.sub("@", _WEB.sub(" ", text[:LONGEST]))
    return _BRACKETED.sub("@", folded(_CONTINUED.sub(" ", bare)))


def rule_for(said: str, *, after_codes: bool = False) -> PhraseRule | None:
    """Return the first rule that fits a text from `plain`; None when none does.

    `after_codes`: by the rules that only speak where codes are silent.
    """
    table = _rules("after_codes" if after_codes else "before_codes")
    return next((rule for rule in table if rule.fits(said)), None)


def begins(place: str, kind: str, text: str) -> int:
    """Return how many characters a phrase of `[place] kind` takes at the beginning of a text from `folded`; 0
    for none.
    """
    found = (phrase.pattern.match(text) for phrase in _listed(place, kind) if phrase.rare in text)
    return max((one.end() for one in found if one), default=0)


def is_said(place: str, kind: str, text: str) -> bool:
    """Say whether a phrase of `[place] kind` stands in a text from `plain` or `folded`."""
    return any(phrase.fits(text) for phrase in _listed(place, kind))


@cache
def _table() -> dict[str, Any]:
    file = resources.files("digest.deliver.bounces.parse") / "phrases.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def _rules(name: str) -> tuple[PhraseRule, ...]:
    return tuple(
        PhraseRule(Weight(row["weight"]), _compiled(row["phrases"]), row.get("code_may_say_gone", False))
        for row in _table()[name]
    )


@cache
def _listed(place: str, kind: str) -> tuple[_Phrase, ...]:
    return _compiled(_table()[place][kind])


def _compiled(phrases: Iterable[str]) -> tuple[_Phrase, ...]:
    return tuple(_phrase(folded(one)) for one in phrases)


def _phrase(text: str) -> _Phrase:
    pieces = text.split("*")
    pattern = _GAP.join(re.escape(piece) for piece in (pieces[:-1] if pieces[-1] == "" else pieces))
    # Words of scripts that join particles to them stand inside others; Latin ones do not.
    before = "(?<![a-z0-9])" if _is_latin(text[0]) else ""
    after = "(?![a-z0-9])" if _is_latin(text[-1]) else ""
    return _Phrase(max(pieces, key=len), re.compile(before + pattern + after))


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()
