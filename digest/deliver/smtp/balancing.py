"""Which server gets the next message. Pure: values in, values out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

COOL_SECONDS = (5.0, 30.0, 120.0, 600.0)
"""How long a server that cannot be reached is left alone after its first, second, … failure in a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerHealth:
    """How one server stands. `until`, on a clock that only runs forward, is when it may be tried again."""

    weight: int = 1
    routes: frozenset[str] = frozenset()
    failures: int = 0
    until: float = 0.0

    def up(self, now: float) -> bool:
        """Whether it may be used."""
        return now >= self.until


def failed(health: ServerHealth, now: float) -> ServerHealth:
    """Return the health after a connection could not be made."""
    wait = COOL_SECONDS[min(health.failures, len(COOL_SECONDS) - 1)]
    return replace(health, failures=health.failures + 1, until=now + wait)


def recovered(health: ServerHealth) -> ServerHealth:
    """Return the health after a connection was made."""
    return replace(health, failures=0, until=0.0)


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a list's messages a server may come to be given. `usual`: also while all others are up."""

    count: int
    usual: bool


def shares(health: Sequence[ServerHealth], route: str, count: int) -> list[Share]:
    """Return what each server's share of a list's messages is, one entry a server, rounded up.

    One that is asked only when others are down may come to get them all; one that serves other lists, none.
    """
    own = [place for place, one in enumerate(health) if route in one.routes]
    common = own or [place for place, one in enumerate(health) if not one.routes]
    usual = [place for place in common if health[place].weight] or common
    whole = sum(max(health[place].weight, 1) for place in usual)
    found = []
    for place, one in enumerate(health):
        if place in usual:
            found.append(Share(-(-count * max(one.weight, 1) // whole), usual=True))
        else:
            found.append(Share(count if place in common or not one.routes else 0, usual=False))
    return found


def choose(
    health: Sequence[ServerHealth],
    given: Sequence[int],
    route: str,
    now: float,
    most: Sequence[int | None] = (),
) -> int | None:
    """Return the place of the server that the next message of a list goes to, or None when none may be used.

    `given` is how many messages each has got so far, `most` how many it may be given; None, or nothing: any
    number.

    A server that names lists takes only theirs, and their mail goes to no other while one of them is up.
    Among equals each gets its share by weight; those of weight 0 are asked only when all others are down.
    """
    if len(health) == 1:
        return 0 if health[0].up(now) else None
    up = [
        (place, one)
        for place, one in enumerate(health)
        if one.up(now) and not (most and _used_up(given[place], most[place]))
    ]
    own = [(place, one) for place, one in up if route in one.routes]
    fit = own or [(place, one) for place, one in up if not one.routes]
    fit = [(place, one) for place, one in fit if one.weight] or fit
    if not fit:
        return None
    return min(fit, key=lambda pair: ((given[pair[0]] + 1) / max(pair[1].weight, 1), pair[0]))[0]


def _used_up(given: int, most: int | None) -> bool:
    return most is not None and given >= most
