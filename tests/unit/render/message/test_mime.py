"""The message: the headers that receivers ask for, two parts, nothing that a program could read in two ways."""

import re
from datetime import UTC, datetime, timedelta, timezone
from html import escape

import pytest

from digest.errors import ConfigError, InputError
from digest.render.message.mime import prepare
from digest.render.message.rendered import Token
from tests.unit.render.message import independent
from tests.unit.render.message.mail import FOOTER, LINKS, a_head, a_recipient, a_rendering

EDITION_FIELDS = [
    "MIME-Version",
    "Date",
    "From",
    "Subject",
    "To",
    "Message-ID",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "List-Id",
    "List-Archive",
    "Feedback-ID",
    "X-Auto-Response-Suppress",
    "Content-Type",
]


def edition(**recipient: str) -> independent.Message:
    return independent.message(prepare(a_rendering(), a_head()).build(a_recipient(**recipient)))


def test_an_edition_has_each_header_once() -> None:
    assert [name for name, _ in edition().fields] == EDITION_FIELDS


def test_names_and_subject_are_read_as_written() -> None:
    message = edition()
    assert independent.shown(message.one("Subject")) == "افتتاح جسر المرفأ الجديد"
    assert independent.mailbox(message.one("From")) == ("موجز اليوم", "digest@mujaz.example")
    assert independent.mailbox(message.one("To")) == ("أمل", "amal@mujaz.example")
    assert independent.mailbox(message.one("List-Id")) == ("موجز اليوم", "daily.list.mujaz.example")


def test_a_reader_can_leave_by_one_click_or_by_mail() -> None:
    message = edition()
    https, mailto = re.findall("<([^>]+)>", message.one("List-Unsubscribe"))
    assert https == LINKS.unsubscribe("daily", "0123456789abcdef" * 2)
    assert mailto == "mailto:digest@mujaz.example?subject=unsubscribe"
    assert message.one("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"


def test_programs_are_told_not_to_answer_but_bounces_come_back() -> None:
    suppressed = edition().one("X-Auto-Response-Suppress").split(", ")
    assert {"OOF", "AutoReply"} <= set(suppressed)
    assert not {"NDR", "All"} & set(suppressed)


def test_the_date_is_written_as_rfc_5322_has_it() -> None:
    at = datetime(2026, 1, 5, 7, 0, tzinfo=timezone(timedelta(hours=3)))
    message = independent.message(prepare(a_rendering(), a_head(date=at)).build(a_recipient()))
    assert message.one("Date") == "Mon, 05 Jan 2026 07:00:00 +0300"
    at = at.astimezone(UTC)
    message = independent.message(prepare(a_rendering(), a_head(date=at)).build(a_recipient()))
    assert message.one("Date") == "Mon, 05 Jan 2026 04:00:00 +0000"


def test_a_notice_says_that_a_program_wrote_it_and_is_no_list_mail() -> None:
    message = independent.message(prepare(a_rendering(), a_head(), notice=True).build(a_recipient()))
    assert message.one("Auto-Submitted") == "auto-generated"
    assert not [name for name, _ in message.fields if name.startswith("List-") or name == "Feedback-ID"]


def test_text_comes_before_html_and_both_are_base64() -> None:
    parts = edition().parts
    assert [part.content_type for part in parts] == ["text/plain; charset=utf-8", "text/html; charset=utf-8"]
    assert [part.encoding for part in parts] == ["base64", "base64"]
    assert not edition().has("Content-Transfer-Encoding")


def test_the_eight_bit_form_says_so_and_holds_the_same() -> None:
    prepared = prepare(a_rendering(), a_head())
    message = independent.message(prepared.build(a_recipient(), eight_bit=True))
    assert message.one("Content-Transfer-Encoding") == "8bit"
    assert [part.encoding for part in message.parts] == ["8bit", "8bit"]
    plain = independent.message(prepared.build(a_recipient()))
    assert [part.content for part in message.parts] == [part.content for part in plain.parts]


def test_a_paragraph_too_long_for_smtp_is_base64_even_on_an_eight_bit_way() -> None:
    rendering = a_rendering(text="خبر " * 400 + "\n" + "__MUJAZ_UNSUBSCRIBE__\n")
    message = independent.message(prepare(rendering, a_head()).build(a_recipient(), eight_bit=True))
    assert [part.encoding for part in message.parts] == ["base64", "8bit"]
    assert message.one("Content-Transfer-Encoding") == "8bit"


def test_a_value_too_long_for_smtp_turns_its_part_to_base64() -> None:
    prepared = prepare(a_rendering(), a_head())
    long = a_recipient(preferences_url="https://mujaz.example/" + "a" * 990)
    message = independent.message(prepared.build(long, eight_bit=True))
    assert [part.encoding for part in message.parts] == ["8bit", "base64"]


def test_previews_show_what_the_message_holds() -> None:
    prepared, amal = prepare(a_rendering(), a_head()), a_recipient()
    message = independent.message(prepared.build(amal))
    text, html = (part.content.decode().replace("\r\n", "\n") for part in message.parts)
    assert prepared.text(amal) == text
    assert prepared.html(amal) == html
    assert amal.unsubscribe_url in text
    assert amal.email in html


def test_each_token_is_filled_with_its_own_value() -> None:
    lines = "".join(f"{token.name} {token}\n" for token in Token)
    amal = a_recipient(greeting=("أهلًا أمل", "<b>أهلًا أمل</b>"))
    filled = prepare(a_rendering(text=lines), a_head()).text(amal)
    assert filled == (
        f"UNSUBSCRIBE {amal.unsubscribe_url}\nPREFERENCES {amal.preferences_url}\nEMAIL {amal.email}\n"
        "GREETING أهلًا أمل\n"
    )


def test_values_are_escaped_in_html_alone() -> None:
    strange = a_recipient(email="\"<b>'&@mujaz.example")
    prepared = prepare(a_rendering(text="__MUJAZ_EMAIL__\n"), a_head())
    assert escape(strange.email) in prepared.html(strange)
    assert "<b>" not in prepared.html(strange)
    assert prepared.text(strange) == strange.email + "\n"


def test_a_value_with_a_line_end_begins_no_new_line() -> None:
    prepared = prepare(a_rendering(text="على __MUJAZ_EMAIL__\n"), a_head())
    assert prepared.text(a_recipient(email="a\r\nb\u202e@x.example")) == "على a b@x.example\n"


@pytest.mark.parametrize("where", ["subject", "text", "html"])
def test_an_unknown_token_is_a_wrong_template(where: str) -> None:
    with pytest.raises(ConfigError, match="__MUJAZ_NAME__"):
        prepare(a_rendering(**{where: "خبر __MUJAZ_NAME__\n"}), a_head())


def test_a_token_in_the_subject_is_a_wrong_template() -> None:
    with pytest.raises(ConfigError, match="subject"):
        prepare(a_rendering(subject="خبر __MUJAZ_EMAIL__"), a_head())


@pytest.mark.parametrize("field", ["message_id", "unsubscribe_url"])
def test_a_line_end_in_a_link_or_message_id_is_refused(field: str) -> None:
    prepared = prepare(a_rendering(), a_head())
    with pytest.raises(InputError):
        prepared.build(a_recipient(**{field: "<a@b>\r\nBcc: badr@mujaz.example"}))


def test_a_sender_that_cannot_be_used_is_told_before_anything_is_sent() -> None:
    with pytest.raises(ConfigError, match="cannot be a sender"):
        prepare(a_rendering(), a_head(from_address="digest"))


def test_lines_of_every_kind_end_in_crlf() -> None:
    mixed = a_rendering(text="أ\nب\r\nج\rد\n")
    content = independent.message(prepare(mixed, a_head()).build(a_recipient())).parts[0].content
    assert content.decode() == "أ\r\nب\r\nج\r\nد\r\n"


def test_nul_and_half_surrogates_become_a_visible_mark() -> None:
    content = (
        independent.message(prepare(a_rendering(text="أ\x00ب\ud83d\n"), a_head()).build(a_recipient()))
        .parts[0]
        .content
    )
    assert content.decode() == "أ\ufffdب\ufffd\r\n"


def test_long_lines_of_html_are_broken_for_the_eight_bit_way() -> None:
    rendering = a_rendering(html=f"<!DOCTYPE html><html><body><p>{'خبر ' * 2000}</p>{FOOTER}</body></html>\n")
    message = independent.message(prepare(rendering, a_head()).build(a_recipient(), eight_bit=True))
    assert message.parts[1].encoding == "8bit"
    assert message.parts[1].content.decode().split() == (
        prepare(rendering, a_head()).html(a_recipient()).split()
    )


@pytest.mark.parametrize(("scheme", "is_asked"), [("https", True), ("http", False)])
def test_one_click_is_asked_for_only_where_the_pages_are_https(scheme: str, is_asked: bool):
    head = a_head(archive_url=f"{scheme}://mujaz.example/l/daily")
    built = prepare(a_rendering(), head).build(
        a_recipient(unsubscribe_url=f"{scheme}://mujaz.example/l/daily/unsubscribe/x")
    )
    assert (b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in built) is is_asked
    assert b"List-Unsubscribe: <" in built
