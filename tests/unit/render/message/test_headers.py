"""Header fields: what was put in comes out, whoever reads it, and nothing else can be put in."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from digest.errors import ConfigError, InputError
from digest.render.message import headers
from tests.unit.render.message import independent
from tests.unit.render.message.invented_names import Inventor

ARABIC = st.sampled_from("ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأإؤئةى")
LINES = st.text(
    ARABIC | st.sampled_from(' «»،؛؟٪ـ\u064b\u0651\u200c0٣۵aZ.,:;"\\()<>@=?_-/') | st.characters(),
    max_size=120,
)
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def subject_read(raw: bytes) -> str:
    (field,) = independent.fields(raw)
    name, value = independent.unfolded(field)
    assert name == "Subject"
    return independent.shown(value)


def name_read(raw: bytes) -> tuple[str, str]:
    (field,) = independent.fields(raw)
    return independent.mailbox(independent.unfolded(field)[1])


def assert_within_limits(raw: bytes) -> None:
    assert raw.endswith(b"\r\n")
    assert independent.keeps_to_limits(raw)


@given(LINES)
@example("")
@example("=?utf-8?B?2KPZhdmE?= مرحبا")
@example("=?utf-8?B?2KPZhdmE?=")
@example("a" * 300)
@example(
    "short words all along the line and then some more of them until it has to be folded twice or thrice"
)
@example("\U0001f54c" * 60)
def test_a_subject_is_read_as_it_was_written(text: str) -> None:
    raw = headers.unstructured("Subject", text)
    assert_within_limits(raw)
    assert subject_read(raw) == headers.one_line(text)


@given(LINES)
@example('"')
@example("\\")
@example("Amal, editor")
@example("=?x?=")
@example("a" * 300)
def test_a_display_name_is_read_as_it_was_written(text: str) -> None:
    raw = headers.mailbox("From", text, "digest@mujaz.example")
    assert_within_limits(raw)
    assert name_read(raw) == (headers.one_line(text), "digest@mujaz.example")


@given(LINES)
def test_a_line_is_one_line_without_anything_unseen(text: str) -> None:
    tidy = headers.one_line(text)
    assert not UNSEEN.search(tidy)
    assert tidy == tidy.strip(" ")
    assert "  " not in tidy
    assert headers.one_line(tidy) == tidy


def test_invented_subjects_and_names_survive() -> None:
    inventor = Inventor(seed=7)
    for text in (inventor.line() for _ in range(5000)):
        subject, name = (
            headers.unstructured("Subject", text),
            headers.mailbox("To", text, "amal@mujaz.example"),
        )
        assert subject_read(subject) == text
        assert name_read(name) == (text, "amal@mujaz.example")
        assert_within_limits(subject)
        assert_within_limits(name)


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\r\n\r\n"])
def test_a_line_end_in_a_headline_begins_no_new_header(end: str) -> None:
    for text in (f"خبر{end}Bcc: badr@mujaz.example", f"News{end}Bcc: badr@mujaz.example"):
        raw = headers.unstructured("Subject", text)
        assert len(independent.fields(raw)) == 1
        assert subject_read(raw) == text.replace(end, " ")


@pytest.mark.parametrize("control", ["\x00", "\u202a", "\u202e", "\u2066", "\u2069", "\ufeff", "\x1b"])
def test_controls_that_mislead_are_left_out(control: str) -> None:
    assert headers.one_line(f"موجز{control} اليوم") == "موجز اليوم"


def test_joiners_and_marks_that_letters_need_stay() -> None:
    assert headers.one_line("می\u200cخواهم \u200fالسوق") == "می\u200cخواهم \u200fالسوق"


def test_half_a_surrogate_pair_breaks_nothing() -> None:
    assert subject_read(headers.unstructured("Subject", "خبر \ud83d")) == "خبر \ufffd"


def test_encoded_words_are_cut_between_letters() -> None:
    raw = headers.unstructured("Subject", "a" + "م" * 200)
    for word in re.findall(rb"=\?utf-8\?B\?[^?]+\?=", raw):
        independent.shown(word.decode())


def test_plain_ascii_stays_readable() -> None:
    assert headers.unstructured("Subject", "Morning news") == b"Subject: Morning news\r\n"
    assert headers.mailbox("From", "Mujaz", "a@b.example") == b"From: Mujaz <a@b.example>\r\n"
    assert headers.mailbox("From", "Mujaz, daily", "a@b.example") == b'From: "Mujaz, daily" <a@b.example>\r\n'
    assert headers.mailbox("To", "", "a@b.example") == b"To: a@b.example\r\n"


@pytest.mark.parametrize("word", ["a\r\nBcc: x", "a\nb", "", "خبر", "a\x00b", "a\u202eb", " a", "a" * 951])
def test_a_structured_field_refuses_what_would_break_it(word: str) -> None:
    with pytest.raises(InputError, match="cannot hold"):
        headers.structured("Message-ID", [word])


@pytest.mark.parametrize(
    "address", ["https://x.example/\r\nBcc: y", "https://x.example/a b", "https://x.example/>"]
)
def test_an_address_that_would_end_early_is_refused(address: str) -> None:
    with pytest.raises(InputError, match="cannot stand in a header"):
        headers.uri(address)


def test_an_arabic_path_is_percent_encoded() -> None:
    assert headers.uri("https://mujaz.example/%20/أ") == "<https://mujaz.example/%20/%D8%A3>"


def test_long_addresses_are_never_cut() -> None:
    address = "https://mujaz.example/" + "a" * 200
    raw = headers.structured("List-Unsubscribe", [f"<{address}>,", "<mailto:x@mujaz.example>"])
    assert raw == f"List-Unsubscribe: <{address}>,\r\n <mailto:x@mujaz.example>\r\n".encode()


@pytest.mark.parametrize(
    "address", ["digest", "a b@x.example", "ا@x.example", "a@", "@x.example", "a@x\r\nBcc: y"]
)
def test_a_sender_that_some_servers_would_refuse_is_a_wrong_setting(address: str) -> None:
    with pytest.raises(ConfigError):
        headers.sender(address)


def test_a_sender_on_an_arabic_domain_is_spelled_in_ascii() -> None:
    assert headers.sender("digest@موجز.example") == "digest@xn--rgbm9cm.example"


@given(st.text(max_size=40))
@example("a,badr@mujaz.example@x.example")
@example('a"b@x.example')
@example("a@x.example, badr@mujaz.example")
@example("a@x.example>\r\nBcc: badr@mujaz.example")
def test_a_strange_recipient_address_stays_one_address(address: str) -> None:
    raw = headers.mailbox("To", "", headers.recipient(address))
    (field,) = independent.fields(raw)
    _, value = independent.unfolded(field)
    local, at, domain = value.rpartition("@")
    assert at
    assert re.fullmatch(r'"(?:[^"\\]|\\.)*"|[^\x00-\x20"(),:;<>@\[\\\]]*', local)
    assert not re.search(r"[\x00-,/:-@\[-`{-\x7f]", domain)


def test_usual_and_arabic_addresses_stay_as_they_are() -> None:
    for address in ("amal@mujaz.example", "a.b+c_d-e@x-y.example", "أمل@mujaz.example"):
        assert headers.recipient(address) == address
