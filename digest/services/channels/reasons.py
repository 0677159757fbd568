"""Why something was not posted to a channel or program, by its kept sentence."""

import re
from collections.abc import Mapping

KNOWN: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("bot", re.compile(r"The bot may not write there")),
    ("chat", re.compile(r"There is no such chat")),
    ("no_bot", re.compile(r"There is no bot:")),
    ("many", re.compile(r"Too Many Requests")),
    ("token", re.compile(r"Unauthorized|Not Found\b")),
    ("status", re.compile(r"(?:It|Telegram) answered (?P<status>\d{3})")),
    ("refused", re.compile(r"Bad Request")),
    ("trouble", re.compile(r"Server Error|Gateway|Unavailable|trouble")),
    ("unreachable", re.compile(r"cannot be reached|did not answer|did not finish")),
    ("private", re.compile(r"public address|private")),
)
"""Reasons by what their sentences say; the first that is found is meant."""


def reason_of(kept: str) -> tuple[str, Mapping[str, str]]:
    """Return the reason that a sentence gives, and what it is filled in with: "other" for what is not known,
    "" for none.
    """
    for reason, said in KNOWN:
        if found := said.search(kept):
            return reason, found.groupdict()
    return ("other" if kept else ""), {}
