"""A DNS server on loopback that answers from a table."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

GOOD = {
    ("mujaz.example.", "TXT"): ['"v=spf1 mx -all"', '"site-check=1"'],
    ("_dmarc.mujaz.example.", "TXT"): ['"v=DMARC1; p=quarantine"'],
    ("mujaz.example.", "MX"): ["10 mail.mujaz.example."],
    ("mail.mujaz.example.", "A"): ["20.30.40.7"],
    ("7.40.30.20.in-addr.arpa.", "PTR"): ["mail.mujaz.example."],
}


class Zone(asyncio.DatagramProtocol):
    """Answers from a table; what is not in it does not exist."""

    def __init__(self) -> None:
        self.records = dict(GOOD)
        self.port = 0
        self.broken = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.port = transport.get_extra_info("sockname")[1]

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.AA | dns.flags.RA
        (question,) = query.question
        name, kind = question.name.to_text().lower(), question.rdtype.name
        if self.broken:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif found := self.records.get((name, kind)):
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *found))
        elif not any(one == name for one, _ in self.records):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        self.transport.sendto(answer.to_wire(), addr)


@asynccontextmanager
async def serving() -> AsyncIterator[Zone]:
    """Answer while the block lasts."""
    loop = asyncio.get_running_loop()
    transport, served = await loop.create_datagram_endpoint(Zone, local_addr=("127.0.0.1", 0))
    yield served
    transport.close()
