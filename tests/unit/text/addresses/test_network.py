"""Whose connection an address is, and which network is around it."""

from ipaddress import ip_network

import pytest

from digest.text.addresses.network import around, connection_of, ip_of, is_in


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("::1", "::/64"),
        ("", ""),
        ("unknown", "unknown"),
    ],
)
def test_tries_are_counted_by_the_connection_that_one_visitor_is_given(address: str, counted: str):
    assert connection_of(address) == counted


def test_the_wider_network_is_the_providers():
    assert around("203.0.113.9") == (ip_network("203.0.113.9/32"), ip_network("203.0.113.0/24"))
    assert around("2001:db8:1:2:a::1") == (ip_network("2001:db8:1:2::/64"), ip_network("2001:db8:1::/48"))
    assert around("no address") is None


def test_ipv4_written_as_ipv6_is_the_same_machine():
    assert ip_of("::ffff:10.0.0.5") == ip_of("10.0.0.5")
    assert is_in("::ffff:10.0.0.5", [ip_network("10.0.0.0/8")])


def test_what_is_no_address_lies_in_no_network():
    assert not is_in("", [ip_network("0.0.0.0/0"), ip_network("::/0")])
