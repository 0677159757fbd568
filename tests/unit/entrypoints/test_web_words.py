"""The catalogues of words."""

import re

import pytest

from digest.entrypoints.templating import fill
from digest.entrypoints.web.pages import environment
from digest.entrypoints.web.words import words
from digest.render.templating.templates import templates_folder
from digest.text.languages import LANGUAGES

PLACE = re.compile(r"\{\w+\}")
ARABIC = re.compile(r"[\u0600-\u06ff]")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_catalogue_has_every_word_with_its_places(language: str):
    arabic, own = words("ar"), words(language)
    assert set(own) == set(arabic)
    for name, word in own.items():
        assert word.strip() == word or name == "comma", name
        assert set(PLACE.findall(word)) == set(PLACE.findall(arabic[name])), name


def test_a_language_without_a_catalogue_speaks_english():
    assert words("xx") == words("en")


def test_no_public_page_has_words_of_its_own():
    folder = templates_folder() / "web"
    pages = [*folder.glob("*.html"), *folder.glob("*.xml"), *(folder / "pages").glob("*.html")]
    assert len(pages) > 10
    assert [page.name for page in pages if ARABIC.search(page.read_text(encoding="utf-8"))] == []


def test_every_word_is_used_by_a_template():
    folder = templates_folder() / "web"
    text = "".join(page.read_text(encoding="utf-8") for page in folder.rglob("*.html"))
    for prefix, kinds in (
        ("problem_", ("address", "answer", "busy", "again")),
        ("choice_", ("saved", "problem", "paused", "resumed", "asked", "moving")),
        (
            "choice_problem_",
            (
                "sections",
                "zone",
                "hour",
                "days",
                "weekly",
                "muted",
                "digits",
                "pause",
                "quiet",
                "ended",
                "list",
                "address",
            ),
        ),
        ("digits_", ("arab", "arabext", "latn")),
        ("alerts_", ("none", "big", "all")),
        ("share_", ("whatsapp", "telegram", "x")),
        ("", ("breaking", "update")),
    ):
        text += "".join(f" words.{prefix}{kind} " for kind in kinds)
    for kind in ("missing", "wrong", "expired", "broken", "foreign", "large"):
        text += f" words.{kind} words.{kind}_title "
    assert {name for name in words("ar") if f"words.{name}" not in text} == set()


def test_a_value_is_escaped_and_isolated():
    assert fill("عن «{list}»", list="<b>A&B") == "عن «<bdi>&lt;b&gt;A&amp;B</bdi>»"
    made = environment().from_string("{{ word|fill(n=3) }}").render(word="<{n}>")
    assert made == "&lt;<bdi>3</bdi>&gt;"
