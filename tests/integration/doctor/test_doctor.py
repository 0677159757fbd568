"""The doctor, against a DNS server of its own on loopback."""

import socket
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.collect.fetch.http import Response
from digest.deliver.dkim import keys
from digest.errors import BlockedAddressError, TemporarySourceError
from digest.services.app import App
from digest.services.dns import DnsNames
from digest.services.doctor import dns_checks
from digest.services.doctor import examine as doctor
from digest.services.doctor.finding import FindingState, worst
from digest.settings import Settings
from digest.storage.database.engine import Database
from tests.builders import a_source
from tests.fakes_delivery import FakeMailer, an_app
from tests.integration.doctor.zone import Zone


async def test_a_domain_that_is_in_order_is_good(names: DnsNames):
    assert [one.state for one in await dns_checks.spf(names, "mujaz.example")] == [FindingState.GOOD]
    assert [one.state for one in await dns_checks.dmarc(names, "mujaz.example", "bounces.mujaz.example")] == [
        FindingState.GOOD
    ] * 2
    assert [one.state for one in await dns_checks.mx(names, "mujaz.example")] == [FindingState.GOOD]
    assert [one.state for one in await dns_checks.ptr(names, "mail.mujaz.example")] == [FindingState.GOOD]


@pytest.mark.parametrize(
    ("records", "says"),
    [
        ([], "has no SPF"),
        (['"v=spf1 -all"', '"v=spf1 mx -all"'], "2 SPF records"),
        (['"v=spf1 +all"'], "lets everybody send"),
        (['"v=spf10 mx"'], "has no SPF"),
    ],
)
async def test_a_wrong_spf_is_said_so(zone: Zone, names: DnsNames, records: list[str], says: str):
    zone.records["mujaz.example.", "TXT"] = records
    (found,) = await dns_checks.spf(names, "mujaz.example")
    assert found.state is FindingState.BAD
    assert says in found.says


async def test_what_is_missing_comes_with_the_line_to_add(names: DnsNames):
    (spf,) = await dns_checks.spf(names, "other.example")
    assert spf.line == 'other.example. IN TXT "v=spf1 mx -all"'
    (dmarc,) = await dns_checks.dmarc(names, "other.example", "other.example")
    assert dmarc.line.startswith('_dmarc.other.example. IN TXT "v=DMARC1;')
    (mx,) = await dns_checks.mx(names, "other.example")
    assert mx.line == "other.example. IN MX 10 mail.other.example."


async def test_a_policy_above_the_domain_counts_and_a_strange_return_path_does_not(names: DnsNames):
    policy, alignment = await dns_checks.dmarc(names, "news.mujaz.example", "bounces.elsewhere.example")
    assert policy.state is FindingState.GOOD
    assert alignment.state is FindingState.WARN
    assert alignment.line == 'mail.bounce_domain = "news.mujaz.example"'


async def test_a_domain_that_takes_no_mail_is_said_so(zone: Zone, names: DnsNames):
    zone.records["mujaz.example.", "MX"] = ["0 ."]
    (found,) = await dns_checks.mx(names, "mujaz.example")
    assert (found.state, "null MX" in found.says) == (FindingState.BAD, True)


async def test_an_address_whose_name_does_not_lead_back_is_warned_about(zone: Zone, names: DnsNames):
    zone.records["7.40.30.20.in-addr.arpa.", "PTR"] = ["host7.provider.example."]
    (found,) = await dns_checks.ptr(names, "mail.mujaz.example")
    assert found.state is FindingState.WARN


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "fd00::7", "64:ff9b::a01:203", "fec0::7"])
async def test_of_a_private_address_nothing_is_said(names: DnsNames, address: str):
    (found,) = await dns_checks.ptr(names, address)
    assert (found.state, "private" in found.says) == (FindingState.UNKNOWN, True)


async def test_our_key_has_to_be_the_one_in_dns(zone: Zone, names: DnsNames, tmp_path: Path):
    key = keys.make("ed25519", tmp_path / "key.pem")
    chosen = Settings.model_validate(
        {"dkim": {"ed25519_key": tmp_path / "key.pem", "ed25519_selector": "s1"}}
    )
    (missing,) = await dns_checks.dkim(names, chosen, "mujaz.example")
    assert missing.state is FindingState.BAD
    assert missing.line == keys.zone_line(key, "s1", "mujaz.example")
    zone.records["s1._domainkey.mujaz.example.", "TXT"] = [f'"{keys.record_value(key)}"']
    (good,) = await dns_checks.dkim(names, chosen, "mujaz.example")
    assert good.state is FindingState.GOOD
    zone.records["s1._domainkey.mujaz.example.", "TXT"] = ['"v=DKIM1; k=ed25519; p=AAAA"']
    (other,) = await dns_checks.dkim(names, chosen, "mujaz.example")
    assert "another key" in other.says
    (unset,) = await dns_checks.dkim(names, Settings(), "mujaz.example")
    assert unset.state is FindingState.UNKNOWN


async def test_without_an_answer_nothing_is_called_bad(zone: Zone, names: DnsNames):
    zone.broken = True
    found = [
        *await dns_checks.spf(names, "mujaz.example"),
        *await dns_checks.dmarc(names, "mujaz.example", "mujaz.example"),
        *await dns_checks.mx(names, "mujaz.example"),
        *await dns_checks.ptr(names, "mail.mujaz.example"),
    ]
    assert {one.state for one in found} == {FindingState.UNKNOWN}
    assert worst(found) is FindingState.GOOD


class World:
    """Stands for what lies beyond this machine: our pages as they are seen from outside, and sources with a clock."""

    def __init__(self, *, status: int | Exception = 410, dates: Sequence[str | Exception] = ()) -> None:
        self._status = status
        self._dates = list(dates)
        self.posted: list[tuple[str, Mapping[str, str]]] = []

    async def post_form(self, url: str, fields: Mapping[str, str]) -> int:
        self.posted.append((url, fields))
        if isinstance(self._status, Exception):
            raise self._status
        return self._status

    async def get(self, url: str) -> Response:
        date = self._dates.pop(0)
        if isinstance(date, Exception):
            raise date
        return Response(url=url, status=200, date=date)


def an_app_in(database: Database, world: World, url: str = "https://mujaz.example") -> App:
    made = an_app(database, FakeMailer(), settings={"web": {"public_url": url}})
    return replace(made, http=world)  # type: ignore[arg-type]


async def test_a_whole_examination_looks_at_everything(names: DnsNames, database: Database):
    found = await doctor.examine(an_app_in(database, World()), names)
    assert {one.check for one in found} >= {
        "SPF", "DKIM", "DMARC", "SPF alignment", "MX", "SMTP", "List-Unsubscribe", "clock", "tzdata", "disk",
    }  # fmt: skip
    assert {one.check: one.state for one in found}["List-Unsubscribe"] is FindingState.GOOD


async def test_a_one_click_call_has_to_come_through(embedded: Database):
    world = World()
    assert (await doctor.leaving(an_app_in(embedded, world))).state is FindingState.GOOD
    ((url, fields),) = world.posted
    assert url.startswith("https://mujaz.example/l/daily/unsubscribe/doctor.")
    assert fields == {"List-Unsubscribe": "One-Click"}
    for answer, state in (
        (405, FindingState.BAD),
        (502, FindingState.BAD),
        (BlockedAddressError("private"), FindingState.WARN),
        (TemporarySourceError("mujaz.example cannot be reached."), FindingState.UNKNOWN),
    ):
        found = await doctor.leaving(an_app_in(embedded, World(status=answer)))
        assert found.state is state, found
    assert (
        await doctor.leaving(an_app_in(embedded, world, "http://mujaz.example"))
    ).state is FindingState.BAD
    assert len(world.posted) == 1


AWAY = TemporarySourceError("cannot be reached")


@pytest.mark.parametrize(
    ("dates", "state", "says"),
    [
        (["Mon, 05 Jan 2026 04:00:02 GMT", AWAY], FindingState.GOOD, "1 sources agree"),
        (
            ["Mon, 05 Jan 2026 03:10:00 GMT", "Mon, 05 Jan 2026 04:00:00 GMT"],
            FindingState.GOOD,
            "2 sources agree",
        ),
        (["Mon, 05 Jan 2026 04:05:00 GMT", AWAY], FindingState.BAD, "300 s behind"),
        (["Mon, 05 Jan 2026 03:55:00 GMT", AWAY], FindingState.BAD, "300 s ahead"),
        (["soon", AWAY], FindingState.UNKNOWN, "no second clock"),
        ([AWAY, AWAY], FindingState.UNKNOWN, "no second clock"),
    ],
)
async def test_this_clock_is_compared_with_those_of_sources(
    embedded: Database, dates: list[str | Exception], state: FindingState, says: str
):
    async with embedded.begin() as session:
        for number in range(2):
            session.add(a_source(location=f"https://news{number}.example/feed", name=str(number)))
    found = await doctor.clock(an_app_in(embedded, World(dates=dates)))
    assert (found.state, says in found.says) == (state, True), found


async def test_a_mail_server_without_an_address_takes_no_bounces(zone: Zone, names: DnsNames):
    del zone.records["mail.mujaz.example.", "A"]
    (found,) = await dns_checks.mx(names, "mujaz.example")
    assert (found.state, found.line) == (FindingState.BAD, "mail.mujaz.example. IN A …")


async def test_without_a_network_the_reason_is_said_in_words():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        asked = DnsNames("127.0.0.1", deaf.getsockname()[1], seconds=0.2)
        (found,) = await dns_checks.spf(asked, "mujaz.example")
    assert found.state is FindingState.UNKNOWN
    assert "no DNS server answered within 0.2 seconds" in found.says


@pytest.mark.parametrize(
    ("chosen", "state", "says"),
    [
        ({}, FindingState.WARN, "Nobody hears"),
        (
            {"listen_port": 8024, "ses_topic": "arn:aws:sns:eu-west-1:1:m"},
            FindingState.GOOD,
            "the bounce server, SES",
        ),
        ({"imap_host": "imap.mujaz.example"}, FindingState.GOOD, "a mailbox"),
    ],
)
def test_what_comes_back_needs_a_way_in(chosen: dict[str, object], state: FindingState, says: str):
    settings = Settings.model_validate({"mail": {"host": "smtp.mujaz.example"}, "bounces": chosen})
    found = doctor.hearing(settings)
    assert (found.state, says in found.says) == (state, True)
    assert doctor.hearing(Settings()).state is FindingState.GOOD


def test_a_password_that_others_can_read_is_warned_about(tmp_path: Path):
    file = tmp_path / "password"
    file.write_text("secret")
    file.chmod(0o640)
    server = {"host": "smtp.mujaz.example", "password_file": file}
    chosen = Settings.model_validate({"mail": {"servers": [server]}})
    lines = [one.line for one in doctor.local(chosen, datetime(2026, 1, 1, tzinfo=UTC))]
    assert f"chmod 600 {file}" in lines
    file.chmod(0o600)
    lines = [one.line for one in doctor.local(chosen, datetime(2026, 1, 1, tzinfo=UTC))]
    assert f"chmod 600 {file}" not in lines


def test_a_database_that_others_can_read_and_old_time_zones_are_warned_about(tmp_path: Path):
    file = tmp_path / "subscribers.db"
    file.touch(mode=0o644)
    chosen = Settings.model_validate({"database": {"url": f"sqlite:///{file}"}})
    found = {one.check: one for one in doctor.local(chosen, datetime(2040, 1, 1, tzinfo=UTC))}
    assert found["permissions"].line == f"chmod 600 {file}"
    assert found["tzdata"].state is FindingState.WARN
    file.chmod(0o600)
    found = {one.check: one for one in doctor.local(chosen, datetime(2026, 1, 1, tzinfo=UTC))}
    assert (found["permissions"].state, found["tzdata"].state) == (FindingState.GOOD, FindingState.GOOD)
