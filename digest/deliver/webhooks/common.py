"""The one form that all providers' reports are brought into. Pure values."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from digest.deliver.bounces.report import BounceReport, Event, Weight
from digest.errors import InputError

LARGEST = 1_000_000
OLDEST = timedelta(hours=12)
"""A signed call older than this is refused. Not less: some providers try again for hours with the signature
of the first try, and what came while we were away must count. A recording that is played again within it is
known by what it says.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderEvent:
    """One thing that a provider says about one address. `at` is aware, in UTC.

    `code` is an enhanced status code or "". `words` are the receiver's own. `message_id` is ours, in angle
    brackets, or "".
    """

    provider: str
    event: Event
    weight: Weight
    code: str
    address: str
    message_id: str
    at: datetime
    words: str = ""

    def report(self) -> BounceReport:
        """Return it as bounces are counted."""
        return BounceReport(
            event=self.event,
            address=self.address,
            weight=self.weight,
            code=self.code,
            words=self.words,
            message_id=self.message_id,
            read_by=self.provider,
        )


class ForgedCallError(InputError):
    """The call's signature is wrong, missing or old: nothing in it may be believed. To be answered with
    403.
    """


def parsed(body: bytes) -> Any:
    """Read a call's JSON.

    Raises:
        InputError: it is too large or no JSON.
    """
    if len(body) > LARGEST:
        raise InputError(f"The call has {len(body)} bytes.", remedy=f"At most {LARGEST} are read.")
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InputError("The call is no JSON.") from error


def member(value: Any, *names: str) -> Any:
    """Return what stands under names in nested objects; None when it does not."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def words(value: Any) -> str:
    """Return a text, "" for anything else; at most 300 characters, in one line."""
    return " ".join(value.split())[:300] if isinstance(value, str) else ""


def bracketed(value: Any) -> str:
    """Return a Message-ID in angle brackets, "" for none."""
    bare = words(value).strip("<>")
    return f"<{bare}>" if "@" in bare else ""


def instant(value: Any, now: datetime) -> datetime:
    """Read an ISO 8601 time or seconds since 1970; `now` when it is neither."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        if isinstance(value, str):
            found = datetime.fromisoformat(value.replace("Z", "+00:00"))
            return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return now
    return now


def fresh(stamp: str, now: datetime) -> None:
    """Refuse a call whose signed time, seconds since 1970, is not near `now`.

    Raises:
        ForgedCallError: it is old, far ahead, or no time.
    """
    seconds = float(stamp) if stamp.isascii() and stamp.isdigit() and len(stamp) < 12 else -1.0
    if abs((now - datetime.fromtimestamp(max(seconds, 0), UTC)).total_seconds()) > OLDEST.total_seconds():
        raise ForgedCallError("The call is too old or its clock is wrong.")
