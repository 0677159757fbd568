"""Addresses of machines (IPv4, IPv6), and the networks that are counted together. Pure."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

IpAddress = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def ip_of(text: str) -> IpAddress | None:
    """Return an address; IPv4 that is written as IPv6 (::ffff:192.0.2.1) as IPv4. None: it is none."""
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def is_in(text: str, networks: Iterable[Network]) -> bool:
    """Say whether an address lies in one of some networks; what is no address does not."""
    found = ip_of(text)
    return found is not None and any(found in one for one in networks)


def around(text: str) -> tuple[Network, Network] | None:
    """Return the network that one connection is given, and the wider one of its provider: /32 and /24 for
    IPv4, /64 and /48 for IPv6. None: it is no address.
    """
    found = ip_of(text)
    if found is None:
        return None
    narrow, wide = (64, 48) if found.version == 6 else (32, 24)
    return ip_network(f"{found}/{narrow}", strict=False), ip_network(f"{found}/{wide}", strict=False)


def connection_of(text: str) -> str:
    """Return what the tries of one visitor are counted by: an IPv4 address, or the /64 network of IPv6; what
    is no address as it is.
    """
    found = around(text)
    if found is None:
        return text
    narrow = found[0]
    return str(narrow.network_address if narrow.version == 4 else narrow)
