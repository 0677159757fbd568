"""Whether the sources of a sentence say its numbers, units and dates.

What a source says in one number may be said by its parts (the year of a date, a side of a score); what the
sentence says must be there as a whole, and of the same things: where a source counts 35 dead and 12 trucks,
«12 قتيلا» is wrong. A number that the sentence itself calls rough («أكثر من 4 آلاف») may be a rounded one of
the sources. Sums and counts of things listed are not worked out.
"""

import re
from collections.abc import Sequence

from digest.summarize.guard.quantities import Quantity, dates, quantities, root, written
from digest.text.words.normalise import fold
from digest.text.words.tokens import words

_PARTS = re.compile(r"\d+")
# A side of a score or a part of a time may be said of these.
_OF_PARTS = frozenset(("goal", "point", "hour", "minute"))
_DUAL = ("تان", "تين", "ان")
# «35 شخصا» may be of whoever the sentence means, and so may «35 آخرون».
_ANYONE = frozenset(root(fold(word)) for word in ("شخصا", "فردا", "آخرون"))
_CLOSE = 0.05


class SaidNumber:
    """The quantities of the texts that a sentence cites, ready to be asked."""

    def __init__(self, sources: Sequence[str]) -> None:
        self._by_value: dict[str, list[Quantity]] = {}
        self._values_of: dict[str, set[str]] = {}
        self._pairs: set[str] = set()
        for source in sources:
            for one in quantities(source):
                self._add(one)
            self._pairs |= {_single(word) for word in words(source) if word.endswith(_DUAL) and len(word) > 4}

    def _add(self, one: Quantity) -> None:
        self._by_value.setdefault(one.value, []).append(one)
        if one.key:
            self._values_of.setdefault(one.key, set()).add(one.value)
        if (
            one.kind != "order"
            and not one.value.isdigit()
            and "." not in one.value
            and not one.value.endswith("+")
        ):
            for part in _PARTS.findall(one.value):
                self._by_value.setdefault(written(float(part)), []).append(
                    Quantity(written(float(part)), kind="part")
                )

    def has(self, one: Quantity) -> bool:
        """Say whether a source says the value, of whatever thing."""
        if one.value in self._by_value or (one.kind == "order" and one.value[4:] in self._by_value):
            return True
        if one.value.endswith("+"):
            return self._within(float(one.value[:-1]))
        if one.value == "2" and one.counted in self._pairs:
            return True
        return one.rounded and any(_is_about(one, other) for met in self._by_value.values() for other in met)

    def counts_so(self, one: Quantity) -> bool:
        """Say whether a source says the value of the thing or in the unit that the sentence names, or of
        nothing that it names.
        """
        met = self._by_value.get(one.value, ())
        if not met or not (one.key or one.kind == "day"):
            return True
        if one.kind == "day":
            return any(other.kind in {"day", "part"} or not other.key for other in met)
        if any(other.key == one.key or (other.counted in _ANYONE and not one.unit) for other in met):
            return True
        if any(not other.key and other.kind == "amount" for other in met):
            return one.key not in self._values_of
        if one.unit in _OF_PARTS and any(other.kind == "part" for other in met):
            return True
        if one.unit:
            return not all(other.unit for other in met) and one.unit not in self._values_of
        return any(other.counted for other in met) and one.counted not in self._values_of

    def _within(self, least: float) -> bool:
        return any(
            least <= float(value) < least * 1000
            for value in self._by_value
            if value.replace(".", "", 1).isdigit()
        )


def wrong_numbers(sentence: str, said: SaidNumber) -> list[str]:
    """Return the numbers of the sentence that no source says, or that all sources say of something else, as
    values.
    """
    return [
        one.value
        for one in quantities(sentence)
        if not said.has(one) or (not one.unit and not said.counts_so(one))
    ]


def wrong_units(sentence: str, said: SaidNumber) -> list[str]:
    """Return the units that the sentence gives to a number to which every source that has the number gives
    another.
    """
    return [
        one.unit for one in quantities(sentence) if one.unit and said.has(one) and not said.counts_so(one)
    ]


def wrong_dates(sentence: str, sources: Sequence[str]) -> list[str]:
    """Return the months and weekdays of the sentence that no source names."""
    return sorted(dates(sentence) - {name for source in sources for name in dates(source)})


def _is_about(one: Quantity, other: Quantity) -> bool:
    """Say whether a number that calls itself rough rounds another one of the same unit."""
    if (
        other.kind != "amount"
        or one.unit != other.unit
        or not _is_number(one.value)
        or not _is_number(other.value)
    ):
        return False
    rough, exact = float(one.value), float(other.value)
    if rough < 10:
        return False
    digits = one.value.split(".")[0]
    step = 10.0 ** (len(digits) - len(digits.rstrip("0")))
    return abs(rough - exact) < step and abs(rough - exact) <= _CLOSE * rough


def _single(word: str) -> str:
    return root(word.removesuffix(next(end for end in _DUAL if word.endswith(end))))


def _is_number(value: str) -> bool:
    return value.replace(".", "", 1).isdigit()
