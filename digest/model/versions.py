"""Marks of what somebody saw, so that nothing is changed that was changed since (pure)."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from digest.errors import RefusedError


def version_of(values: Mapping[str, Any]) -> str:
    """Return a short mark of some values: another one as soon as one of them changes."""
    said = json.dumps(values, sort_keys=True, ensure_ascii=False, default=str)
    return sha256(said.encode()).hexdigest()[:16]


def require_version(seen: str | None, values: Mapping[str, Any]) -> None:
    """Refuse a change to what is not any more as it was seen; ask with the rows locked. None: any will do.

    Raises:
        RefusedError: it was changed since.
    """
    if seen is not None and seen != version_of(values):
        raise RefusedError("changed_meanwhile", "It was changed since it was read; read it again.")
