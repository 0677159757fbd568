"""Names that people give to keys, webhooks, channels and segments. Pure."""

import re

from digest.errors import InputError

_NAME = re.compile(r"[\w][\w .@-]{0,59}")


def is_name(text: str) -> bool:
    """Say whether a text can be a name: up to 60 letters, digits, spaces and . @ - _, the first a letter or
    digit.
    """
    return _NAME.fullmatch(text) is not None


def require_name(name: str, what: str) -> None:
    """Refuse what cannot be a name.

    Raises:
        InputError: it is none (`is_name`).
    """
    if not is_name(name):
        raise InputError(
            f"{name[:80]!r} is no name of {what}.", remedy="Up to 60 letters, digits, spaces, - and _."
        )
