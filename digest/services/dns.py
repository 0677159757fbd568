"""Asking the DNS. A name that is not there is an empty answer; a server that is not there is a failed one."""

from dataclasses import dataclass

from dns.asyncresolver import Resolver
from dns.exception import DNSException
from dns.rdatatype import RdataType
from dns.resolver import NXDOMAIN, LifetimeTimeout, NoAnswer, NoNameservers
from dns.reversename import from_address

from digest.errors import InputError
from digest.text.addresses.network import ip_of


@dataclass(frozen=True, slots=True)
class Lookup:
    """The values of one name, in the order of the answer; `failed` says why there is no answer, "" when there
    is.
    """

    name: str
    values: tuple[str, ...] = ()
    failed: str = ""


class DnsNames:
    """The system's resolver, or one at a given address and port.

    Raises:
        InputError: what is given is no address.
    """

    def __init__(self, server: str | None = None, port: int = 53, *, seconds: float = 5) -> None:
        self._resolver: Resolver | None = None
        self._failed = ""
        try:
            self._resolver = Resolver(configure=server is None)
        except DNSException as error:
            self._failed = f"this machine names no DNS server ({type(error).__name__}); name one with --dns"
            return
        if server is not None:
            if ip_of(server) is None:
                raise InputError(
                    f"{server!r} is no address of a DNS server.",
                    remedy="Name it by its IP address, for example --dns 9.9.9.9.",
                )
            self._resolver.nameservers = [server]
            self._resolver.port = port
        self._resolver.lifetime = seconds

    async def txt(self, name: str) -> Lookup:
        """Return TXT records, the pieces of each put together."""
        return await self._ask(name, RdataType.TXT)

    async def mx(self, name: str) -> Lookup:
        """Return mail servers by preference, without the dot at the end; "." alone is a null MX."""
        return await self._ask(name, RdataType.MX)

    async def addresses(self, name: str) -> Lookup:
        """Return IPv4 and IPv6 addresses; of an address, itself."""
        if ip_of(name) is not None:
            return Lookup(name, (name,))
        four, six = await self._ask(name, RdataType.A), await self._ask(name, RdataType.AAAA)
        return Lookup(name, four.values + six.values, four.failed if six.failed else "")

    async def reverse(self, address: str) -> Lookup:
        """Return the names of an address."""
        return await self._ask(str(from_address(address)), RdataType.PTR)

    async def _ask(self, name: str, kind: RdataType) -> Lookup:
        if self._resolver is None:
            return Lookup(name, failed=self._failed)
        try:
            answer = await self._resolver.resolve(name, kind, search=False)
        except (NXDOMAIN, NoAnswer):
            return Lookup(name)
        except (DNSException, OSError) as error:
            return Lookup(name, failed=_reason(error, self._resolver.lifetime))
        if kind is RdataType.TXT:
            return Lookup(name, tuple(b"".join(one.strings).decode("utf-8", "replace") for one in answer))
        if kind is RdataType.MX:
            ordered = sorted(answer, key=lambda one: one.preference)
            return Lookup(name, tuple(_name(one.exchange.to_text()) for one in ordered))
        return Lookup(name, tuple(_name(one.to_text()) for one in answer))


def _reason(error: Exception, seconds: float) -> str:
    if isinstance(error, LifetimeTimeout):
        return f"no DNS server answered within {seconds:g} seconds (is there a network?)"
    if isinstance(error, NoNameservers):
        return "the DNS servers could not answer"
    return f"{type(error).__name__}"


def _name(text: str) -> str:
    return text.rstrip(".") or "."
