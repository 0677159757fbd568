"""Short names that stand in web addresses. Pure."""

import re

LONGEST_SLUG = 60
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def is_slug(text: str) -> bool:
    """Say whether a text is a short name: small Latin letters and digits, hyphens between them, at most 60
    characters.
    """
    return len(text) <= LONGEST_SLUG and _SLUG.fullmatch(text) is not None
