"""Returned mail that is made to trip its reader: a report or none, and no error."""

import time
from collections.abc import Callable

import pytest

from digest.deliver.bounces.parse.read import farewell, read
from tests.unit.deliver.bounces.returned import READER, complaint, plain, returned

SECONDS = 4.0
"""Processor time, on a machine that others use; each mail is read three times."""

HOSTILE = {
    "parts within parts": "".join(
        f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(1200)
    ).encode(),
    "mails within mails": b"Content-Type: message/rfc822\n\n" * 1000,
    "twenty thousand parts": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 20_000,
    "fifty thousand fields": b"X: y\n" * 50_000,
    "comments in comments": b"From: " + b"(" * 5000 + b"\n\nx",
    "a recipient without end": b"To: " + b"a" * 60_000 + b"\n\nx",
    "a folded recipient without end": b"To: a\n"
    + b" aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n" * 40_000
    + b"\nx",
    "one line of two million letters": b"To: " + b"a" * 2_000_000,
    "twenty thousand attributes": b"Content-Type: text/html\n\n<p" + b" a=b" * 20_000 + b">",
    "thousands of parameters": b"Content-Type: multipart/mixed" + b";a=b" * 20_000 + b"\n\nx",
    "a broken encoded word": b"To: =?utf-8?b?a?=\nSubject: =?utf-8?b?a?=\n\nx",
}


@pytest.mark.red("returned-mail-to-header")
@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_mail_reports_nothing_quickly(body: bytes):
    started = time.process_time()
    assert read(body) == ()
    assert read(body, (READER,), lambda _: READER) == ()
    farewell(body, (READER,), lambda _: READER)
    assert time.process_time() - started < SECONDS


@pytest.mark.parametrize(
    "body",
    [
        returned("gmail", "5.1.1", "550 5.1.1 no\x00such user", reader="salma\x00@mujaz.example"),
        complaint(fields="Original-Rcpt-To: salma\x00@mujaz.example"),
        plain("failure notice", f"Hi. This is the qmail-send program.\n\n<{READER}\x00>:\nno such\x00user"),
    ],
    ids=["dsn", "arf", "qmail"],
)
def test_zero_bytes_are_no_part_of_a_report(body: bytes):
    for one in read(body):
        assert "\x00" not in f"{one.address}{one.words}{one.message_id}"


def letter(words: bytes) -> bytes:
    return b"From: MAILER-DAEMON@mx.example\nSubject: failure notice\n\nunable to deliver\n" + words


def copied(fields: bytes) -> bytes:
    return returned("postfix", "5.0.0", "550 no").replace(b"Message-ID: <", fields + b"\r\nMessage-ID: <", 1)


def nested(size: int) -> bytes:
    heads = (b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(900))
    return b"".join(heads) + b"a line\n" * (size // 7)


GROWING = {
    "letters": lambda size: letter(b"a" * size),
    "signs of addresses": lambda size: letter(b"@" * size),
    "halves of addresses": lambda size: letter(b"a@" * (size // 2)),
    "addresses": lambda size: letter(b"".join(b"a%d@b.example: no\n" % n for n in range(size // 20))),
    "addresses in one line": lambda size: letter(b"".join(b"a%d@b.example " % n for n in range(size // 16))),
    "dashes": lambda size: letter(b"-" * size),
    "line ends": lambda size: letter(b" \n" * (size // 2)),
    "codes": lambda size: letter(b"550 5.1.1 " * (size // 10)),
    "beginnings of phrases": lambda size: letter(b"too many " * (size // 9)),
    "marks on one letter": lambda size: letter("\u0301".encode() * (size // 2)),
    "web addresses": lambda size: letter(b"http://" * (size // 7)),
    "signs in the copy's Message-ID": lambda size: copied(b"Message-ID: <" + b"@" * size),
    "brackets in the copy's Message-ID": lambda size: copied(b"Message-ID: " + b"<a" * (size // 2)),
    "failed recipients": lambda size: b"X-Failed-Recipients: " + b"a@b.example,\n " * (size // 14) + letter(b""),
    "groups": lambda size: b"Content-Type: message/delivery-status\n\n" + b"Action: failed\nFinal-Recipient: a@b\n\n" * (size // 36),
    "open tags": lambda size: b"Content-Type: text/html\n" + letter(b"<style></style>" * (size // 15)),
    "half a tag": lambda size: b"Content-Type: text/html\n" + letter(b"<br " * (size // 4)),
    "lines below nested parts": nested,
}  # fmt: skip


@pytest.mark.red("returned-mail-to-header")
@pytest.mark.parametrize("made", GROWING.values(), ids=GROWING.keys())
def test_twice_the_mail_takes_twice_the_time(made: Callable[[int], bytes]):
    once, twice = taken(made(400_000)), taken(made(800_000))
    assert twice <= 2.3 * max(once, 0.05), (once, twice)


def taken(body: bytes) -> float:
    best = 9.0
    for _ in range(3):
        started = time.process_time()
        read(body, (READER,), lambda _: None)
        best = min(best, time.process_time() - started)
    return best
