"""When a source is visited next: pure rules over its state and what the visit brought."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from digest.errors import SourceError, TemporarySourceError
from digest.model import Source
from digest.settings import CollectSettings

FASTER, SLOWER = 0.7, 1.4
MOVE_AFTER = timedelta(days=7)
"""How long a permanent redirect must lead to the same feed before it is believed: captive portals redirect too."""
MOST_BACKOFF = 8


@dataclass(frozen=True, slots=True)
class SourceState:
    """The fields that a visit changed."""

    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def failures(self) -> int:
        """How many visits failed in a row."""
        return int(self.fields.get("failures", 0))

    def changes(self) -> Mapping[str, Any]:
        """Return the changed fields by name."""
        return self.fields


def interval(source: Source, new: int, settings: CollectSettings, *, floor: float | None = None) -> int:
    """Return the seconds until the next visit: sooner when there was something new, later when not, within limits.

    `floor` is what the publisher asks for (ttl, max-age); it is honoured up to the longest interval.
    """
    shortest, longest = settings.min_minutes * 60, settings.max_minutes * 60
    wanted = source.poll_seconds * (FASTER if new else SLOWER)
    return int(min(max(wanted, shortest, floor or 0), longest))


def after_success(
    source: Source,
    now: datetime,
    settings: CollectSettings,
    jitter: float,
    *,
    new: int,
    floor: float | None = None,
    validators: Mapping[str, str | None] | None = None,
) -> SourceState:
    """Return the state after a visit that could be read. `validators`: etag, last_modified, body_hash to keep."""
    seconds = interval(source, new, settings, floor=floor)
    changed: dict[str, Any] = {
        "failures": 0,
        "last_success_at": now,
        "last_error": None,
        "poll_seconds": seconds,
        "next_poll_at": now + timedelta(seconds=seconds * (0.9 + 0.2 * jitter)),
        **(validators or {}),
    }
    if new:
        changed["last_item_at"] = now
    return SourceState(changed)


def after_failure(
    source: Source, error: Exception, now: datetime, settings: CollectSettings, jitter: float
) -> SourceState:
    """Return the state after a visit that failed: back off, or as long as the host asked. 410 mutes the source."""
    failures = source.failures + 1
    seconds = min(source.poll_seconds * 2 ** min(failures - 1, MOST_BACKOFF), settings.max_minutes * 60)
    if isinstance(error, TemporarySourceError) and error.retry_after:
        # Being asked to wait is no fault of the feed.
        failures, seconds = source.failures, max(int(error.retry_after), settings.min_minutes * 60)
    changed: dict[str, Any] = {
        "failures": failures,
        "last_error": str(error)[:500],
        "last_error_at": now,
        "next_poll_at": now + timedelta(seconds=seconds * (1 + 0.2 * jitter)),
    }
    if isinstance(error, SourceError) and error.status == 410:
        changed["muted_reason"] = "gone (410)"
    return SourceState(changed)


def moved(source: Source, target: str | None, now: datetime) -> dict[str, Any]:
    """Return what a permanent redirect changes on a source that could be read at its target."""
    if target is None or target == source.location:
        return {"moved_to": None, "moved_since": None} if source.moved_to else {}
    if target == source.location.replace("http://", "https://", 1):
        return {"location": target, "moved_to": None, "moved_since": None}
    if target != source.moved_to or source.moved_since is None:
        return {"moved_to": target, "moved_since": now}
    if now - source.moved_since >= MOVE_AFTER:
        return {"location": target, "moved_to": None, "moved_since": None}
    return {}
