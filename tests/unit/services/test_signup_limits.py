"""How many sign-ups are taken, by rules without a store."""

from datetime import UTC, datetime, timedelta

import pytest

from digest.services.audience.joining import stamps
from digest.services.audience.joining.limits import SignupLimits, is_attack, networks, over, sliding

NOW = datetime(2026, 1, 5, 4, 15, tzinfo=UTC)
LIMITS = SignupLimits(near=20, network=100, domain=100, list=2000)
KEY, OTHER = b"k" * 32, b"o" * 32


def test_the_hour_before_counts_by_what_of_it_lies_within_sixty_minutes():
    assert sliding(NOW, 10, 40) == 10 + 40 * 0.75
    assert sliding(NOW.replace(minute=0), 0, 40) == 40
    assert sliding(NOW.replace(minute=59, second=59), 3, 0) == 3


@pytest.mark.parametrize(
    ("address", "near", "wide"),
    [
        ("203.0.113.9", "203.0.113.9/32", "203.0.113.0/24"),
        ("::ffff:203.0.113.9", "203.0.113.9/32", "203.0.113.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1:2::/64", "2001:db8:1::/48"),
    ],
)
def test_a_sign_up_is_counted_by_its_connection_and_by_its_network(address: str, near: str, wide: str):
    assert networks(address, ()) == {"near": near, "network": wide}
    assert networks(address, ("203.0.113.0/24", "2001:db8::/32")) == {}


def test_what_is_no_address_is_counted_by_no_network():
    assert networks("", ()) == networks("unknown", ("203.0.113.0/24",)) == {}


def test_a_count_is_over_when_it_is_more_than_the_limit():
    assert over({"near": 20, "domain": 100}, LIMITS, "x.example") == ""
    assert over({"near": 21}, LIMITS, "x.example") == "near"
    assert over({"domain": 101}, LIMITS, "x.example") == "domain"
    assert over({"domain": 999}, LIMITS, "gmail.com") == ""
    tight = LIMITS.under_attack()
    assert (tight.near, tight.network, tight.domain, tight.list) == (5, 25, 25, 60)


def test_many_who_ask_and_few_who_confirm_are_an_attack():
    assert is_attack(60, 5)
    assert not is_attack(59, 0)
    assert not is_attack(60, 6)
    assert not is_attack(10_000, 1_000)


def test_a_stamp_tells_when_its_own_lists_form_was_shown():
    made = stamps.stamp(KEY, "daily", NOW)
    later = NOW + timedelta(seconds=5)
    assert stamps.age(made, "daily", [KEY], later) == timedelta(seconds=5)
    assert stamps.age(made, "daily", [OTHER, KEY], later) is not None
    for text, slug, keys in (
        (made, "other", [KEY]),
        (made, "daily", [OTHER]),
        ("", "daily", [KEY]),
        ("1" + made, "daily", [KEY]),
        ("9" * 5000, "daily", [KEY]),
    ):
        assert stamps.age(text, slug, keys, later) is None
