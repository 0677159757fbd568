"""The rules of WebSub."""

import hmac
from datetime import timedelta

import pytest

from digest.collect import websub
from tests.builders import NOW, a_source

KEY = b"k" * 32
SOURCE = a_source(id=7, hub="https://hub.example/", topic="https://marfa.example/rss")


def test_a_subscription_is_renewed_a_day_before_its_end():
    assert websub.is_due(SOURCE, NOW)
    assert not websub.is_due(a_source(), NOW)
    assert not websub.is_due(a_source(hub="h", hub_until=NOW + timedelta(days=2)), NOW)
    assert websub.is_due(a_source(hub="h", hub_until=NOW + timedelta(hours=23)), NOW)


def test_the_form_names_the_feed_as_the_hub_knows_it():
    form = websub.request(SOURCE, "https://mujaz.example/websub/7/x", KEY)
    assert form["hub.topic"] == "https://marfa.example/rss"
    assert form["hub.secret"] == websub.secret(KEY, 7)


@pytest.mark.parametrize(
    ("query", "days"),
    [
        (
            {"hub.mode": "subscribe", "hub.topic": "https://marfa.example/rss", "hub.lease_seconds": "86400"},
            1,
        ),
        ({"hub.mode": "subscribe", "hub.topic": "https://marfa.example/rss"}, 10),
        (
            {
                "hub.mode": "subscribe",
                "hub.topic": "https://marfa.example/rss",
                "hub.lease_seconds": "99999999",
            },
            30,
        ),
        ({"hub.mode": "subscribe", "hub.topic": "https://other.example/"}, None),
        ({"hub.mode": "unsubscribe", "hub.topic": "https://marfa.example/rss"}, None),
        ({}, None),
    ],
)
def test_only_what_we_wished_for_is_confirmed(query: dict[str, str], days: int | None):
    until = websub.confirmed(SOURCE, query, NOW)
    assert until == (NOW + timedelta(days=days) if days else None)


def test_what_a_hub_sends_is_believed_by_its_signature():
    signature = hmac.new(websub.secret(KEY, 7).encode(), b"news", "sha256").hexdigest()
    assert websub.is_signed(f"sha256={signature}", b"news", KEY, 7)
    for header, body, number in (
        (f"sha256={signature}", b"other", 7),
        (f"sha256={signature}", b"news", 8),
        (f"sha1={hmac.new(websub.secret(KEY, 7).encode(), b'news', 'sha1').hexdigest()}", b"news", 7),
        ("sha256=\u0660", b"news", 7),
        ("", b"news", 7),
    ):
        assert not websub.is_signed(header, body, KEY, number)
