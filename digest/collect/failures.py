"""What went wrong with a source, told in Arabic and English (failures.toml)."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from digest.errors import BlockedAddressError, SourceError, TemporarySourceError
from digest.text.numerals import numeral
from digest.text.plurals import category

BY_STATUS = {
    401: "forbidden",
    403: "forbidden",
    404: "not_found",
    410: "gone",
    429: "asked_to_wait",
    451: "forbidden",
    503: "asked_to_wait",
}


def reason(error: Exception) -> str:
    """Return the key of failures.toml that fits an error."""
    if isinstance(error, BlockedAddressError):
        return "blocked"
    status = error.status if isinstance(error, SourceError) else None
    if status is not None:
        return BY_STATUS.get(status) or ("trouble" if status >= 500 else "refused")
    return "unreachable" if isinstance(error, TemporarySourceError) else "unreadable"


def told(key: str, language: str, *, location: str, status: int | None = None, days: int = 0) -> str:
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
