"""Webhooks are signed as Standard Webhooks has it: its own vector, and another implementation of it."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import InputError
from digest.services.programs.signing import key_of, new_secret, signed

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def by_hand(secret: str, message_id: str, stamp: int, body: bytes) -> str:
    """The signature by RFC 2104 itself: HMAC from two hashes."""
    key = base64.b64decode(secret[len("whsec_") :]).ljust(64, b"\0")
    inner = hashlib.sha256(
        bytes(one ^ 0x36 for one in key) + f"{message_id}.{stamp}.".encode() + body
    ).digest()
    return (
        "v1," + base64.b64encode(hashlib.sha256(bytes(one ^ 0x5C for one in key) + inner).digest()).decode()
    )


def test_the_vector_that_the_standard_publishes():
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = signed(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert headers["webhook-id"] == "msg_p5jXN8AQM9LWM0D4loKWxJek"
    assert headers["webhook-timestamp"] == "1614265330"


@given(st.binary(min_size=24, max_size=64), st.binary(max_size=300), st.integers(0, 4_000_000_000))
def test_another_implementation_makes_the_same(key: bytes, body: bytes, stamp: int):
    secret = f"whsec_{base64.b64encode(key).decode()}"
    made = signed(secret, "msg_1", datetime.fromtimestamp(stamp, UTC), body)["webhook-signature"]
    assert made == by_hand(secret, "msg_1", stamp, body)


@pytest.mark.parametrize("changed", [b'{"test": 2432232315}', b'{"test":2432232314}'])
def test_another_body_has_another_signature(changed: bytes):
    at = datetime.fromtimestamp(1614265330, UTC)
    assert signed(SECRET, "m", at, b'{"test": 2432232314}') != signed(SECRET, "m", at, changed)


def test_a_new_secret_has_256_bits():
    first, second = new_secret(), new_secret()
    assert first != second
    assert len(key_of(first)) == 32
    assert hmac.compare_digest(key_of(first), base64.b64decode(first.removeprefix("whsec_")))


@pytest.mark.parametrize(
    "secret", ["whsec_", "whsec_not base64", "whsec_" + base64.b64encode(b"short").decode()]
)
def test_what_is_no_secret_signs_nothing(secret: str):
    with pytest.raises(InputError):
        key_of(secret)
