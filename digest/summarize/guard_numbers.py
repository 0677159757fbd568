"""Numbers, units and dates of a sentence, and whether its sources say the same.

«٣ ملايين», "3,000,000" and «ثلاثة ملايين» are one quantity. What a source says in one number may be said by its parts (the year of a
date, the hour of a time); what the sentence says must be there as a whole.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from digest.text.lexicon import read_pairs
from digest.text.normalise import fold

_TOKEN = re.compile(
    r"\d+(?:[.,:/\u066b\u066c-]\d+)*|[%\u066a$€£]|[^\W\d_]+(?:['\u2019][^\W\d_]+)*|[.!?؟؛،,;:()\n]"
)
_GROUPED = re.compile(r"\d{1,3}(?:[,\u066c]\d{3})+(?:[.\u066b]\d+)?\Z")
_DECIMAL = re.compile(r"(\d+)[.,\u066b](\d+)\Z")
_PARTS = re.compile(r"\d+")
_PREFIXES = ("وال", "بال", "لل", "ال", "و", "ب", "ل", "ف")

_WORDS = {fold(word): float(value) for word, value in read_pairs("quantities/numbers").items()}
_SCALES = {fold(word): float(value) for word, value in read_pairs("quantities/scales").items()}
_UNITS = {fold(word): value for word, value in read_pairs("quantities/units").items()}
# «ثلاثة عشر» is 13 without «و».
_TEENS = frozenset((fold("عشر"), fold("عشرة")))
_HUNDRED = {fold("المئة"), fold("المائة")}
_DATES = {fold(word): value for word, value in read_pairs("quantities/dates").items()}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as a text says it: its value in one spelling ("3000000", "10:30"), and its unit, "" when none stands beside it."""

    value: str
    unit: str


def quantities(text: str) -> list[Quantity]:
    """Return the quantities in order. Empty when the text says no number."""
    return list(_read(_TOKEN.findall(fold(text))))


def dates(text: str) -> set[str]:
    """Return the months and weekdays that the text names, each under one name in all its spellings."""
    return {_DATES[found] for word in _TOKEN.findall(fold(text)) if (found := _known(word, _DATES))}


def wrong_numbers(sentence: str, sources: Sequence[str]) -> list[str]:
    """Return the numbers of the sentence that no source says, as values."""
    said = _values(quantity for source in sources for quantity in quantities(source))
    return [one.value for one in quantities(sentence) if one.value not in said]


def wrong_units(sentence: str, sources: Sequence[str]) -> list[str]:
    """Return the units that the sentence gives to a number to which every source that has the number gives another."""
    said: dict[str, set[str]] = {}
    for source in sources:
        for one in quantities(source):
            said.setdefault(one.value, set()).add(one.unit)
    return [
        one.unit
        for one in quantities(sentence)
        if one.unit and one.value in said and not {one.unit, ""} & said[one.value]
    ]


def wrong_dates(sentence: str, sources: Sequence[str]) -> list[str]:
    """Return the months and weekdays of the sentence that no source names."""
    return sorted(dates(sentence) - {name for source in sources for name in dates(source)})


def _read(tokens: Sequence[str]) -> Iterator[Quantity]:
    at = 0
    while at < len(tokens):
        value, end = _number(tokens, at)
        if end == at:
            at += 1
            continue
        before = _UNITS.get(tokens[at - 1], "") if at and tokens[at - 1] in "$€£" else ""
        unit, at = _unit(tokens, end)
        yield Quantity(value, before or unit)


def _number(tokens: Sequence[str], at: int) -> tuple[str, int]:
    token = tokens[at]
    if token[0].isdigit():
        end = at + 1
        if not _is_plain(token):
            return token.replace("-", "/"), end
        amount = _plain(token)
    else:
        amount, end = _spoken(tokens, at)
        if end == at:
            return "", at
    while end < len(tokens) and (scale := _known(tokens[end], _SCALES)):
        amount *= _SCALES[scale]
        end += 1
    return _text(amount), end


def _spoken(tokens: Sequence[str], at: int) -> tuple[float, int]:
    """Sum what is joined by «و»: «مئة وخمسة وعشرون» is 125."""
    total, end = 0.0, at
    while end < len(tokens) and (found := _known(tokens[end], _WORDS)):
        if end > at and not tokens[end].startswith("و") and tokens[end] not in _TEENS:
            break
        total += _WORDS[found]
        end += 1
    return total, end


def _unit(tokens: Sequence[str], end: int) -> tuple[str, int]:
    """Return the unit that stands at `end`, "" for none, and where to read on."""
    if end < len(tokens) and (found := _known(tokens[end], _UNITS)):
        return _UNITS[found], end + 1
    if tokens[end : end + 1] == ["في"] and _HUNDRED & set(tokens[end + 1 : end + 2]):
        return "%", end + 2
    return "", end


def _known(word: str, table: dict[str, float] | dict[str, str]) -> str:
    if word in table:
        return word
    for prefix in _PREFIXES:
        if word.startswith(prefix) and word[len(prefix) :] in table:
            return word[len(prefix) :]
    return ""


def _is_plain(token: str) -> bool:
    return token.isdigit() or bool(_GROUPED.match(token) or _DECIMAL.match(token))


def _plain(token: str) -> float:
    if _GROUPED.match(token):
        return float(re.sub("[,\u066c]", "", token).replace("\u066b", "."))
    return float(token.replace(",", ".").replace("\u066b", "."))


def _text(amount: float) -> str:
    return f"{amount:.6f}".rstrip("0").rstrip(".")


def _values(said: Iterable[Quantity]) -> set[str]:
    found: set[str] = set()
    for one in said:
        found.add(one.value)
        if not one.value.isdigit():
            found |= (
                {_text(float(part)) for part in _PARTS.findall(one.value)} if "." not in one.value else set()
            )
    return found
