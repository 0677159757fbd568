"""Inlining: the same promises from both inliners, each of them a trap that one of them once fell into."""

import re
import select
import socket
from pathlib import Path

import pytest
from lxml.html import document_fromstring

from digest.errors import ConfigError
from digest.render.message.rendered import Token
from digest.render.templating.inline import INLINERS, inlined
from digest.settings import MailSettings

PAGE = """<!doctype html>
<html lang="ar" dir="rtl">
<head>
<meta charset="utf-8">
<title>موجز اليوم</title>
<!--[if mso]><style>td{font-family:Tahoma !important}</style><![endif]-->
<link rel="stylesheet" href="http://127.0.0.1:9/never.css">
<style>
.card { background-color: #ffffff; padding: 8px; }
td p { color: #222222; margin: 0; }
p.lead { font-weight: bold; }
.half { display: inline-block; width: 50%; }
img { width: 100%; height: auto; }
</style>
<style data-premailer="ignore">
@media (prefers-color-scheme: dark) { .card { background-color: #111111 !important; } }
[data-ogsc] .card { background-color: #111111 !important; }
</style>
</head>
<body class="body" dir="rtl" xml:lang="ar">
<!--[if mso]><table dir="rtl"><tr><td><![endif]-->
<table role="presentation" class="card" align="center" dir="rtl"><tr><td dir="rtl">
<p class="lead">خبر أول \u2067معزول\u2069 &amp; ثان</p>
<span class="half">نصف</span><span class="half">نصف</span>
<img src="https://mujaz.example/a.png" alt="صورة" width="600">
<a href="__MUJAZ_UNSUBSCRIBE__">إلغاء الاشتراك</a> <a href="__MUJAZ_PREFERENCES__">تفضيلاتك</a>
<p>وصلتك على __MUJAZ_EMAIL__</p>
</td></tr></table>
<!--[if mso]></td></tr></table><![endif]-->
</body>
</html>
"""

both = pytest.mark.parametrize("name", INLINERS)


def styles(html: str, path: str) -> list[str]:
    """Return the style attributes of the elements at an XPath, without blanks."""
    return [
        found.get("style", "").replace(" ", "").lower() for found in document_fromstring(html).xpath(path)
    ]


@both
def test_rules_become_style_attributes(name: str) -> None:
    html = inlined(PAGE, name)
    assert ["padding:8px" in style for style in styles(html, "//table")] == [True]
    assert ["font-weight:bold" in style for style in styles(html, "//p")] == [True, False]
    assert all(re.search("color:#222(222)?(;|$)", style) for style in styles(html, "//p"))
    assert "td p" not in html


@both
def test_the_page_keeps_its_doctype_in_capitals(name: str) -> None:
    assert inlined(PAGE, name).startswith("<!DOCTYPE html>")


@both
def test_media_and_dark_rules_stay_with_their_weight_and_without_the_mark(name: str) -> None:
    html = inlined(PAGE, name)
    assert "@media (prefers-color-scheme: dark) { .card { background-color: #111111 !important; } }" in html
    assert "[data-ogsc] .card { background-color: #111111 !important; }" in html
    assert "data-premailer" not in html
    assert "kept-sheet" not in html


@both
def test_tokens_stand_where_they_stood(name: str) -> None:
    html = inlined(PAGE, name)
    assert f'href="{Token.UNSUBSCRIBE}"' in html
    assert f'href="{Token.PREFERENCES}"' in html
    assert all(html.count(token) == 1 for token in Token if token is not Token.GREETING)


@both
def test_conditional_comments_stay_as_they_are(name: str) -> None:
    html = inlined(PAGE, name)
    assert '<!--[if mso]><table dir="rtl"><tr><td><![endif]-->' in html
    assert "<!--[if mso]><style>td{font-family:Tahoma !important}</style><![endif]-->" in html


@both
def test_directions_and_classes_stay(name: str) -> None:
    html = inlined(PAGE, name)
    assert html.count('dir="rtl"') == PAGE.count('dir="rtl"')
    assert 'xml:lang="ar"' in html
    assert 'class="card"' in html


@both
def test_a_picture_keeps_the_width_that_outlook_needs(name: str) -> None:
    picture = re.search("<img[^>]*>", inlined(PAGE, name))
    assert picture
    assert 'width="600"' in picture[0]
    assert 'height="auto"' not in picture[0]


@both
def test_no_blank_comes_between_two_halves_of_a_row(name: str) -> None:
    assert "</span><span" in inlined(PAGE, name)


@both
def test_arabic_and_isolates_stay_letters(name: str) -> None:
    html = inlined(PAGE, name)
    assert "خبر أول \u2067معزول\u2069 &amp; ثان" in html
    assert "&#" not in html


@both
def test_the_same_page_gives_the_same_bytes(name: str) -> None:
    assert inlined(PAGE, name) == inlined(PAGE, name)


@both
def test_a_linked_sheet_is_never_fetched(name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        inlined(PAGE.replace("127.0.0.1:9", f"127.0.0.1:{port}"), name)
        assert select.select([listening], [], [], 0) == ([], [], [])


@both
def test_a_file_of_this_machine_is_never_read(name: str, tmp_path: Path) -> None:
    sheet = tmp_path / "secret.css"
    sheet.write_text("p { color: #abcdef }")
    for address in (str(sheet), sheet.as_uri()):
        assert "abcdef" not in inlined(PAGE.replace("http://127.0.0.1:9/never.css", address), name)


def test_an_inliner_that_is_not_there_is_a_wrong_setting() -> None:
    with pytest.raises(ConfigError, match=r"mail\.inliner"):
        inlined(PAGE, "toronado")


def test_every_inliner_can_be_chosen_by_the_setting() -> None:
    for name in INLINERS:
        assert MailSettings.model_validate({"inliner": name}).inliner == name


def test_rules_that_are_remembered_are_those_of_their_own_sheet():
    def page(colour: str, words: str) -> str:
        return (
            f"<!DOCTYPE html><html><head><style>p {{ color: {colour} }}</style></head>"
            f'<body><p class="a">{words}</p></body></html>'
        )

    made = [inlined(page(colour, words), "premailer") for colour in ("#111111", "#222222") for words in "ab"]
    again = [inlined(page(colour, words), "premailer") for colour in ("#111111", "#222222") for words in "ab"]
    assert made == again
    assert ["#222" in one for one in made] == [False, False, True, True]
    assert len(set(made)) == 4
