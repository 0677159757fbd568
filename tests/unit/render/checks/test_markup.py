"""The markup obeys the rules that mail programs force on right-to-left mail, in every layout and language."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from digest.render.checks import assert_clean
from digest.render.edition import base64_size, render
from digest.render.message.mime import MessageHead, Recipient, message_id, prepare
from digest.text.languages import LANGUAGES
from tests.unit.render.editions import (
    NOW,
    a_mail_style,
    an_edition,
    corrections,
    data_blocks,
    full_sections,
    social,
)
from tests.unit.render.languages import speaking

LAYOUTS = ("daily", "weekly", "breaking")
FULL = an_edition(blocks=data_blocks(), corrections=corrections())
LOOK = a_mail_style(social=social(), postal_address="ص.ب. 1200، مدينة النخيل", keywords=("المياه",))
VOID = {"meta", "img", "br"}


def as_mail(html_and_text: object) -> bytes:
    head = MessageHead(
        from_name="موجز",
        from_address="digest@mujaz.example",
        list_name="موجز اليوم",
        list_id="daily.list.mujaz.example",
        archive_url="https://mujaz.example/l/daily",
        feedback_id="12:daily:1:mujaz",
        date=NOW,
    )
    reader = Recipient(
        email="amal@mujaz.example",
        name="",
        message_id=message_id("12", "reader", "mujaz.example"),
        unsubscribe_url="https://mujaz.example/unsubscribe/daily/0123",
        unsubscribe_mailto="digest@mujaz.example",
        preferences_url="https://mujaz.example/preferences/daily/0123",
    )
    return prepare(html_and_text, head).build(reader)  # type: ignore[arg-type]


class Nesting(HTMLParser):
    """Whether every element is closed where it should be."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


@pytest.mark.parametrize("inliner", ["premailer", "css-inline"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_our_layouts_have_no_finding(layout: str, inliner: str):
    assert_clean(as_mail(render(FULL, replace(LOOK, layout=layout, inliner=inliner), now=NOW)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_has_a_finding(language: str):
    assert_clean(as_mail(render(*speaking(language), now=NOW)))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_element_is_closed(layout: str):
    nesting = Nesting(render(FULL, replace(LOOK, layout=layout), now=NOW).html)
    assert nesting.wrong == []
    assert nesting.open == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_sizes_stay_within_what_mail_programs_take(layout: str):
    html = render(FULL, replace(LOOK, layout=layout), now=NOW).html
    assert base64_size(html) <= 102_400
    assert sum(map(len, re.findall("(?s)<style.*?</style>", html))) <= 8_192


@pytest.mark.parametrize("layout", LAYOUTS)
def test_headings_begin_with_one_h1_and_skip_no_level(layout: str):
    html = render(FULL, replace(LOOK, layout=layout), now=NOW).html
    levels = [int(level) for level in re.findall(r"<h([1-6])\b", html)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_word_gets_a_table_of_its_own_and_tahoma():
    html = render(FULL, LOOK, now=NOW).html
    assert re.search(r'<!--\[if mso\]><table role="presentation" dir="rtl" align="center" width="600"', html)
    assert "mso-bidi-font-family:'Tahoma'" in html


def test_dark_colours_beat_inlined_ones():
    kept = "".join(re.findall("(?s)<style>(.*?)</style>", render(FULL, LOOK, now=NOW).html))
    dark = kept[kept.index("prefers-color-scheme: dark") :]
    assert dark.count("!important") > 15
    assert "[data-ogsc] .headline" in dark
    assert "[data-ogsb] .card" in dark


def long_addresses(length: int) -> list[object]:
    return [
        section.model_copy(
            update={
                "stories": tuple(
                    story.model_copy(
                        update={
                            "articles": tuple(
                                article.model_copy(
                                    update={"url": f"https://marfa.example/{'a' * length}{number}"}
                                )
                                for number, article in enumerate(story.articles)
                            )
                        }
                    )
                    for story in section.stories
                )
            }
        )
        for section in full_sections()
    ]


def test_a_mail_that_would_be_cut_off_tells_fewer_stories():
    whole = render(an_edition(*long_addresses(10)), LOOK, now=NOW)
    cut = render(an_edition(*long_addresses(1_500)), LOOK, now=NOW)
    assert base64_size(cut.html) <= 102_400
    assert cut.text.count("الرابط: ") < whole.text.count("الرابط: ")
    assert "بقية الأخبار على الويب" in cut.html
    assert "__MUJAZ_UNSUBSCRIBE__" in cut.html


def test_a_mail_that_cannot_be_made_small_is_held(monkeypatch: pytest.MonkeyPatch):
    from digest.errors import EditionHeldError

    monkeypatch.setattr("digest.render.edition.MOST_BASE64", 3_000)
    with pytest.raises(EditionHeldError, match="even with one story"):
        render(an_edition(full_sections()[0]), LOOK, now=NOW)
