"""When a send is stopped for its bounces or complaints."""

import pytest

from digest.deliver.breaker import Limits, Tally, lower_bound, tripped, trips

LIMITS = Limits()


def test_a_few_bad_addresses_among_few_stop_nothing() -> None:
    assert tripped(Tally(settled=20, bounced=10), LIMITS) is None


def test_a_share_that_may_be_chance_stops_nothing() -> None:
    assert tripped(Tally(settled=100, bounced=6), LIMITS) is None


def test_a_stale_list_is_stopped() -> None:
    trip = tripped(Tally(settled=1000, bounced=100), LIMITS)
    assert trip is not None
    assert trip.sentence() == "10.0% of 1000 bounced; the limit is 5.0%."


def test_complaints_weigh_more_than_bounces() -> None:
    trip = tripped(Tally(settled=10_000, bounced=60, complained=60), LIMITS)
    assert trip is not None
    assert trip.what == "complained"


def test_one_person_is_no_pattern() -> None:
    assert tripped(Tally(settled=50, complained=1), LIMITS) is None
    assert tripped(Tally(settled=50, complained=2), LIMITS) is not None


def test_one_domain_is_stopped_alone() -> None:
    domains = {
        "slow.example": Tally(settled=200, bounced=80),
        "fine.example": Tally(settled=5000, bounced=10),
    }
    found = trips(Tally(settled=5200, bounced=90), domains, LIMITS)
    assert [trip.domain for trip in found] == ["slow.example"]
    assert "at slow.example" in found[0].sentence()


def test_when_the_whole_edition_stops_no_domain_is_named() -> None:
    found = trips(Tally(settled=1000, bounced=500), {"slow.example": Tally(settled=900, bounced=490)}, LIMITS)
    assert [trip.domain for trip in found] == [None]


@pytest.mark.parametrize(("hits", "of"), [(0, 0), (0, 10), (10, 10), (3, 1000)])
def test_the_bound_is_a_share_below_the_plain_one(hits: int, of: int) -> None:
    assert 0 <= lower_bound(hits, of) <= (hits / of if of else 0)


def test_more_evidence_for_the_same_share_says_more() -> None:
    assert lower_bound(10, 100) < lower_bound(100, 1000) < lower_bound(1000, 10_000)
