"""When too many bounce or complain: the rules that stop a send. Pure.

Big receivers ask for complaints below 0.3 % and shut out senders whose lists are stale. A share is taken
seriously only when it can hardly be chance: its lower confidence bound (Wilson 1927, 95 %) must pass the
limit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

Z = 1.645
"""One-sided 95 %."""
PATTERN = 2
"""One complaint among fifty passes the limit of 0.3 % by every bound, and is one person all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Of one edition, all in all or at one recipient domain: how many were settled, bounced and
    complained.
    """

    settled: int
    bounced: int = 0
    complained: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The largest shares that are let pass, and how many must be settled before a share says anything."""

    bounced: float = 0.05
    complained: float = 0.003
    least: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """Why to stop. `domain` is None when it is the edition as a whole."""

    what: str
    share: float
    limit: float
    settled: int
    domain: str | None = None

    def sentence(self) -> str:
        """Say it to the operator."""
        where = f" at {self.domain}" if self.domain else ""
        return f"{self.share:.1%} of {self.settled}{where} {self.what}; the limit is {self.limit:.1%}."

    def figures(self) -> dict[str, str]:
        """Return its figures by name, for pages in any language."""
        return {
            "share": f"{self.share:.1%}",
            "of": str(self.settled),
            "limit": f"{self.limit:.1%}",
            "where": self.domain or "",
        }


def lower_bound(hits: int, of: int) -> float:
    """Return the share that `hits` of `of` shows at least (Wilson's score interval); 0 when `of` is 0."""
    if of <= 0:
        return 0.0
    share = hits / of
    middle = share + Z * Z / (2 * of)
    spread = Z * sqrt(share * (1 - share) / of + Z * Z / (4 * of * of))
    return max(0.0, (middle - spread) / (1 + Z * Z / of))


def tripped(tally: Tally, limits: Limits, domain: str | None = None) -> Trip | None:
    """Say whether a tally is past a limit; bounces are looked at first. None: go on."""
    if tally.settled < limits.least:
        return None
    for what, hits, limit in (
        ("bounced", tally.bounced, limits.bounced),
        ("complained", tally.complained, limits.complained),
    ):
        if hits >= PATTERN and lower_bound(min(hits, tally.settled), tally.settled) > limit:
            return Trip(
                what=what, share=hits / tally.settled, limit=limit, settled=tally.settled, domain=domain
            )
    return None


def trips(edition: Tally, domains: Mapping[str, Tally], limits: Limits) -> tuple[Trip, ...]:
    """Return all that should stop: the edition (then alone), or the domains that are past a limit, by
    name.
    """
    whole = tripped(edition, limits)
    if whole is not None:
        return (whole,)
    found = (tripped(tally, limits, domain) for domain, tally in sorted(domains.items()))
    return tuple(trip for trip in found if trip is not None)
