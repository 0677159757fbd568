"""The walk up the tree of names (RFC 9989), against a DNS server on loopback."""

import pytest

from digest.services.dns import DnsNames
from digest.services.doctor import dmarc, dns_checks
from digest.services.doctor.finding import FindingState
from tests.integration.doctor.zone import Zone


@pytest.mark.parametrize(
    ("records", "organisation", "whose"),
    [
        ({}, "a.news.mujaz.example", None),
        ({"mujaz.example": "v=DMARC1; p=none"}, "mujaz.example", "mujaz.example"),
        ({"news.mujaz.example": "v=DMARC1; p=none", "mujaz.example": "v=DMARC1"}, "mujaz.example", "mujaz.example"),
        ({"a.news.mujaz.example": "v=DMARC1; p=reject", "mujaz.example": "v=DMARC1"}, "mujaz.example", "a.news.mujaz.example"),
        ({"news.mujaz.example": "v=DMARC1; psd=n", "mujaz.example": "v=DMARC1"}, "news.mujaz.example", "news.mujaz.example"),
        ({"example": "v=DMARC1; psd=y; p=reject"}, "mujaz.example", "example"),
        ({"mujaz.example": "v=DMARC1; psd=y"}, "news.mujaz.example", "mujaz.example"),
        ({"mujaz.example": "v=DMARC10; p=none"}, "a.news.mujaz.example", None),
    ],
)  # fmt: skip
async def test_the_walk_up_the_tree_finds_policy_and_organisation_without_a_list(
    zone: Zone, names: DnsNames, records: dict[str, str], organisation: str, whose: str | None
):
    zone.records = {(f"_dmarc.{name}.", "TXT"): [f'"{value}"'] for name, value in records.items()}
    walk = await dmarc.walked(names, "a.news.mujaz.example")
    assert walk.organisation == organisation
    assert (walk.policy[0] if walk.policy else None) == whose


def test_a_long_name_is_asked_about_itself_and_from_its_last_seven_labels_on():
    assert dmarc.targets("news.mujaz.example") == ("news.mujaz.example", "mujaz.example", "example")
    long = "a.b.c.d.e.f.g.h.mujaz.example"
    assert dmarc.targets(long)[:3] == (long, "d.e.f.g.h.mujaz.example", "e.f.g.h.mujaz.example")
    assert len(dmarc.targets(long)) == 8


async def test_two_domains_of_one_public_suffix_are_not_aligned(zone: Zone, names: DnsNames):
    zone.records["_dmarc.example.", "TXT"] = ['"v=DMARC1; psd=y"']
    zone.records["_dmarc.other.example.", "TXT"] = ['"v=DMARC1; p=none"']
    found = await dns_checks.alignment(names, "SPF alignment", "bounces.other.example", "mujaz.example")
    assert found.state is FindingState.WARN
    found = await dns_checks.alignment(names, "SPF alignment", "b.news.mujaz.example", "a.mujaz.example")
    assert found.state is FindingState.GOOD
