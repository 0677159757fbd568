"""Splicing: exactly the bytes of filling the tokens first and encoding the whole afterwards."""

import base64
import gc
import re
from hashlib import sha256
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.render.message import headers
from digest.render.message.mime import PreparedMessage, Recipient, canonical_html, prepare
from digest.render.message.parts import KEPT_PLACES, LINE, LONG_RUN, Part, Segments, aligned, encoded_lines
from digest.render.message.recipient import is_plain, plain_fields
from digest.render.message.rendered import RenderedEdition, Token
from tests.browser.mails import LAYOUTS
from tests.browser.mails import rendered as edition_as_rendered
from tests.unit.render.message import independent
from tests.unit.render.message.mail import PARAGRAPH, a_head, a_recipient, a_rendering

TOKENS = [str(token) for token in Token]
WORDS = st.text(st.sampled_from("ابتثجحخ خبر <>&'\"\na.1\u0651\U0001f54c"), max_size=80)
LONG = st.integers(0, 60).map(
    lambda count: PARAGRAPH * (LONG_RUN // len(PARAGRAPH.encode()) + 1) + "م" * count
)
TEXTS = st.lists(st.sampled_from(TOKENS) | WORDS | LONG, max_size=10).map("".join)
VALUES = st.text(st.sampled_from("abc/=&?<\"'م\U0001f54c"), max_size=200)


def slowly(prepared: PreparedMessage, rendered: RenderedEdition, recipient: Recipient) -> bytes:
    """The plain way: fill, then encode by the standard library, then put together."""
    values = {
        Token.UNSUBSCRIBE: recipient.unsubscribe_url,
        Token.PREFERENCES: recipient.preferences_url,
        Token.EMAIL: recipient.email,
    }
    text, html = rendered.text, canonical_html(rendered.html)
    for token, value in values.items():
        text = text.replace(token, headers.one_line(value))
        html = html.replace(token, escape(headers.one_line(value)))
    text = text.replace(Token.GREETING, recipient.greeting[0])
    html = html.replace(Token.GREETING, recipient.greeting[1])
    header = prepared.build(recipient).partition(b"\r\n\r\n")[0]
    name = header.partition(b'boundary="')[2].partition(b'"')[0]
    made = header + b"\r\n\r\n"
    for kind, content in (("plain", text), ("html", html)):
        canonical = content.replace("\n", "\r\n").encode()
        made += b"--" + name + f"\r\nContent-Type: text/{kind}; charset=utf-8\r\n".encode()
        made += b"Content-Transfer-Encoding: base64\r\n\r\n"
        made += base64.encodebytes(canonical).replace(b"\n", b"\r\n")
    return made + b"--" + name + b"--\r\n"


@given(text=TEXTS, html=TEXTS, url=VALUES, preferences=VALUES, email=VALUES)
def test_a_spliced_message_is_the_message_made_slowly(
    text: str, html: str, url: str, preferences: str, email: str
) -> None:
    rendered = a_rendering(text=text + "\n", html=html + "\n")
    recipient = a_recipient(
        unsubscribe_url=f"https://x.example/{len(url)}", preferences_url=preferences, email=email
    )
    prepared = prepare(rendered, a_head())
    assert prepared.build(recipient) == slowly(prepared, rendered, recipient)


def test_values_of_every_length_and_every_token_are_spliced_exactly() -> None:
    body = "".join(f"{PARAGRAPH * 30}{token} و{token}.\n" for token in TOKENS) + PARAGRAPH
    rendered = a_rendering(text=body, html=body)
    prepared = prepare(rendered, a_head())
    for length in (*range(180), 1000, 5000, 70_001):
        for letter in ("a", "م", "&"):
            recipient = a_recipient(
                unsubscribe_url="https://x.example/" + "u" * min(length, 900),
                preferences_url=letter * length,
                email=letter * (length // 2) + "@x.example",
            )
            assert prepared.build(recipient) == slowly(prepared, rendered, recipient), (length, letter)


def test_values_in_another_alphabet_are_spliced_exactly_into_the_eight_bit_form() -> None:
    rendered = a_rendering()
    prepared = prepare(rendered, a_head())
    for length in range(200):
        recipient = a_recipient(
            email="م" * length + "@x.example", preferences_url="https://x.example/" + "a" * length
        )
        slow = independent.message(slowly(prepared, rendered, recipient))
        quick = independent.message(prepared.build(recipient, eight_bit=True))
        assert [part.encoding for part in quick.parts] == ["8bit", "8bit"]
        assert [part.content for part in quick.parts] == [part.content for part in slow.parts]


@given(text=TEXTS, email=VALUES)
def test_the_eight_bit_form_decodes_to_the_same(text: str, email: str) -> None:
    prepared = prepare(a_rendering(text=text + "\n"), a_head())
    recipient = a_recipient(email=email)
    eight = independent.message(prepared.build(recipient, eight_bit=True))
    plain = independent.message(prepared.build(recipient))
    assert [part.content for part in eight.parts] == [part.content for part in plain.parts]


def table(words: str) -> str:
    return f'<table role="presentation" dir="rtl"><tr><td>{words}</td></tr></table>'


PAGES = st.lists(st.text("اب \n<>a1", max_size=1500).map(escape).map(table), max_size=6).map("\n \n".join)


@given(page=PAGES)
def test_aligning_adds_only_blanks_between_tables_and_does_so_once(page: str) -> None:
    made = aligned(page)
    assert aligned(made) == made
    assert re.sub(r"</table>\s+<table", "</table><table", made) == re.sub(
        r"</table>\s+<table", "</table><table", page
    )
    assert len(made) - len(page) <= 2 * LINE * page.count("</table>")


@given(page=PAGES, before=st.text("اa", max_size=90), email=VALUES)
def test_a_message_of_tables_is_the_message_made_slowly(page: str, before: str, email: str) -> None:
    rendered = a_rendering(html=f"<title>{before}</title>\n{page}\n{Token.EMAIL}{page}{Token.UNSUBSCRIBE}\n")
    prepared = prepare(rendered, a_head(), segments=Segments())
    recipient = a_recipient(email=email, name="")
    assert prepared.build(recipient) == slowly(prepared, rendered, recipient)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_whole_edition_is_spliced_exactly_for_addresses_of_all_lengths(layout: str) -> None:
    mail = edition_as_rendered(layout)
    prepared = prepare(mail, a_head(), segments=Segments())
    for length in range(1, 140):
        recipient = a_recipient(email="a" * length + "@x.example", name="")
        assert prepared.build(recipient) == slowly(prepared, mail, recipient), length


def test_messages_keep_what_they_have_in_common_once() -> None:
    known = Segments()
    tables = [table(f"{number} {PARAGRAPH * 20}") for number in range(4)]

    def part(title: str, chosen: list[str]) -> Part:
        page = "\n".join([table(title + PARAGRAPH * 20), *chosen, table(Token.EMAIL)])
        return Part(aligned(page), b"", known)

    first, second = part("أولى", tables), part("ثانية وأطول", [tables[1], tables[3], tables[2]])
    assert len(set(first._segments) & set(second._segments)) == 3
    assert b"".join(first.base64((b"",) * 3)) != b"".join(second.base64((b"",) * 3))


def test_what_no_message_has_any_more_is_not_kept() -> None:
    known = Segments()
    part = Part(PARAGRAPH * 40, b"", known)
    assert len(known._known) == 1
    del part
    gc.collect()
    assert len(known._known) == 0


@pytest.mark.parametrize(
    "name", ["", "أمل", "Amal Haddad", 'A "B" C.', "أمل\r\nBcc: b@x.example", "اسم طويل " * 30]
)
def test_fields_of_a_plain_recipient_are_those_made_one_by_one(name: str) -> None:
    prepared = prepare(a_rendering(), a_head())
    for length in range(120):
        recipient = a_recipient(
            name=name,
            email="b" * (length + 1) + "@x.example",
            unsubscribe_url="https://x.example/" + "u" * length,
        )
        quick = plain_fields(recipient)
        assert quick is not None
        assert b"".join(quick) == b"".join(prepared._fields(recipient)), length


@pytest.mark.parametrize(
    "fields",
    [
        {"email": "a\r\nBcc: b@x.example"},
        {"email": '"a b"@x.example'},
        {"email": "م@x.example"},
        {"unsubscribe_url": "https://x.example/\r\nBcc:b@x.example"},
        {"unsubscribe_url": "https://x.example/?a=1&b='2'"},
        {"preferences_url": 'https://x.example/"onclick='},
        {"preferences_url": "https://x.example/" + "a" * 900},
    ],
)
def test_whatever_is_not_plain_takes_the_careful_way(fields: dict[str, str]) -> None:
    assert not is_plain(a_recipient(name="", **fields))


def test_the_same_rendering_gives_the_same_bytes() -> None:
    first, second = (prepare(a_rendering(), a_head()) for _ in range(2))
    assert first.build(a_recipient()) == second.build(a_recipient())
    assert first.build(a_recipient(), eight_bit=True) == second.build(a_recipient(), eight_bit=True)


def test_a_boundary_is_the_content_s_own() -> None:
    def boundary(**fields: str) -> bytes:
        built = prepare(a_rendering(**fields), a_head()).build(a_recipient())
        return built.partition(b'boundary="')[2].partition(b'"')[0]

    assert boundary() == boundary()
    assert len({boundary(), boundary(text="آخر\n"), boundary(subject="آخر")}) == 3


def test_the_opening_is_one_object_that_a_signer_can_hash_once() -> None:
    prepared = prepare(a_rendering(), a_head())
    for eight_bit in (False, True):
        amal = prepared.split(a_recipient(), eight_bit=eight_bit)
        badr = prepared.split(a_recipient(email="badr@mujaz.example"), eight_bit=eight_bit)
        assert amal.opening is badr.opening
        assert amal.header.endswith(b"\r\n\r\n")
        whole = prepared.build(a_recipient(), eight_bit=eight_bit)
        assert amal.header + amal.opening + amal.rest == whole
        hashed = sha256(amal.opening)
        hashed.update(amal.rest)
        assert hashed.digest() == sha256(whole.partition(b"\r\n\r\n")[2]).digest()


def test_memory_does_not_grow_with_the_lengths_of_values() -> None:
    part = Part("__MUJAZ_EMAIL__" + PARAGRAPH * 100, b"")
    for length in range(300):
        part.base64((b"", b"", b"a" * length))
    (run,) = part._runs
    assert len(run._kept) <= KEPT_PLACES


@given(st.binary(max_size=400))
def test_lines_of_base64_are_those_of_the_standard_library(data: bytes) -> None:
    assert encoded_lines(data) == base64.encodebytes(data).replace(b"\n", b"\r\n")


def test_an_eight_bit_message_has_no_line_that_begins_with_a_dot() -> None:
    html = "<style>\n.one{color:red}\n</style>\n<p>خبر</p>\n.\n"
    for text in ("خبر\n", ".خبر\n", "خبر\n.خبر\n", f"{Token.EMAIL}\n.\n", f"{Token.EMAIL}.\n"):
        for email in ("reader@mujaz.example", ".reader@mujaz.example"):
            prepared = prepare(a_rendering(text=text, html=html), a_head())
            made = prepared.build(a_recipient(email=email), eight_bit=True)
            assert b"\n." not in made
            assert made.endswith(b"\r\n")
            assert b"Content-Transfer-Encoding: 8bit" in made
