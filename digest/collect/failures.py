"""What went wrong with a source, told in Arabic and English (failures.toml)."""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from digest.errors import SourceError, SourceReason
from digest.text.numbers.numerals import numeral
from digest.text.numbers.plurals import category


class Happening(StrEnum):
    """What else happens to a source and is a line of its history."""

    QUARANTINED = "quarantined"
    RECOVERED = "recovered"
    MOVED = "moved"
    SILENT = "silent"


FailureKind = SourceReason | Happening
"""The keys of failures.toml."""


def reason(error: Exception) -> SourceReason:
    """Return why a visit failed. What is no error of the source is one of the settings, such as a wrong file
    of rules.
    """
    return error.reason if isinstance(error, SourceError) else SourceReason.SETTINGS


def describe(
    key: FailureKind, language: str, *, location: str, status: int | None = None, days: int = 0
) -> str:
    """Return the sentence of a key, in Arabic or English; `days` for those that tell a span."""
    host = urlsplit(location).hostname or location
    span = days_of(days, language)
    return str(_sentences()[key][language]).format(host=host, status=status or "", days=span)


def days_of(count: int, language: str) -> str:
    """Return a span of days in words: «٣ أيام», "3 days"."""
    forms = _sentences()["days"][language]
    form = forms.get(category(count, language), forms["other"])
    return str(form).format(n=numeral(count, "arab" if language == "ar" else "latn"))


@cache
def _sentences() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads((files("digest.collect") / "failures.toml").read_text(encoding="utf-8"))
