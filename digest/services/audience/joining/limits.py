"""How many sign-ups are taken, from where and for whom (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_network

from digest.text.addresses.network import around, is_in

HOUR = timedelta(hours=1)
NEAR, NETWORK, DOMAIN, LIST, CONFIRMED, KEPT = "near", "network", "domain", "list", "confirmed", "kept"
"""What is counted: by connection, by wider network, by the address's domain, by list; how many of a list were
confirmed, and how many of its blocked sign-ups were kept.
"""
MOST_KEPT = 1000
"""Blocked sign-ups of one list that are kept for review, an hour; of more, only the number."""

LARGE_PROVIDERS = frozenset(
    (
        *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com"),
        *(
            "yahoo.com",
            "icloud.com",
            "me.com",
            "aol.com",
            "proton.me",
            "protonmail.com",
            "gmx.com",
            "mail.ru",
        ),
    )
)
ATTACKED_AT = 60
"""Sign-ups of a list an hour below which nobody speaks of an attack."""
CONFIRMED_AT_LEAST = 0.1
"""Where fewer than this share of as many confirm within the hour, programs ask."""
TIGHTER = 4
"""By what the limits are divided under attack."""
UNDER_ATTACK = 60
"""Sign-ups that a list takes an hour under attack, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignupLimits:
    """Sign-ups an hour: from one connection, from one wider network, for one domain, for one list."""

    near: int
    network: int
    domain: int
    list: int

    def under_attack(self) -> "SignupLimits":
        """Return the limits that hold while programs ask."""
        return SignupLimits(
            near=max(1, self.near // TIGHTER),
            network=max(1, self.network // TIGHTER),
            domain=max(1, self.domain // TIGHTER),
            list=min(self.list, UNDER_ATTACK),
        )


def sliding(now: datetime, this_hour: int, hour_before: int) -> float:
    """Return how many there were in the last sixty minutes, from the counts of two whole hours.

    Those of the hour before count by the share of it that lies within the sixty minutes.
    """
    begun = hour_of(now)
    return this_hour + hour_before * (1 - (now - begun) / HOUR)


def hour_of(now: datetime) -> datetime:
    """Return the whole hour in which an instant lies."""
    return now.replace(minute=0, second=0, microsecond=0)


def over(counts: Mapping[str, float], limits: SignupLimits, domain: str) -> str:
    """Return which limit the counts are over ("near", "network", "domain" or "list"); empty when they are
    over none.

    What is not counted is over nothing.
    """
    allowed = {
        NEAR: limits.near,
        NETWORK: limits.network,
        DOMAIN: limits.domain * (10 if domain in LARGE_PROVIDERS else 1),
        LIST: limits.list,
    }
    return next((scope for scope, most in allowed.items() if counts.get(scope, 0) > most), "")


def is_attack(asked: float, confirmed: float) -> bool:
    """Say whether programs sign up: many asked for a list within the hour, and few of as many confirmed."""
    return asked >= ATTACKED_AT and confirmed < asked * CONFIRMED_AT_LEAST


def networks(address: str, exempt: Iterable[str]) -> dict[str, str]:
    """Return the networks that a sign-up is counted under: its connection, and the wider one around it.

    An IPv6 connection is given a /64; a provider has /48 and more. Empty for an exempted network, and for
    what is no address.
    """
    found = around(address)
    if found is None or is_in(address, (ip_network(one, strict=False) for one in exempt)):
        return {}
    return {NEAR: str(found[0]), NETWORK: str(found[1])}
