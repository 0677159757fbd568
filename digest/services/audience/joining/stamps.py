"""The time at which a form was shown, sealed into it: who sends it back at once is a program."""

import hmac
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from digest.keys import keyed

_STAMP = re.compile(r"(?P<seconds>[0-9]{1,12})\.(?P<seal>[0-9a-f]{24})")


def stamp(secret: bytes, slug: str, now: datetime) -> str:
    """Return the stamp of a list's form that is shown now: `SECONDS.SEAL`."""
    seconds = str(int(now.timestamp()))
    return f"{seconds}.{_seal(secret, slug, seconds)}"


def age(text: str, slug: str, keys: Sequence[bytes], now: datetime) -> timedelta | None:
    """Return how long ago a form was shown; None when its stamp is missing, or is not of one of the keys."""
    found = _STAMP.fullmatch(text)
    if found is None or not any(
        hmac.compare_digest(found["seal"], _seal(one, slug, found["seconds"])) for one in keys
    ):
        return None
    return now - datetime.fromtimestamp(int(found["seconds"]), UTC)


def _seal(secret: bytes, slug: str, seconds: str) -> str:
    return keyed(secret, f"form\0{slug}\0{seconds}".encode()).hex()[:24]
