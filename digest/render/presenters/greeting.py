"""A greeting with places for a reader's own values: «صباح الخير {name|قارئنا العزيز} من {city}»."""

import re
from collections.abc import Mapping
from functools import lru_cache

from digest.render.presenters.typography import Phrase, Typesetter

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
