"""What only a browser can say of a mail: overflow, quirks, direction after stripping, contrast as drawn."""

from typing import Any

import pytest

from digest.model import Section, Story
from digest.render.checks.direction import STRIPPINGS, stripped_html
from digest.render.edition import render
from digest.text.languages import LANGUAGES
from tests.browser.conftest import Viewer
from tests.browser.mails import LAYOUTS, html
from tests.unit.render.editions import NOW, a_mail_style, an_edition, told
from tests.unit.render.languages import speaking

pytestmark = pytest.mark.browser

TALLEST_TABLE = 1_700
"""Pixels; Word's engine breaks a table that is higher than a page, about 1,790."""

LEAST_TOUCHED = 44
"""Pixels, by WCAG 2.2, 2.5.5."""
TOUCHED = """() => [...document.querySelectorAll('a.tap, a.entry, a.button-link')]
  .map(a => [a.getBoundingClientRect().height, a.innerText])"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
DIRECTIONS = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), out = [];
  const rtl = /^[^A-Za-z\\u0590-\\u08ff]*[\\u0590-\\u08ff]/;
  while (walk.nextNode()) {
    const text = walk.currentNode.textContent, box = walk.currentNode.parentElement;
    if (!text.trim() || !rtl.test(text) || !box.getClientRects().length) continue;
    out.push([getComputedStyle(box).direction, text.trim().slice(0, 40)]);
  }
  return out;
}"""
TABLES = """() => [...document.querySelectorAll('table')].filter(t => !t.querySelector('table'))
  .map(t => [t.getBoundingClientRect().height, t.innerText.slice(0, 30)])"""
CONTRAST = """() => {
  const channels = c => (c.match(/[\\d.]+/g) || []).map(Number);
  const light = c => { const [r, g, b] = c.slice(0, 3).map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ground = node => { for (; node; node = node.parentElement) { const c = channels(getComputedStyle(node).backgroundColor);
    if (c.length === 3 || c[3] > 0) return c; } return [255, 255, 255]; };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), out = [];
  while (walk.nextNode()) {
    const box = walk.currentNode.parentElement, text = walk.currentNode.textContent.trim();
    if (!/[\\p{L}\\p{N}]/u.test(text) || !box.getClientRects().length) continue;
    const a = light(channels(getComputedStyle(box).color)), b = light(ground(box));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) out.push([ratio, text.slice(0, 40)]);
  }
  return out;
}"""


@pytest.mark.parametrize("width", [320, 375, 600, 1000])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_nothing_overflows_and_the_page_is_in_standards_mode(viewer: Viewer, layout: str, width: int):
    page = viewer.open(html(layout), width=width).page
    assert page.evaluate(OVERFLOW) <= 0
    assert page.evaluate("document.compatMode") == "CSS1Compat"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_is_to_be_touched_is_high_enough_for_a_finger(viewer: Viewer, layout: str, language: str):
    content, mail_style = speaking(language, layout=layout)
    page = viewer.open(render(content, mail_style, now=NOW).html, width=375).page
    found: list[Any] = page.evaluate(TOUCHED)
    assert len(found) >= 4
    assert [one for one in found if one[0] < LEAST_TOUCHED] == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_right_to_left_text_runs_from_the_right(viewer: Viewer, layout: str):
    rows: list[Any] = viewer.open(html(layout)).page.evaluate(DIRECTIONS)
    assert len(rows) > 10
    assert [row for row in rows if row[0] != "rtl"] == []


@pytest.mark.parametrize("client", sorted(STRIPPINGS))
@pytest.mark.parametrize("layout", LAYOUTS)
def test_it_still_does_after_each_clients_stripping(viewer: Viewer, layout: str, client: str):
    inside = f'<!DOCTYPE html><html dir="ltr"><body style="text-align:left">{stripped_html(html(layout), client)}</body></html>'
    rows: list[Any] = viewer.open(inside).page.evaluate(DIRECTIONS)
    assert len(rows) > 10
    assert [row for row in rows if row[0] != "rtl"] == []


def test_a_mail_with_direction_on_html_alone_would_fail_that(viewer: Viewer):
    bare = html("daily").replace(' dir="rtl"', "").replace("direction:rtl", "color:inherit")
    rows: list[Any] = viewer.open(bare).page.evaluate(DIRECTIONS)
    assert all(row[0] == "ltr" for row in rows)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_single_table_is_higher_than_words_page(viewer: Viewer, layout: str):
    rows: list[Any] = viewer.open(html(layout)).page.evaluate(TABLES)
    assert [row for row in rows if row[0] > TALLEST_TABLE] == []


def long_stories(count: int, sentences: int) -> tuple[Story, ...]:
    """Stories with headlines of 300 characters, each told in as many sentences of 200."""
    headline = ("الوزارة تعلن خطة جديدة لتوسيع الميناء " * 9)[:300]
    sentence = ("وقالت الهيئة إن العمل يبدأ في الربيع ويشمل أربعة أرصفة " * 5)[:199] + "."
    return tuple(
        told(f"{number} {headline}"[:300], *[sentence] * sentences, score=float(count - number))
        for number in range(count)
    )


@pytest.mark.parametrize("sentences", [3, 0], ids=["told", "lines"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_nor_with_headlines_of_three_hundred_characters(viewer: Viewer, layout: str, sentences: int):
    sections = tuple(
        Section(
            key=key,
            title="قسم",
            overview=("خلاصة القسم في سطر واحد " * 30)[:600],
            stories=long_stories(4, sentences),
        )
        for key in ("politics", "economy", "sport")
    )
    mail = render(an_edition(*sections), a_mail_style(layout=layout), now=NOW).html
    rows: list[Any] = viewer.open(mail).page.evaluate(TABLES)
    assert [row for row in rows if row[0] > TALLEST_TABLE] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_text_can_be_told_from_its_ground(viewer: Viewer, layout: str, scheme: str):
    assert viewer.open(html(layout), scheme=scheme).page.evaluate(CONTRAST) == []


def test_a_pale_text_would_be_noticed(viewer: Viewer):
    page = viewer.open('<p dir="rtl" style="color:#aaaaaa">نص باهت لا يكاد يُقرأ</p>').page
    assert len(page.evaluate(CONTRAST)) == 1


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_story_is_told_with_pictures_off_as_well(viewer: Viewer, layout: str):
    shown = viewer.open(html(layout), images=False)
    text = shown.page.inner_text("body")
    assert len(text) > 300
    assert all(url.startswith("https://") for url in shown.asked)
