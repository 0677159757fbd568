"""Addresses that a collector must never visit."""

import pytest

from digest.collect.fetch.ssrf import check_url, is_public
from digest.errors import BlockedAddressError
from tests.unit.collect.attacks import ATTACKS, PRIVATE


@pytest.mark.parametrize("url", ATTACKS)
def test_an_attack_by_address_is_refused_before_anything_is_dialled(url: str):
    with pytest.raises(BlockedAddressError):
        check_url(url, ())


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_not_public(address: str):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111"])
def test_public_addresses_are(address: str):
    assert is_public(address)


@pytest.mark.parametrize("url", ["http://marfa.example/", "https://marfa.example:443/x", "https://1.1.1.1/"])
def test_the_open_web_is_visited(url: str):
    check_url(url, ())


def test_a_host_that_is_allowed_by_name_is_visited_on_its_port_only():
    check_url("http://127.0.0.1:8080/feed", ("127.0.0.1:8080",))
    check_url("http://intranet:8080/feed", ("intranet",))
    with pytest.raises(BlockedAddressError) as caught:
        check_url("http://127.0.0.1:8081/feed", ("127.0.0.1:8080",))
    assert "collect.allow_hosts" in str(caught.value)
