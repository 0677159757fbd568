"""What the units and dates of quantities are called: «دولار» for USD, «مارس» for month-3. Pure."""

from functools import lru_cache
from types import MappingProxyType

from digest.text.dates.calendar import month_sets, weekday
from digest.text.words.lexicon import read_pairs


def named(code: str, language: str) -> str:
    """Return the word for a unit, month or weekday of `digest/text/words/quantities`; other text as it is.

    Weekdays are counted from Monday, 1 to 7.
    """
    kind, _, number = code.partition("-")
    if kind == "month" and number.isdecimal():
        return month_sets(language)["default"][int(number) - 1]
    if kind == "weekday" and number.isdecimal():
        return weekday(int(number) - 1, language)
    return _units().get(code, code) if language == "ar" else code


@lru_cache(maxsize=1)
def _units() -> MappingProxyType[str, str]:
    """The first Arabic word of each unit, by its code."""
    found: dict[str, str] = {}
    for word, code in read_pairs("quantities/units").items():
        if code != "%" and "\u0621" <= word[0] <= "\u064a":
            found.setdefault(code, word)
    return MappingProxyType(found)
