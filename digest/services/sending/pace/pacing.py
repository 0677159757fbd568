"""How fast mail goes out. Pure rules; see docs/why/pacing.md."""

from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from digest.deliver.providers import NOT_HOSTED, group_of
from digest.services.schedule.local_time import instant
from digest.settings import PacingSettings

BURST = timedelta(seconds=30)
"""A bucket holds what its rate gives in this time; at least one message."""
SLOWEST = 1 / 64
PATIENCE = timedelta(seconds=30)
"""Objections within this time of the last are the same one: the messages were on their way already."""
RECOVERY = timedelta(minutes=20)
"""After this time without an objection a halved rate has doubled again."""


class Addressed(Protocol):
    """Somebody with an address, which says whose server takes their mail."""

    @property
    def email(self) -> str:
        """The address."""


_Person = TypeVar("_Person", bound=Addressed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """A scope's allowance at an instant."""

    tokens: float
    at: datetime
    factor: float
    slowed_at: datetime | None
    first_at: datetime


def fresh(per_minute: float, now: datetime) -> Bucket:
    """Return the bucket of a scope that nothing went to yet."""
    return Bucket(tokens=capacity(per_minute), at=now, factor=1.0, slowed_at=None, first_at=now)


def capacity(per_minute: float) -> float:
    """Return how much a bucket holds."""
    return max(1.0, per_minute * BURST.total_seconds() / 60)


def per_minute(scope: str, bucket: Bucket, chosen: PacingSettings, now: datetime) -> float:
    """Return a scope's rate now: what the settings say, less what a warm-up or an objection takes away."""
    rate = float(chosen.list_per_minute if scope.startswith("list:") else chosen.domain_per_minute)
    if chosen.warmup_first_day and not scope.startswith("list:"):
        days = min((now - bucket.first_at).days, 30)
        rate = min(rate, chosen.warmup_first_day * 2**days / 1440)
    return rate * factor(bucket, now)


def factor(bucket: Bucket, now: datetime) -> float:
    """Return what is left of the rate after objections; it comes back by itself."""
    if bucket.slowed_at is None:
        return 1.0
    return min(1.0, bucket.factor * 2 ** ((now - bucket.slowed_at) / RECOVERY))


def taken(bucket: Bucket, wanted: int, rate: float, now: datetime) -> tuple[Bucket, int, timedelta]:
    """Take up to `wanted` tokens. Returns the bucket, how many were there, and when the next will be."""
    elapsed = max(0.0, (now - bucket.at).total_seconds())
    there = min(capacity(rate), bucket.tokens + elapsed * rate / 60)
    granted = min(wanted, int(there))
    left = there - granted
    wait = timedelta(seconds=max(0.0, 1 - left) * 60 / rate)
    return replace(bucket, tokens=left, at=max(now, bucket.at)), granted, wait


def slowed(bucket: Bucket, now: datetime) -> Bucket:
    """Halve a rate because the receiver said that it is too much; several objections at once count as one."""
    if bucket.slowed_at is not None and now - bucket.slowed_at < PATIENCE:
        return bucket
    return replace(bucket, factor=max(SLOWEST, factor(bucket, now) / 2), slowed_at=now, tokens=0.0)


def interleaved(people: Sequence[_Person], hosted: Mapping[str, str] = NOT_HOSTED) -> list[_Person]:
    """Return people so that no two of one group stand together while there are others; else in their
    order.
    """
    queues: dict[str, deque[_Person]] = defaultdict(deque)
    for person in people:
        queues[group_of(person.email, hosted)].append(person)
    found: list[_Person] = []
    while queues:
        for group in list(queues):
            found.append(queues[group].popleft())
            if not queues[group]:
                del queues[group]
    return found


def allotted(
    people: Sequence[_Person],
    grant: Callable[[str, int], int],
    hosted: Mapping[str, str] = NOT_HOSTED,
) -> tuple[list[_Person], list[_Person]]:
    """Part people into those whose turn it is and those who wait; `grant` says how many of a group may go."""
    groups: dict[str, list[_Person]] = defaultdict(list)
    for person in people:
        groups[group_of(person.email, hosted)].append(person)
    go: list[_Person] = []
    stay: list[_Person] = []
    for group, members in groups.items():
        count = grant(group, len(members))
        go += members[:count]
        stay += members[count:]
    return interleaved(go, hosted), stay


def quiet_until(now: datetime, where: ZoneInfo, begins: time | None, ends: time | None) -> datetime | None:
    """Return when the quiet hours end that `now` lies in, by the list's clock; None outside them.

    They may go over midnight. Begin and end alike: there are none.
    """
    if begins is None or ends is None or begins == ends:
        return None
    local = now.astimezone(where)
    clock = local.time().replace(tzinfo=None)
    over_midnight = begins > ends
    if not (clock >= begins or clock < ends if over_midnight else begins <= clock < ends):
        return None
    day = local.date() + timedelta(days=1 if over_midnight and clock >= begins else 0)
    return instant(day, ends, where)
