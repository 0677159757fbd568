"""Returned mail in the manner of many servers: what it says against the address."""

from email.header import Header

import pytest

from digest.deliver.bounces.parse.classify import classify
from digest.deliver.bounces.parse.read import farewell, read
from tests.unit.deliver.bounces.letters_back import ABSENCES, COPY, FIELDS, LETTERS, READER
from tests.unit.deliver.bounces.returned import RETURN_PATH, complaint, plain, returned


def letter(sender: str, subject: str, words: str, headers: str = "") -> bytes:
    fields = f"From: {sender}\nTo: {RETURN_PATH}\nSubject: {subject}\nAuto-Submitted: auto-replied\n{headers}"
    kind = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"
    return f"Return-Path: <>\n{fields}{kind}\n{words}".encode()


def test_the_table_is_large_enough() -> None:
    assert len(LETTERS) >= 60
    assert len({row[0] for row in LETTERS}) >= 25


@pytest.mark.parametrize(
    ("server", "sender", "subject", "form", "said", "right"), LETTERS, ids=lambda value: str(value)[:30]
)
def test_a_letter_without_a_delivery_status_is_read(
    server: str, sender: str, subject: str, form: str, said: str, right: str
) -> None:
    del server
    (report,) = read(letter(sender, subject, form.format(reader=READER, said=said) + COPY))
    assert report.address == READER
    assert report.weight.value in right.split()


@pytest.mark.parametrize(("status", "diagnostic", "right"), FIELDS)
def test_words_outrank_codes(status: str, diagnostic: str, right: str) -> None:
    assert classify(status, diagnostic, "failed")[0].value in right.split()


@pytest.mark.parametrize(("subject", "text"), ABSENCES)
@pytest.mark.parametrize("headers", ["", "Auto-Submitted: auto-replied\n"])
def test_an_absence_is_no_bounce_in_any_language(subject: str, text: str, headers: str) -> None:
    coded = Header(subject, "utf-8").encode()
    assert read(plain(coded, text, sender="Badr <badr@mujaz.example>", headers=headers)) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Thanks for the news! My neighbour salma@mujaz.example is an unknown user of yours.",
        "My mailbox is full of spam, yours is welcome.",
        "I could not deliver the parcel to badr@mujaz.example; the address does not exist.",
    ],
)
def test_a_letter_of_a_person_is_no_bounce(text: str) -> None:
    assert read(plain("Re: news", text, sender="Badr <badr@mujaz.example>")) == ()


def test_our_own_subject_about_absences_does_not_hide_a_bounce() -> None:
    words = f"Undeliverable: vacation\n\n<{READER}>:\nRemote host said: 550 5.1.1 no such user\n"
    (report,) = read(letter("MAILER-DAEMON@mx.example", "Undeliverable: out of office tips", words))
    assert report.weight.value == "hard"


@pytest.mark.parametrize("action", ["failed (delivery failed)", "Failed ; see below", "FAILED"])
def test_a_comment_behind_the_action_does_not_hide_it(action: str) -> None:
    (report,) = read(returned("postfix", "5.1.1", "550 5.1.1 no such user", action))
    assert report.weight.value == "hard"


def test_the_letter_says_what_the_fields_leave_out() -> None:
    content = returned("exim", "5.0.0", "mailbox is full")
    content = content.replace(b"Diagnostic-Code: smtp; mailbox is full\r\n", b"")
    (report,) = read(content)
    assert report.weight.value == "soft"
    more = returned("postfix", "5.0.0", "550 delivery failed", "failed\nX-Supplementary-Info: <no such user>")
    assert read(more)[0].weight.value == "hard"


def test_one_letter_about_two_addresses_is_two_reports() -> None:
    words = (
        "I wasn't able to deliver your message to the following addresses.\n\n"
        f"<{READER}>:\nRemote host said: 552 5.2.2 mailbox full\n\n"
        "<badr@mujaz.example>:\nRemote host said: 550 5.1.1 no such user\n"
    )
    found = read(letter("MAILER-DAEMON@mx.example", "failure notice", words))
    assert {one.address: one.weight.value for one in found} == {READER: "soft", "badr@mujaz.example": "hard"}


def test_a_complaint_that_hides_the_reader_is_known_by_our_own_return_path() -> None:
    hidden = complaint(original_to="undisclosed-recipients:;")
    owner = {RETURN_PATH: READER}.get
    marked = hidden.replace(
        b"Message-ID: <0123", b"Return-Path: <" + RETURN_PATH.encode() + b">\nMessage-ID: <0123"
    )
    assert [one.address for one in read(marked)] == [RETURN_PATH]
    assert [one.address for one in read(marked, (), owner)] == [READER]
    leaving = f"u{RETURN_PATH[1:]}"
    listed = hidden.replace(
        b"Message-ID: <0123", f"List-Unsubscribe: <mailto:{leaving}>\nMessage-ID: <0123".encode()
    )
    assert [one.address for one in read(listed, (), {leaving: READER}.get)] == [READER]


def test_a_servers_notice_to_the_address_to_leave_by_is_nobodys_wish() -> None:
    words = f"I wasn't able to deliver your message.\n\n<{READER}>:\n550 no such user\n"
    content = letter("MAILER-DAEMON@mx.example", "failure notice", words)
    assert farewell(content, ("u@mujaz.example",), lambda address: address) is None
