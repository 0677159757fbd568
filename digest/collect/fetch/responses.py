"""What an answer's status and headers mean for us."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from digest.errors import SourceError, SourceReason, TemporarySourceError

LONGEST_HOLD = 86_400
SHORTEST_HOLD = 60
USUAL_HOLD = 300.0


def refusal(status: int, headers: Mapping[str, str], host: str, url: str) -> SourceError | None:
    """Return the error that an answer is, None for one that brings something. `retry_after` is in seconds."""
    if status in {429, 503}:
        wait = retry_after(headers.get("Retry-After"), headers.get("Date"))
        return TemporarySourceError(
            f"{host} asks us to wait {wait:.0f} seconds ({status}).",
            location=url,
            status=status,
            retry_after=wait,
        )
    if status >= 500:
        return TemporarySourceError(f"{host} is in trouble ({status}).", location=url, status=status)
    if status == 410:
        return SourceError(
            f"{host} says that this is gone for good (410).",
            location=url,
            status=status,
            remedy="Remove the source.",
        )
    if status == 403 and headers.get("cf-mitigated"):
        return SourceError(
            f"{host} lets no programs in (403, a challenge page).",
            location=url,
            status=status,
            remedy="Ask the publisher to let this program in, or remove the source.",
        )
    if status >= 400 or (status >= 300 and status != 304):
        return SourceError(
            f"{host} refuses this address ({status}).",
            location=url,
            status=status,
            remedy="Check the address.",
        )
    return None


def retry_after(value: str | None, date: str | None) -> float:
    """Return the seconds to wait, from either form of Retry-After (RFC 9110 §10.2.3), at least a minute, at
    most a day.

    A date counts from the answer's own Date: the server's clock may be wrong, but it is wrong in both.
    """
    seconds = USUAL_HOLD
    text = (value or "").strip()
    if text.isascii() and text.isdigit() and len(text) < 12:
        seconds = float(text)
    elif text:
        try:
            until = parsedate_to_datetime(text)
            sent = parsedate_to_datetime(date) if date else datetime.fromtimestamp(time.time(), UTC)
            seconds = (until - sent).total_seconds()
        except (TypeError, ValueError, OverflowError):
            seconds = USUAL_HOLD
    return min(max(seconds, SHORTEST_HOLD), LONGEST_HOLD)


def max_age(value: str) -> float | None:
    """Return the seconds for which Cache-Control says that an answer is fresh, or None."""
    for part in value.split(","):
        name, _, number = part.strip().partition("=")
        if name.lower() == "max-age" and number.isascii() and number.isdigit() and len(number) < 12:
            return float(number)
    return None


def late(url: str, seconds: float) -> TemporarySourceError:
    """Return the error that an address is which did not answer in time."""
    return TemporarySourceError(
        f"{host_of(url)} did not answer within {seconds:g} seconds.", location=url, reason=SourceReason.SLOW
    )


def refused(message: str, url: str) -> SourceError:
    """Return the error that an answer is which leads nowhere."""
    return SourceError(message, location=url, reason=SourceReason.REFUSED)


def host_of(url: str) -> str:
    """Return the host, with its port, that an address names; the address itself when it is none."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower() or url[:100]
    except ValueError:
        return url[:100]


def scheme_of(url: str) -> str:
    """Return the scheme of an address in small letters, empty when it is none."""
    try:
        return urlsplit(url).scheme
    except ValueError:
        return ""
