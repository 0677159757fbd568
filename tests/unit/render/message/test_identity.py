"""Message-IDs and return paths: the same for the same message, and nobody else's to make up."""

import hmac
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.deliver.return_path import (
    Returned,
    leaving_address,
    read_leaving_address,
    read_return_path,
    return_path,
)
from digest.errors import ConfigError
from digest.keys import keyed
from digest.render.message.mime import edition_message_id, message_id, read_message_id

SECRET = b"s" * 32


@given(st.binary(min_size=1, max_size=200), st.binary(max_size=200))
def test_the_keyed_hash_is_hmac(secret: bytes, message: bytes) -> None:
    assert keyed(secret, message) == hmac.digest(secret, message, "sha256")


def test_the_same_edition_and_reader_have_the_same_message_id() -> None:
    assert message_id("7:abc", "k1", "mujaz.example") == message_id("7:abc", "k1", "mujaz.example")


def test_another_edition_or_another_reader_has_another() -> None:
    made = {message_id(seed, key, "mujaz.example") for seed in ("7:a", "8:a") for key in ("k1", "k2")}
    assert len(made) == 4
    assert all(re.fullmatch(r"<[0-9a-f]{32}@mujaz\.example>", one) for one in made)


def test_an_editions_message_id_says_whose_it_is_and_is_made_with_the_readers_key() -> None:
    made = edition_message_id(12, "abc", 345, "k1", "mujaz.example")
    assert made == edition_message_id(12, "abc", 345, "k1", "mujaz.example")
    assert read_message_id(made) == read_message_id(f" {made.upper()} ") == (12, 345)
    assert (
        made.partition(".")[0] != edition_message_id(12, "abc", 345, "k2", "mujaz.example").partition(".")[0]
    )


@pytest.mark.parametrize(
    "named",
    [
        "",
        "<7@mujaz.example>",
        message_id("12:abc", "k1", "mujaz.example"),
        "<" + "0" * 32 + ".1.2@a b>",
        "<" * 10**6,
    ],
)
def test_any_other_message_id_says_nothing(named: str) -> None:
    assert read_message_id(named) is None


@given(st.integers(1, 2**63 - 1), st.integers(1, 2**63 - 1))
def test_a_return_path_tells_whose_bounce_it_is(edition: int, subscriber: int) -> None:
    made = return_path(edition, subscriber, SECRET, "bounces.mujaz.example")
    assert len(made.partition("@")[0]) <= 64
    assert read_return_path(made, [SECRET]) == Returned(edition, subscriber)
    assert read_return_path(f"<{made.upper()}>", [SECRET]) == Returned(edition, subscriber)


@pytest.mark.parametrize(
    "address",
    [
        "reader@mujaz.example",
        "",
        "b+1.2.0123456789abcdef@mujaz.example",
        "b+1.2@mujaz.example",
        "b+x.2.0123456789abcdef@mujaz.example",
        "b+1.2.0123456789abcdef@mujaz.example\r\nBcc: x@y.example",
    ],
)
def test_an_address_that_is_no_return_path_of_ours_tells_nothing(address: str) -> None:
    assert read_return_path(address, [SECRET]) is None


def test_a_return_path_whose_numbers_were_changed_tells_nothing() -> None:
    made = return_path(12, 34, SECRET, "mujaz.example")
    assert read_return_path(made.replace("12.34", "12.35"), [SECRET]) is None


def test_a_domain_in_arabic_is_spelled_in_ascii() -> None:
    assert return_path(1, 2, SECRET, "موجز.example").isascii()
    assert message_id("1", "k", "موجز.example").isascii()


@pytest.mark.parametrize("domain", ["", "a b", "x\r\nBcc: y", ".", "a..b"])
def test_a_domain_that_is_none_is_a_wrong_setting(domain: str) -> None:
    with pytest.raises(ConfigError, match="is no domain"):
        message_id("1", "k", domain)


def test_the_address_to_leave_by_is_no_return_path_and_the_other_way_round() -> None:
    made = return_path(12, 34, SECRET, "mujaz.example")
    leaving = leaving_address(made)
    assert read_leaving_address(f"<{leaving.upper()}>", [SECRET]) == Returned(12, 34)
    assert read_return_path(leaving, [SECRET]) is None
    assert read_leaving_address(made, [SECRET]) is None
    assert read_leaving_address(leaving.replace("34", "35"), [SECRET]) is None
