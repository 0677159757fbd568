"""Newsletters as strangers write them: no header field costs more than its length, and none breaks the reader."""

import time
from datetime import UTC, datetime

import pytest

from digest.collect.parse.feeds.items import LONGEST_KEY
from digest.collect.parse.mail import LONGEST_FIELD, message_article, read_message, unfolded
from digest.errors import SourceError

NOW = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
SUBJECT = "افتتاح جسر المرفأ الجديد"
TEXT = "افتتحت هيئة الطرق صباح اليوم جسر المرفأ الجديد بطول 1200 متر، وعبرته أولى الحافلات."
SECONDS = 2.0
"""Processor time, on a machine that others use; the standard library's parser took six for some of these."""


def a_letter(*fields: str, text: str = TEXT, subject: str = SUBJECT, encoding: str = "utf-8") -> bytes:
    head = "\n".join([f"Subject: {subject}", *fields])
    return f"{head}\n\n{text}\n".encode(encoding)


def test_a_letter_is_an_article_of_its_sender():
    letter = read_message(
        a_letter(
            "From: =?utf-8?b?2KfZhNmF2LHZgdij?= <news@marfa.example>",
            "Date: Sun, 04 Jan 2026 16:15:00 +0300",
            "Message-ID: <7@marfa.example>",
            "List-Id: <news.marfa.example>",
        )
    )
    assert (letter.sender, letter.message_id, letter.list_id) == (
        "المرفأ",
        "<7@marfa.example>",
        "<news.marfa.example>",
    )
    article = message_article(letter, NOW)
    assert (article.title, article.paragraphs, article.source_name) == (SUBJECT, [TEXT], "المرفأ")
    assert article.published_at == datetime(2026, 1, 4, 13, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "declared", ["utf-8", "undefined", "idna", "unicode_escape", "us-ascii", "no-such-thing"]
)
def test_what_a_letter_says_of_its_encoding_is_believed_last(declared: str):
    field = f"Content-Type: text/plain; charset={declared}"
    letter = read_message(a_letter(field, encoding="cp1256"))
    assert (letter.subject, letter.text.strip()) == (SUBJECT, TEXT)


def test_the_page_of_a_letter_is_taken_before_its_text_and_what_is_attached_is_not_read():
    parts = (
        "--cut\nContent-Type: text/html\nContent-Disposition: attachment\n\n<p>attached</p>\n"
        "--cut\nContent-Type: message/rfc822\n\nSubject: forwarded\nContent-Type: text/html\n\n<p>forwarded</p>\n"
        f"--cut\nContent-Type: text/plain; charset=utf-8\n\nplain\n--cut\nContent-Type: text/html; charset=utf-8\n\n<p>{TEXT}</p>\n--cut--"
    )
    letter = read_message(a_letter("Content-Type: multipart/mixed; boundary=cut", text=parts))
    assert (letter.is_html, letter.text.strip()) == (True, f"<p>{TEXT}</p>")


DEAR = {
    "comments in comments": "From: " + "(" * 5000,
    "a thousand senders": "From: " + "a," * 20_000,
    "groups of senders": "From: " + "a:b;" * 5000,
    "words without an end": "Date: " + "(" * 5000,
    "parameters in pieces": "Content-Type: text/plain; " + "a*0*=x;" * 5000,
    "a quotation without an end": 'Content-Type: text/plain; a="' + '"' * 50_000,
    "encoded words": "List-Id: " + "=?utf-8?q?a?= " * 5000,
    "a broken encoded word": "List-Id: =?utf-8?b?a?= <x>",
    "a transfer encoding that is none": "Content-Transfer-Encoding: " + "(" * 5000,
    "bytes that are no text": "Message-ID: <\udcff\udcfe@x>",
}


@pytest.mark.parametrize("field", DEAR.values(), ids=DEAR.keys())
def test_a_hostile_field_costs_no_more_than_its_length(field: str):
    raw = a_letter().replace(b"\n\n", b"\n" + field.encode("utf-8", "surrogateescape") + b"\n\n", 1)
    started = time.process_time()
    letter = read_message(raw)
    assert time.process_time() - started < SECONDS
    assert letter.subject == SUBJECT
    message_article(letter, NOW)
    f"{letter}".encode()


def test_parts_within_parts_without_an_end_are_refused():
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(2000))
    with pytest.raises(SourceError, match="cannot be read"):
        read_message(f"Subject: {SUBJECT}\n{nested}".encode())


def test_a_letter_without_a_subject_or_a_text_is_refused():
    for body in (
        b"",
        b"From: a@marfa.example\n\nx",
        b"Subject: x\nContent-Type: image/png\n\nx",
        b"\x00" * 100,
    ):
        with pytest.raises(SourceError, match="no subject or no text"):
            read_message(body)


def test_a_long_identifier_is_told_apart_by_its_hash():
    one, other = (
        read_message(a_letter(f"Message-ID: <{'a' * (LONGEST_FIELD - 100)}{n}@x>")) for n in range(2)
    )
    assert one.message_id != other.message_id
    assert len(one.message_id.encode()) < LONGEST_KEY


def test_encoded_words_are_undone_and_broken_ones_stay_as_they_are():
    assert unfolded("=?utf-8?q?=D8=AE=D8=A8=D8=B1?=") == "خبر"
    for broken in ("=?utf-8?b?a?=", "=?no-such?q?a?=", "=?undefined?q?a?="):
        assert unfolded(broken) == broken
