"""When a source is visited next. Pure rules."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from digest.errors import SourceError, TemporarySourceError
from digest.model import Source
from digest.model.news.fetch_state import FetchState
from digest.settings import CollectSettings

FASTER, SLOWER = 0.7, 1.4
MOVE_AFTER = timedelta(days=7)
"""How long a permanent redirect must lead to the same feed before it is believed: captive portals redirect
too.
"""
MOST_BACKOFF = 8
RHYTHM_DAYS = 7
VISITS_AN_ITEM = 2.0
"""How often a source is visited between two of its articles, once its rhythm is known."""
STRAY = 3.0
"""How far, as a factor, the wait may stray from what the rhythm says."""


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


def rhythm(published: Iterable[datetime | None], now: datetime) -> float | None:
    """Return how many articles a day a feed publishes, by the dates in it; None when fewer than three are
    known.

    Counted is the last week, or what of it the feed reaches back to.
    """
    start = now - timedelta(days=RHYTHM_DAYS)
    dates = sorted(when for when in published if when is not None and when <= now)
    recent = [when for when in dates if when >= start]
    if len(dates) < 3:
        return None
    # A short feed of a busy outlet holds some hours only: the rate is that of these hours.
    span = now - (start if dates[0] < start else dates[0])
    return len(recent) / max(span / timedelta(days=1), 1 / 24)


def interval(
    source: Source,
    new: int,
    settings: CollectSettings,
    *,
    floor: float | None = None,
    items_a_day: float | None = None,
) -> int:
    """Return the seconds until the next visit, within the limits of the settings.

    Sooner when there was something new, later when not, but never far from twice an article by the source's
    rhythm. `floor` is what the publisher asks for (ttl, max-age); it is honoured up to the longest interval.
    """
    shortest, longest = settings.min_minutes * 60, settings.max_minutes * 60
    wanted = source.poll_seconds * (FASTER if new else SLOWER)
    pace = items_a_day if items_a_day is not None else source.items_a_day
    if pace is not None:
        usual = 86_400 / VISITS_AN_ITEM / pace if pace > 0 else float(longest)
        wanted = min(max(wanted, usual / STRAY), usual * STRAY)
    return int(min(max(wanted, shortest, floor or 0), longest))


def after_success(
    source: Source,
    now: datetime,
    settings: CollectSettings,
    jitter: float,
    *,
    new: int,
    floor: float | None = None,
    items_a_day: float | None = None,
    state: FetchState | None = None,
    moved: Mapping[str, Any] | None = None,
    figures: Mapping[str, Any] | None = None,
) -> SourceState:
    """Return the state after a visit that could be read. `new`: articles not known before; `state`: what the
    next visit needs; `moved`: what a redirect changed; `figures`: what was counted of it.
    """
    seconds = interval(source, new, settings, floor=floor, items_a_day=items_a_day)
    changed: dict[str, Any] = {
        "failures": 0,
        "last_success_at": now,
        "last_error": None,
        "poll_seconds": seconds,
        "next_poll_at": now + timedelta(seconds=seconds * (0.9 + 0.2 * jitter)),
        **(asdict(state) if state else {}),
        **(moved or {}),
        **(figures or {}),
    }
    if new:
        changed["last_item_at"] = now
    if items_a_day is not None:
        changed["items_a_day"] = round(items_a_day, 3)
    return SourceState(changed)


def after_failure(
    source: Source, error: Exception, now: datetime, settings: CollectSettings, jitter: float
) -> SourceState:
    """Return the state after a visit that failed: back off, or as long as the host asked. 410 mutes the
    source.
    """
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


def silent_for(source: Source, now: datetime, settings: CollectSettings) -> int | None:
    """Return for how many whole days a source that is visited brought nothing new, None when that is no
    reason to worry.

    A source that publishes once a fortnight is not silent after three days.
    """
    if not source.enabled or source.muted_reason or source.by_hand:
        return None
    since = source.last_item_at or source.created_at
    days = (now - since).days
    usual = 3 / source.items_a_day if source.items_a_day else 0.0
    return days if days >= max(settings.silent_days, usual) else None
