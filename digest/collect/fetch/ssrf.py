"""Allow only public addresses, checked on the socket that is dialled."""

import ipaddress
import socket
import unicodedata
from collections.abc import Collection
from contextvars import ContextVar
from typing import Any
from urllib.parse import unquote, urlsplit

from digest.errors import BlockedAddressError

PORTS = frozenset({80, 443})
DENIED = tuple(
    ipaddress.ip_network(network)
    for network in (
        # `is_global` of Python 3.11 takes these for public; each can carry an inner, private address.
        "64:ff9b::/96",  # NAT64 (RFC 6052)
        "64:ff9b:1::/48",  # local NAT64 (RFC 8215)
        "2002::/16",  # 6to4 (RFC 3056)
        "2001::/32",  # Teredo (RFC 4380)
        "::/96",  # IPv4-compatible (RFC 4291)
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated (RFC 2765)
        "fec0::/10",  # site-local
        "3fff::/20",  # documentation (RFC 9637)
        "5f00::/16",  # segment routing (RFC 9602)
        "192.88.99.0/24",  # 6to4 relays
        "100.64.0.0/10",  # carriers' own
        "192.0.0.0/24",
        "198.18.0.0/15",
    )
)


NAMED: ContextVar[bool] = ContextVar("NAMED", default=False)
"""Whether the host that is being dialled was allowed by its name, whatever address that means."""


def is_public(address: str) -> bool:
    """Say whether an IP address is one of the open Internet's hosts. What cannot be read is not."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if "%" in address or not found.is_global or found.is_multicast or found.is_reserved:
        return False
    return not any(found.version == network.version and found in network for network in DENIED)


def check_url(url: str, allowed: Collection[str]) -> None:
    """Make sure that an address may be visited, as far as it can be told without resolving it.

    Raises:
        BlockedAddressError: another scheme than http and https, another port than 80 and 443, a user name in it, or an
            IP address that is not public; unless its host, or host:port, is among `allowed`.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as error:
        raise BlockedAddressError(f"{url[:200]} is no address.", location=url) from error
    if parts.scheme not in {"http", "https"} or not host:
        raise BlockedAddressError(f"{url[:200]} is neither http nor https.", location=url)
    if "@" in parts.netloc:
        raise BlockedAddressError(f"{host}: an address with a user name in it is not visited.", location=url)
    if is_allowed(host, port or {"http": 80, "https": 443}[parts.scheme], allowed):
        return
    if port is not None and port not in PORTS:
        raise BlockedAddressError(
            f"{host}:{port}: only ports 80 and 443 are visited.", location=url, remedy=_remedy(host)
        )
    dialled = _as_dialled(host)
    if _is_literal(dialled) and not is_public(dialled):
        raise BlockedAddressError(f"{host} is no public address.", location=url, remedy=_remedy(host))


def is_allowed(host: str, port: int, allowed: Collection[str]) -> bool:
    """Say whether a host, or host:port, was allowed by name in the settings."""
    return host in allowed or f"{host}:{port}" in allowed


def is_named(url: str, allowed: Collection[str]) -> bool:
    """Say whether an address's host, or host:port, was allowed by name."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:
        return False
    return is_allowed((parts.hostname or "").lower(), port, allowed)


def allowed_for(named_by: str | None, allowed: Collection[str]) -> Collection[str]:
    """Return which of the allowed hosts an address may lead to: all when we or one of them name it, none when a stranger does."""
    return allowed if named_by is None or is_named(named_by, allowed) else ()


def _remedy(host: str) -> str:
    return f"If it is meant, add {host} to collect.allow_hosts."


def _as_dialled(host: str) -> str:
    """A host as its name becomes before it is looked up: wide and circled digits, other full stops and escapes undone."""
    return unicodedata.normalize("NFKC", unquote(host)).replace("\u3002", ".").rstrip(".")


def _is_literal(host: str) -> bool:
    """Whether a host is an IP address in any spelling that a resolver takes (also 127.1, 0x7f000001, 2130706433)."""
    if ":" in host:
        return True
    try:
        socket.inet_aton(host)
    except OSError:
        return False
    except ValueError:
        return True  # a zero byte: no name, so that it must be a public address, which it is not
    return True


def guarded_socket(allowed: Collection[str]) -> Any:
    """Return aiohttp's socket factory that refuses to dial what is not public.

    It sees the address after every resolution and redirect, and literals as well, so that there is no gap between
    the check and the connection. What the host's name is allowed to mean, `NAMED` tells for the request that dials.
    """

    def make(info: tuple[Any, ...]) -> socket.socket:
        family, kind, proto, _, where = info
        host, port = str(where[0]), int(where[1])
        if not (is_public(host) or NAMED.get() or is_allowed(host, port, allowed)):
            raise BlockedAddressError(f"{host} is no public address.", location=host, remedy=_remedy(host))
        return socket.socket(family, kind, proto)

    return make
