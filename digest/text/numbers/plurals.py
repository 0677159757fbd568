"""Counted phrases: Arabic has six forms, Hebrew three, Persian, Urdu and English two (CLDR plural rules)."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

from digest.text.numbers.numerals import fitting, numeral


def category(n: int, language: str) -> str:
    """Return the CLDR plural category of a count: zero, one, two, few, many or other.

    Raises:
        ValueError: the count is negative.
    """
    if n < 0:
        raise ValueError(f"{n} is no count")
    if language == "ar":
        return _arabic(n)
    if language == "fa":
        return "one" if n <= 1 else "other"
    if n == 2 and language == "he":
        return "two"
    return "one" if n == 1 else "other"


def _arabic(n: int) -> str:
    if n <= 2:
        return ("zero", "one", "two")[n]
    if 3 <= n % 100 <= 10:
        return "few"
    return "many" if n % 100 >= 11 else "other"


def counted(n: int, key: str, language: str, digits: str) -> str:
    """Return a phrase with its number: `counted(3, "outlets", "ar", "arab")` is «نشرته ٣ مصادر».

    Keys: reading, outlets, more_outlets, stories. A language without a catalogue speaks English.

    Raises:
        KeyError: there is no such phrase.
        ValueError: the count is negative.
    """
    catalogue = _catalogue()
    forms = catalogue.get(language, catalogue["en"])[key]
    spoken = language if language in catalogue else "en"
    form = forms["zero"] if n == 0 and "zero" in forms else forms.get(category(n, spoken), forms["other"])
    return form.replace("{n}", numeral(n, fitting(spoken, digits)))


@lru_cache(maxsize=1)
def _catalogue() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return tomllib.loads(
        resources.files("digest.text.numbers").joinpath("plurals.toml").read_text(encoding="utf-8")
    )
