"""The doctor, against a DNS server of its own on loopback."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from digest.deliver.dkim import keys
from digest.services import doctor
from digest.services.doctor import State
from digest.services.names import Names
from digest.settings import Settings
from digest.storage.engine import Database
from tests.fakes_delivery import FakeMailer, an_app

GOOD = {
    ("mujaz.example.", "TXT"): ['"v=spf1 mx -all"', '"site-check=1"'],
    ("_dmarc.mujaz.example.", "TXT"): ['"v=DMARC1; p=quarantine"'],
    ("mujaz.example.", "MX"): ["10 mail.mujaz.example."],
    ("mail.mujaz.example.", "A"): ["192.0.2.7"],
    ("7.2.0.192.in-addr.arpa.", "PTR"): ["mail.mujaz.example."],
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


@pytest.fixture
async def zone() -> AsyncIterator[Zone]:
    loop = asyncio.get_running_loop()
    transport, served = await loop.create_datagram_endpoint(Zone, local_addr=("127.0.0.1", 0))
    yield served
    transport.close()


@pytest.fixture
def names(zone: Zone) -> Names:
    return Names("127.0.0.1", zone.port, seconds=2)


async def test_a_domain_that_is_in_order_is_good(names: Names):
    assert [one.state for one in await doctor.spf(names, "mujaz.example")] == [State.GOOD]
    assert [one.state for one in await doctor.dmarc(names, "mujaz.example", "bounces.mujaz.example")] == [
        State.GOOD
    ] * 2
    assert [one.state for one in await doctor.mx(names, "mujaz.example")] == [State.GOOD]
    assert [one.state for one in await doctor.ptr(names, "mail.mujaz.example")] == [State.GOOD]


@pytest.mark.parametrize(
    ("records", "says"),
    [
        ([], "has no SPF"),
        (['"v=spf1 -all"', '"v=spf1 mx -all"'], "2 SPF records"),
        (['"v=spf1 +all"'], "lets everybody send"),
        (['"v=spf10 mx"'], "has no SPF"),
    ],
)
async def test_a_wrong_spf_is_said_so(zone: Zone, names: Names, records: list[str], says: str):
    zone.records["mujaz.example.", "TXT"] = records
    (found,) = await doctor.spf(names, "mujaz.example")
    assert found.state is State.BAD
    assert says in found.says


async def test_what_is_missing_comes_with_the_line_to_add(names: Names):
    (spf,) = await doctor.spf(names, "other.example")
    assert spf.line == 'other.example. IN TXT "v=spf1 mx -all"'
    (dmarc,) = await doctor.dmarc(names, "other.example", "other.example")
    assert dmarc.line.startswith('_dmarc.other.example. IN TXT "v=DMARC1;')
    (mx,) = await doctor.mx(names, "other.example")
    assert mx.line == "other.example. IN MX 10 mail.other.example."


async def test_a_policy_above_the_domain_counts_and_a_strange_return_path_does_not(names: Names):
    policy, alignment = await doctor.dmarc(names, "news.mujaz.example", "bounces.elsewhere.example")
    assert policy.state is State.GOOD
    assert alignment.state is State.WARN
    assert alignment.line == 'mail.bounce_domain = "news.mujaz.example"'


async def test_a_domain_that_takes_no_mail_is_said_so(zone: Zone, names: Names):
    zone.records["mujaz.example.", "MX"] = ["0 ."]
    (found,) = await doctor.mx(names, "mujaz.example")
    assert (found.state, "null MX" in found.says) == (State.BAD, True)


async def test_an_address_whose_name_does_not_lead_back_is_warned_about(zone: Zone, names: Names):
    zone.records["7.2.0.192.in-addr.arpa.", "PTR"] = ["host7.provider.example."]
    (found,) = await doctor.ptr(names, "mail.mujaz.example")
    assert found.state is State.WARN


async def test_our_key_has_to_be_the_one_in_dns(zone: Zone, names: Names, tmp_path: Path):
    key = keys.make("ed25519", tmp_path / "key.pem")
    chosen = Settings.model_validate(
        {"dkim": {"ed25519_key": tmp_path / "key.pem", "ed25519_selector": "s1"}}
    )
    (missing,) = await doctor.dkim(names, chosen, "mujaz.example")
    assert missing.state is State.BAD
    assert missing.line == keys.zone_line(key, "s1", "mujaz.example")
    zone.records["s1._domainkey.mujaz.example.", "TXT"] = [f'"{keys.record_value(key)}"']
    (good,) = await doctor.dkim(names, chosen, "mujaz.example")
    assert good.state is State.GOOD
    zone.records["s1._domainkey.mujaz.example.", "TXT"] = ['"v=DKIM1; k=ed25519; p=AAAA"']
    (other,) = await doctor.dkim(names, chosen, "mujaz.example")
    assert "another key" in other.says
    (unset,) = await doctor.dkim(names, Settings(), "mujaz.example")
    assert unset.state is State.UNKNOWN


async def test_without_an_answer_nothing_is_called_bad(zone: Zone, names: Names):
    zone.broken = True
    found = [
        *await doctor.spf(names, "mujaz.example"),
        *await doctor.dmarc(names, "mujaz.example", "mujaz.example"),
        *await doctor.mx(names, "mujaz.example"),
        *await doctor.ptr(names, "mail.mujaz.example"),
    ]
    assert {one.state for one in found} == {State.UNKNOWN}
    assert doctor.worst(found) is State.GOOD


async def test_a_whole_examination_looks_at_everything(names: Names, database: Database):
    app = an_app(database, FakeMailer(), settings={"web": {"public_url": "https://mujaz.example"}})
    found = await doctor.examine(app, names)
    assert {one.check for one in found} >= {
        "SPF", "DKIM", "DMARC", "SPF alignment", "MX", "SMTP", "List-Unsubscribe", "clock", "tzdata", "disk",
    }  # fmt: skip
    assert {one.check: one.state for one in found}["List-Unsubscribe"] is State.GOOD


def test_a_link_that_is_not_https_is_bad():
    assert doctor.leaving(Settings()).state is State.BAD


def test_a_database_that_others_can_read_and_old_time_zones_are_warned_about(tmp_path: Path):
    file = tmp_path / "subscribers.db"
    file.touch(mode=0o644)
    chosen = Settings.model_validate({"database": {"url": f"sqlite:///{file}"}})
    found = {one.check: one for one in doctor.local(chosen, datetime(2040, 1, 1, tzinfo=UTC))}
    assert found["permissions"].line == f"chmod 600 {file}"
    assert found["tzdata"].state is State.WARN
    file.chmod(0o600)
    found = {one.check: one for one in doctor.local(chosen, datetime(2026, 1, 1, tzinfo=UTC))}
    assert (found["permissions"].state, found["tzdata"].state) == (State.GOOD, State.GOOD)
