"""What goes on the wire, and what never does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.deliver.mailer import Job
from digest.deliver.outcome import Kind, Outcome
from digest.deliver.smtp.envelope import Features, Parcel, parcel, stuffed, unsafe, whole_lines

ALL = Features(pipelining=True, chunking=True, eight_bit=True, utf8=True, announces_size=True, size=10_000)


def a_job(recipient: str = "reader@mujaz.example", **fields: object) -> Job:
    return Job(
        **{  # type: ignore[arg-type]
            "subscriber_id": 1,
            "sender": "b+1@bounces.mujaz.example",
            "recipient": recipient,
            "build": lambda: b"Subject: x\r\n\r\nseven bits\r\n",
            **fields,
        }
    )


@pytest.mark.parametrize(
    "address",
    [
        "",
        "@",
        "a@",
        "@b",
        "nobody",
        "a@b.example\r\nRCPT TO:<c@d.example>",
        "a@b.example\n",
        "a@b.example\r",
        "a\x00@b.example",
        "a@b.example>",
        "<a@b.example",
        "a b@c.example",
        "a\t@c.example",
        "a\x7f@c.example",
        "a@b.example SIZE=1",
        "x" * 250 + "@b.example",
    ],
)
@pytest.mark.parametrize("field", ["sender", "recipient"])
def test_an_address_that_could_end_a_command_is_refused_unbuilt(address: str, field: str) -> None:
    def never() -> bytes:
        raise AssertionError

    made = parcel(a_job(**{field: address, "build": never}), ALL)
    assert isinstance(made, Outcome)
    assert made.kind is Kind.UNSAFE
    assert "character" in made.reply


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_command_ever_holds_a_line_end(sender: str, recipient: str) -> None:
    made = parcel(a_job(recipient, sender=sender), ALL)
    if isinstance(made, Parcel):
        for command in (made.mail, made.rcpt):
            assert not set(command) & {0, 10, 13}
            assert command.count(b"<") == command.count(b">") == 1


@pytest.mark.parametrize("address", ["قارئ@موجز.example", "reader@mujaz.example", "a+b.c@d-e.example"])
def test_a_real_address_passes(address: str) -> None:
    assert not unsafe(address)


def test_an_arabic_address_needs_smtputf8() -> None:
    refused = parcel(a_job("قارئ@mujaz.example"), Features())
    assert isinstance(refused, Outcome)
    assert refused.kind is Kind.UTF8
    made = parcel(a_job("قارئ@mujaz.example"), ALL)
    assert isinstance(made, Parcel)
    assert made.mail.endswith(b" SMTPUTF8")
    assert made.rcpt == "RCPT TO:<قارئ@mujaz.example>".encode()


def test_the_short_form_goes_to_servers_that_take_eight_bits() -> None:
    job = a_job(build_eight_bit="موجز\r\n".encode)
    made, plain = parcel(job, ALL), parcel(job, Features())
    assert isinstance(made, Parcel)
    assert isinstance(plain, Parcel)
    assert b"BODY=8BITMIME" in made.mail
    assert made.message == "موجز\r\n".encode()
    assert plain.mail == b"MAIL FROM:<b+1@bounces.mujaz.example>"
    assert plain.message.isascii()


def test_the_size_is_said_and_kept_to() -> None:
    made = parcel(a_job(), ALL)
    assert isinstance(made, Parcel)
    assert b"SIZE=%d" % len(made.message) in made.mail
    refused = parcel(a_job(build=lambda: b"x" * 10_001), ALL)
    assert isinstance(refused, Outcome)
    assert refused.kind is Kind.MESSAGE


def test_a_message_that_cannot_be_built_is_an_outcome_not_a_crash() -> None:
    def broken() -> bytes:
        raise KeyError("unsubscribe")

    made = parcel(a_job(build=broken), ALL)
    assert isinstance(made, Outcome)
    assert made.kind is Kind.UNSAFE
    assert "unsubscribe" in made.reply


@pytest.mark.parametrize(
    ("message", "wire"),
    [
        (b"a\r\nb\r\n", b"a\r\nb\r\n"),
        (b"a\nb", b"a\r\nb\r\n"),
        (b"a\rb\r\n", b"a\r\nb\r\n"),
        (b".a\r\n..b\r\n.\r\n", b"..a\r\n...b\r\n..\r\n"),
        (b"a\n.\nMAIL FROM:<x@y.example>\r\n", b"a\r\n..\r\nMAIL FROM:<x@y.example>\r\n"),
        (b"a\r.\rb", b"a\r\n..\r\nb\r\n"),
        (b"", b"\r\n"),
    ],
)
def test_lines_are_made_whole_and_dots_doubled(message: bytes, wire: bytes) -> None:
    assert stuffed(whole_lines(message)) == wire


@given(st.binary(max_size=200) | st.text(alphabet="a.\r\n", max_size=60).map(str.encode))
def test_no_message_can_end_itself(message: bytes) -> None:
    wire = stuffed(whole_lines(message))
    assert b"\r\n.\r\n" not in b"\r\n" + wire
    assert wire.endswith(b"\r\n")
    assert wire.count(b"\n") == wire.count(b"\r") == wire.count(b"\r\n")
    undone = b"".join(line.removeprefix(b".") for line in wire.splitlines(keepends=True))
    assert undone == whole_lines(message) == whole_lines(undone)
