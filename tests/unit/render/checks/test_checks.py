"""The checks: a clean mail has no finding, and each rule finds the error that was planted for it."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import InputError
from digest.render.checks import assert_clean, check_mail, rules
from digest.render.checks.colour import colour_in
from digest.render.checks.direction import STRIPPINGS, stripped_html
from digest.render.checks.message import decoded, read
from digest.render.checks.support import baseline, features, missing_in
from digest.render.message.mime import MessageHead, Recipient, prepare
from digest.render.notice import render_notice
from digest.render.templating.theme import contrast
from tests.unit.render.checks.clean_mail import HTML, TEXT, changed, encoded, mail
from tests.unit.render.editions import NOW, a_mail_style

ROOT = Path(__file__).resolve().parents[4]
CELL = '<td dir="rtl" align="right" style="direction:rtl;text-align:right;color:#1c1917;font-size:16px">'
LATIN_FRAME = HTML.replace(' dir="rtl"', "").replace("direction:rtl;", "").replace("direction:rtl", "")


def html_frame_only(html: str) -> str:
    return LATIN_FRAME.replace('<html lang="ar">', '<html lang="ar" dir="rtl">')


PLANTED = {
    "doctype": changed("<!DOCTYPE html>", "<!doctype html>"),
    "language": changed('<body dir="rtl" lang="ar"', '<body dir="rtl"'),
    "dir-html": changed('<html lang="ar" dir="rtl">', '<html lang="ar">'),
    "dir-body": changed('<body dir="rtl" lang="ar"', '<body lang="ar"'),
    "dir-wrapper": changed('<div lang="ar" dir="rtl" style="direction:rtl">', "<div>"),
    "dir-table": changed('<table role="presentation" dir="rtl"', '<table role="presentation"'),
    "dir-cell": changed(CELL, CELL.replace("direction:rtl;", "")),
    "dir-link": changed(
        '<a href="https://marfa.example/bridge"', '<a dir="rtl" href="https://marfa.example/bridge"'
    ),
    "dir-padding": changed(
        CELL, CELL.replace("font-size:16px", "font-size:16px;padding:8px;background-color:#fef3c7")
    ),
    "client-gmail": mail(html_frame_only(HTML)),
    "client-outlook": mail(
        LATIN_FRAME.replace('<div lang="ar" style=""', '<div lang="ar" style="direction:rtl"')
    ),
    "client-yahoo": mail(HTML.replace("text-align:right", "").replace(' align="right"', "")),
    "client-orange": mail(
        HTML.replace("direction:rtl;", "")
        .replace("direction:rtl", "")
        .replace('<div lang="ar" dir="rtl"', "<div")
    ),
    "client-gmx": mail(HTML.replace("direction:rtl;", "").replace("direction:rtl", "")),
    "element-bdi": changed('<span dir="ltr">BBC</span>', "<bdi>BBC</bdi>"),
    "css-logical": changed("font-size:20px", "font-size:20px;margin-inline-start:4px"),
    "css-arabic": changed("font-size:20px", "font-size:20px;letter-spacing:1px"),
    "media-important": changed(" !important", ""),
    "dark-mode": changed('<meta name="color-scheme" content="light dark">', ""),
    "style-size": changed("<style>", "<style>" + ".a{color:#000000}" * 600),
    "style-nested": changed("<style>", "<style>@media screen{@media print{.a{color:#000 !important}}}"),
    "clip": changed("افتتحت هيئة الطرق", "افتتحت هيئة الطرق " * 3000),
    "title": changed("<title>افتتاح جسر المرفأ الجديد", "<title>موجز"),
    "heading-h1": changed('<h1 style="font-size:26px">موجز اليوم</h1>', "<p>موجز اليوم</p>"),
    "heading-order": changed("h2", "h3"),
    "table-role": changed('<table role="presentation"', "<table"),
    "image-alt": changed(' alt="الجسر عند الفجر"', ""),
    "image-width": changed('width="560"', 'width="100%"'),
    "image-source": changed("https://marfa.example/bridge.jpg", "data:image/png;base64,AAAA"),
    "contrast": changed("color:#1c1917", "color:#bbbbbb"),
    "text-small": changed(
        '<p style="text-align:right">افتتحت', '<p style="text-align:right;font-size:11px">افتتحت'
    ),
    "active-content": changed("<img", "<script>alert(1)</script><img"),
    "link-scheme": changed('href="https://marfa.example/bridge"', 'href="/bridge"'),
    "link-empty": changed(">إلغاء الاشتراك</a>", "></a>"),
    "token": changed("صباح اليوم", "صباح {{ day }}"),
    "bidi-control": changed("صباح اليوم", "صباح \u202eاليوم"),
    "invisible": changed("صباح اليوم", "صباح" + "\u200b" * 80 + " اليوم"),
    "support": changed("font-size:20px", "font-size:20px;object-fit:cover"),
    "preheader": changed("جسر بطول ١٢٠٠ متر يخفف الزحام عن وسط المدينة، وأخبار أخرى من يوم الإثنين", "قصير"),
    "text-missing": mail(text=None),
    "text-direction": mail(text=TEXT.replace("افتتحت هيئة", "BBC: افتتحت هيئة")),
    "text-stories": mail(text=TEXT.replace("افتتاح جسر المرفأ", "خبر")),
    "text-links": mail(text=TEXT.replace("https://marfa.example/bridge", "https://marfa.example/other")),
    "encoding": mail(transfer="quoted-printable"),
    "header-missing": mail(Message_ID=None),
    "header-unsubscribe": mail(List_Unsubscribe_Post=None),
    "header-encoding": mail(From=f"{encoded('اسم طويل جدا لصحيفة تصدر كل صباح')} <digest@mujaz.example>"),
    "subject": mail(Subject=encoded("\u202eموجز")),
    "subject-length": mail(Subject=" \r\n ".join(encoded("خبر طويل") for _ in range(10))),
    "unsubscribe-link": mail(HTML.replace("/unsubscribe/", "/u/")),
}


def test_a_clean_mail_has_no_finding():
    assert_clean(mail())


@pytest.mark.parametrize("name", list(rules()))
def test_each_rule_finds_its_planted_error(name: str):
    assert name in {found.rule.name for found in check_mail(PLANTED[name])}


@pytest.mark.parametrize("name", list(rules()))
def test_each_rule_is_in_the_reference_with_its_remedy(name: str):
    page = (ROOT / "docs" / "reference" / "lint.md").read_text(encoding="utf-8")
    assert f"| `{name}` |" in page
    assert rules()[name].remedy.endswith(".")


def test_the_form_for_servers_with_8bitmime_is_as_good_as_base64():
    assert_clean(mail(transfer="8bit"))


def test_a_finding_says_where_what_and_how_to_mend_it():
    (one,) = [found for found in check_mail(PLANTED["image-alt"]) if found.rule.name == "image-alt"]
    assert one.line == HTML.split("<img")[0].count("\n") + 1
    assert str(one).startswith(f"error: image-alt: line {one.line}: ")
    assert one.rule.remedy in str(one)


def test_direction_on_html_alone_is_lost_in_every_web_mail():
    lost = {found.rule.name for found in check_mail(mail(html_frame_only(HTML)))}
    assert {f"client-{name}" for name in STRIPPINGS} <= lost | {"client-outlook", "client-yahoo"}
    assert "client-gmail" in lost


def test_a_stripped_mail_can_be_looked_at():
    assert 'dir="rtl"' not in stripped_html(HTML, "gmx")
    assert "<td" in stripped_html(HTML, "gmail")


def test_a_left_to_right_mail_is_judged_by_its_own_direction():
    english = (
        HTML.replace('lang="ar"', 'lang="en"')
        .replace('"rtl"', '"ltr"')
        .replace("direction:rtl", "direction:ltr")
    )
    names = {found.rule.name for found in check_mail(english.encode(), name="mail.html")}
    assert not {name for name in names if name.startswith(("dir-", "client-"))}


def test_a_bare_html_file_is_checked_without_headers():
    assert check_mail(HTML.encode(), name="mail.html") == []


def of_one_person(**headers: str | None) -> set[str]:
    """What is found in a mail with nothing of a list in it, and these headers."""
    bare = {"List_Id": None, "List_Unsubscribe": None, "List_Unsubscribe_Post": None}
    html, text = (one.replace("/unsubscribe/", "/confirm/") for one in (HTML, TEXT))
    return {found.rule.name for found in check_mail(mail(html, text, **{**bare, **headers}))}


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"List_Unsubscribe": "<http://news.example/l/daily/unsubscribe/abc>"}, "no https link"),
        ({"List_Unsubscribe": "<mailto:digest@mujaz.example>"}, "no https link"),
        ({"List_Unsubscribe_Post": None}, "Post is missing"),
    ],
)
def test_why_nobody_can_leave_by_one_click_is_said(headers: dict[str, str | None], why: str):
    (one,) = [found for found in check_mail(mail(**headers)) if found.rule.name == "header-unsubscribe"]
    assert why in str(one)


def test_a_trial_on_ones_own_machine_need_not_be_https():
    links = "<http://127.0.0.1:8000/l/daily/unsubscribe/abc>, <mailto:digest@mujaz.example>"
    assert_clean(mail(List_Unsubscribe=links, List_Unsubscribe_Post=None))


def test_a_notice_to_one_person_needs_no_list_headers_and_no_way_out():
    assert of_one_person(Auto_Submitted="auto-generated") == set()
    assert of_one_person(Auto_Submitted="Auto-Replied; note=x") == set()


@pytest.mark.parametrize(
    "headers",
    [{}, {"Auto_Submitted": "no"}, {"Auto_Submitted": "auto-generated", "List_Id": "<daily.list.x.example>"}],
    ids=["none", "no", "of a list"],
)
def test_a_lists_mail_needs_them_whatever_it_says(headers: dict[str, str]):
    assert {"header-missing", "unsubscribe-link"} <= of_one_person(**headers)


def test_a_notice_keeps_all_other_rules():
    assert of_one_person(Auto_Submitted="auto-generated", Message_ID=None) == {"header-missing"}


def test_our_confirmation_is_clean():
    rendered = render_notice("confirm", a_mail_style(), action_url="https://mujaz.example/c/1", now=NOW)
    head = MessageHead(
        from_name="موجز",
        from_address="digest@mujaz.example",
        list_name="موجز اليوم",
        list_id="daily.list.mujaz.example",
        archive_url="https://mujaz.example/l/daily",
        feedback_id="0:daily:1:mujaz",
        date=NOW,
    )
    reader = Recipient(
        email="amal@mujaz.example",
        name="",
        message_id="<1.a@mujaz.example>",
        unsubscribe_url="https://mujaz.example/l/daily",
        unsubscribe_mailto="digest@mujaz.example",
        preferences_url="https://mujaz.example/l/daily",
    )
    assert_clean(prepare(rendered, head, notice=True).build(reader))


def test_what_is_no_mail_is_said_so():
    with pytest.raises(InputError, match="neither a mail"):
        read(b"\x00\x01 nothing", "x.bin")


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        (changed('href="https://marfa.example/bridge"', 'href="http://[x"'), "link-scheme"),
        (mail("<!-- nothing -->"), "doctype"),
        (mail().replace(b"charset=utf-8", b"charset=foo"), "encoding"),
        (changed("font-size:16px", "font-size:1.2.3px"), None),
        (changed('<html lang="ar"', '<html la\x00ng="ar" d\x01="x"'), "language"),
    ],
    ids=["address", "comment", "charset", "size", "attribute"],
)
def test_a_broken_mail_is_judged_all_the_same(broken: bytes, rule: str | None):
    names = {found.rule.name for found in check_mail(broken)}
    assert rule is None or rule in names


@given(st.data())
def test_whatever_happens_to_a_mail_it_is_judged_or_refused(data: st.DataObject):
    whole = bytearray(mail(transfer="8bit"))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=6))
    with suppress(InputError):
        assert all(str(one) for one in check_mail(bytes(whole)))


def test_assert_clean_lists_every_finding():
    with pytest.raises(AssertionError, match="element-bdi"):
        assert_clean(PLANTED["element-bdi"])
    assert_clean(PLANTED["support"], warnings=False)


@pytest.mark.parametrize("client", sorted({client for one in features().values() for client in one}))
def test_every_client_of_the_data_is_known_by_family_and_platform(client: str):
    family, _, platform = client.partition(".")
    assert family in {"gmail", "outlook", "apple-mail", "yahoo", "samsung-email"}
    assert platform


def test_the_data_agrees_with_what_is_known_of_the_clients():
    assert "gmail.desktop-webmail" in missing_in("html-bdi")
    assert "outlook.windows" in missing_in("css-display-flex")
    assert missing_in("css-background-color") == []


def test_the_baseline_names_features_of_the_data_only():
    assert baseline() <= features().keys()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("#fff", "#ffffff"), ("#1c1917", "#1c1917"), ("rgb(1, 2, 3)", "#010203"), ("inherit", None)],
)
def test_colours_are_read_in_the_forms_that_mails_use(text: str, expected: object):
    assert colour_in(text) == expected


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_encoded_words_are_decoded_and_broken_ones_left():
    assert decoded(f"{encoded('جسر ')} {encoded('المرفأ')}") == "جسر المرفأ"
    assert decoded("=?utf-8?Q?a_b=C3=A9?=") == "a bé"
    assert decoded("=?utf-8?B?////?=") == "=?utf-8?B?////?="


def test_the_condensed_data_is_valid_json_with_a_date():
    raw = json.loads((ROOT / "digest/render/checks/clients.json").read_text(encoding="utf-8"))
    assert len(raw["features"]) > 250
    assert raw["date"].startswith("20")
