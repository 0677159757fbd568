"""Foreign mail is read as the standard library reads it, within limits."""

import email
import gc
import time
from email.message import Message
from typing import Any

import pytest

from digest.text.direction.safe_message import DEEPEST, LONGEST_FIELD, MOST_FIELDS, parse_message

ORDINARY = {
    "a letter": b"From: a@mujaz.example\r\nSubject: hello\r\n\tagain\r\n\r\nText\r\n",
    "no body": b"From: a@mujaz.example\nTo: b@mujaz.example\n",
    "no fields": b"\nText\n",
    "nothing": b"",
    "two parts": b"Content-Type: multipart/alternative; boundary=b\n\nbefore\n--b\n\nText\n--b\n"
    b"Content-Type: text/html\n\n<p>\n--b--\nafter\n",
    "no end": b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nText\n",
    "a boundary that begins another": b"Content-Type: multipart/mixed; boundary=b\n\n--b\n"
    b"Content-Type: multipart/mixed; boundary=bb\n\n--bb\n\nText\n--bb--\n--b--\n",
    "a letter in a letter": b"Content-Type: message/rfc822\n\nSubject: inner\n\nText\n",
    "a digest": b"Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: inner\n\nText\n--b--\n",
    "base64": b"Content-Transfer-Encoding: base64\nContent-Type: text/plain; charset=utf-8\n\n2YXZiNis2LI=\n",
    "bytes outside ASCII": "Subject: موجز\n\nنص\n".encode(),
    "a mailbox's first line": b"From a@mujaz.example Mon Jan  5 04:00:00 2026\nSubject: hello\n\nText\n",
    "no blank line": b"Subject: hello\nThis is no field\nText\n",
    "no boundary": b"Content-Type: multipart/mixed\n\nText\n",
}


def told(message: Message) -> Any:
    fields = [(name, str(value).replace("\r", "")) for name, value in message.items()]
    if message.is_multipart():
        return (message.get_content_type(), fields, [told(part) for part in message.get_payload()])
    content = message.get_payload(decode=True)
    return (message.get_content_type(), fields, content.replace(b"\r", b"").strip())


@pytest.mark.parametrize("content", ORDINARY.values(), ids=ORDINARY.keys())
def test_ordinary_mail_is_read_as_the_standard_library_reads_it(content: bytes) -> None:
    assert told(parse_message(content)) == told(email.message_from_bytes(content))


def test_a_delivery_status_has_its_groups_in_base64_too() -> None:
    plain = b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\nAction: failed\n"
    coded = (
        b"Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n"
        b"UmVwb3J0aW5nLU1UQTogZG5zOyBhCgpBY3Rpb246IGZhaWxlZAo=\n"
    )
    for content in (plain, coded):
        groups = parse_message(content).get_payload()
        assert [dict(group.items()) for group in groups] == [
            {"Reporting-MTA": "dns; a"},
            {"Action": "failed"},
        ]


def test_parts_nested_too_deep_stay_text() -> None:
    content = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(900))
    parts = [*parse_message(content).walk()]
    assert len(parts) == DEEPEST + 1
    assert not parts[-1].is_multipart()
    assert "boundary=b899" in parts[-1].get_payload()


def test_fields_without_end_are_left_out() -> None:
    message = parse_message(b"Subject: hello\n" + b"X: y\n" * 60_000 + b"\nText")
    assert len(message.keys()) == MOST_FIELDS
    assert (message["Subject"], message.get_payload()) == ("hello", "Text")


def test_a_field_without_end_is_cut() -> None:
    for value in (b"a" * 60_000, b"a\n " * 60_000):
        message = parse_message(b"Subject: hello\nTo: " + value + b"\nFrom: b\n\nText")
        assert (message["Subject"], message["From"], message.get_payload()) == ("hello", "b", "Text")
        assert len(message["To"]) <= LONGEST_FIELD


def nested(size: int) -> bytes:
    heads = (b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(900))
    return b"".join(heads) + b"a line\n" * size


GROWING = {
    "lines below nested parts": nested,
    "lines of one field": lambda size: b"To: a\n" + b" a\n" * size,
    "fields": lambda size: b"X: y\n" * size,
    "parts": lambda size: b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * size,
    "groups": lambda size: b"Content-Type: message/delivery-status\n\n" + b"A: b\n\n" * size,
    "half a boundary": lambda size: b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--bx" * size,
    "parameters": lambda size: b'Content-Type: multipart/mixed; a="' + b";" * size,
    "letters in letters": lambda size: b"Content-Type: message/rfc822\n\n" * size,
}


@pytest.mark.parametrize("made", GROWING.values(), ids=GROWING.keys())
def test_twice_the_mail_takes_twice_the_time(made: Any) -> None:
    # A busy machine can make any one measurement long, but none short; a processor's cache ends at one size, not at all.
    ratios = (
        2 * taken(made(2 * size)) / max(taken(made(size)) + taken(made(size)), 0.04)
        for _ in range(4)
        for size in (100_000, 50_000, 200_000)
    )
    assert any(ratio <= 2.3 for ratio in ratios)


def taken(content: bytes) -> float:
    best = 9.0
    gc.disable()
    try:
        for _ in range(3):
            started = time.process_time()
            parse_message(content, largest=len(content))
            best = min(best, time.process_time() - started)
    finally:
        gc.enable()
    return best
