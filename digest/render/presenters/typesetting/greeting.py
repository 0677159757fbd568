"""A greeting with places for a reader's own values: «صباح الخير {name|قارئنا العزيز} من {city}»."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from digest.model import MailingList
from digest.render.presenters.typesetting.typography import Phrase, Typesetter
from digest.render.templating.theme import theme_of
from digest.text.numbers import numerals

Greeter = Callable[[Mapping[str, str]], tuple[str, str]]
"""Makes a greeting of a reader's values by key, as text and HTML."""

LONGEST = 300
"""Letters of a greeting once it is filled."""
_PLACE = re.compile(r"\{(?P<key>[a-z][a-z0-9_]{0,39})(?:\|(?P<else>[^{}|]{0,100}))?\}")


def has_places(greeting: str) -> bool:
    """Say whether a greeting differs from reader to reader."""
    return _PLACE.search(greeting) is not None


def filled(greeting: str, values: Mapping[str, str]) -> str:
    """Return a greeting with a reader's values in its places; for one that is not known what stands behind
    its bar, or nothing.
    """

    def value(place: re.Match[str]) -> str:
        return values.get(place["key"], "").strip() or place["else"] or ""

    return " ".join(_PLACE.sub(value, greeting).split())[:LONGEST]


@lru_cache(maxsize=4096)
def set_greeting(text: str, language: str, digits: str, months: str) -> Phrase:
    """Return a filled greeting as text and HTML; readers whose values are alike share it."""
    return Typesetter(language, digits, months).phrase(text, most=LONGEST)


def greeter(mailing_list: MailingList) -> Greeter | None:
    """Return what makes a list's greeting of a reader's values; None when it is alike for all.

    Raises:
        InputError: the list's theme is wrong.
    """
    greeting = theme_of(mailing_list.theme).greeting
    if not has_places(greeting):
        return None
    language = mailing_list.language
    digits = numerals.fitting(language, mailing_list.digits)

    def greet(values: Mapping[str, str]) -> tuple[str, str]:
        phrase = set_greeting(filled(greeting, values), language, digits, mailing_list.months)
        return phrase.text, str(phrase.html)

    return greet
