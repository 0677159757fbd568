"""Tell which mailbox provider receives for a domain."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from digest.text.addresses.domain import domain_of

FAMILIES: tuple[tuple[str, frozenset[str], tuple[str, ...]], ...] = (
    ("gmail", frozenset({"gmail.com", "googlemail.com"}), ()),
    ("outlook", frozenset({"msn.com", "passport.com"}), ("outlook.", "hotmail.", "live.", "windowslive.")),
    ("yahoo", frozenset({"ymail.com", "rocketmail.com", "aol.com", "maktoob.com"}), ("yahoo.",)),
    ("icloud", frozenset({"icloud.com", "me.com", "mac.com"}), ()),
)
"""Domains that one receiver stands behind: name, domains, beginnings of domains."""
SERVERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("gmail", (".google.com", ".googlemail.com")),
    ("outlook", (".mail.protection.outlook.com", ".olc.protection.outlook.com", ".mx.microsoft")),
    ("yahoo", (".yahoodns.net",)),
    ("icloud", (".mail.icloud.com",)),
)
"""Endings of the names of their mail servers, which take mail of hosted domains too."""
NOT_HOSTED: Mapping[str, str] = MappingProxyType({})


def group_of(address: str, hosted: Mapping[str, str] = NOT_HOSTED) -> str:
    """Return whom an address's mail goes to: a family of domains, or the domain itself.

    `hosted` says of domains whose own name does not tell it which family takes their mail.
    """
    domain = domain_of(address).lower()
    for name, domains, beginnings in FAMILIES:
        if domain in domains or domain.startswith(beginnings):
            return name
    return hosted.get(domain, domain)


def family_of_server(servers: Sequence[str]) -> str:
    """Return the family that mail servers, the most preferred first, belong to; "" for none of them."""
    first = f".{servers[0].lower()}" if servers else ""
    return next((name for name, endings in SERVERS if first.endswith(endings)), "")
