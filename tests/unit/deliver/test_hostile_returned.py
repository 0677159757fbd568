"""Returned mail that is made to trip its reader: a report or none, and no error."""

import time

import pytest

from digest.deliver.bounces.read import farewell, read
from tests.unit.deliver.returned import READER, complaint, plain, returned

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
    "a broken encoded word": b"To: =?utf-8?b?a?=\nSubject: =?utf-8?b?a?=\n\nx",
}


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
