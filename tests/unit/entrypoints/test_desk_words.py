"""The words of the desk, and its style sheets."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

from digest.entrypoints.desk.words import LANGUAGES, desk_words, flat
from digest.model import EditionState, FieldKind, Role
from digest.render.templating.templates import templates_folder
from digest.services.audience import imports
from digest.text.languages import LANGUAGES as SPOKEN

PLACE = re.compile(r"\{\w+\}")
ARABIC = re.compile(r"[\u0600-\u06ff]")
PHYSICAL = re.compile(
    r"(?<!\.)\b(?:left|right)\b|\b(?:margin|padding|border)-(?:top|bottom)\b|[^-]\b(?:min-|max-)?(?:width|height):"
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_catalogue_has_every_word_with_its_places(language: str):
    arabic, own = desk_words("ar"), desk_words(language)
    assert set(own) == set(arabic)
    for name, word in own.items():
        assert word.strip() == word or name == "comma", name
        assert set(PLACE.findall(word)) == set(PLACE.findall(arabic[name])), name


def test_tables_part_a_catalogue_and_no_name_stands_in_two_of_them():
    assert flat({"brand": "موجز", "charts": {"growth": "النمو"}}) == {"brand": "موجز", "growth": "النمو"}
    with pytest.raises(ValueError, match="growth"):
        flat({"growth": "النمو", "charts": {"growth": "النمو"}})


def test_no_page_of_the_desk_has_words_of_its_own():
    own_names = re.compile(r"العربية|١٢٣|…")
    for page in (templates_folder() / "desk").rglob("*.html"):
        assert not ARABIC.search(own_names.sub("", page.read_text(encoding="utf-8"))), page.name


def test_whatever_an_import_refuses_is_said_in_words_of_the_page():
    folder = Path(imports.__file__).parent
    source = "".join(file.read_text(encoding="utf-8") for file in folder.glob("*.py"))
    reasons = set(re.findall(r'PeopleFileError\(\s*"(\w+)"', source)) | {
        f"no_{one.value}" for one in FieldKind
    }
    assert len(reasons) > 20
    words = desk_words("ar")
    assert {one for one in reasons if not {f"import_why_{one}", f"refused_file_{one}"} & set(words)} == set()


def test_no_word_has_the_name_of_what_a_mapping_can_do():
    """A page would show the method."""
    assert not set(desk_words("ar")) & set(dir({}))


def test_every_word_that_a_page_or_a_state_needs_is_there():
    text = "".join(page.read_text(encoding="utf-8") for page in (templates_folder() / "desk").rglob("*.html"))
    wanted = set(re.findall(r"\bwords\.(\w+)", text))
    wanted |= {f"state_{one.value}" for one in EditionState} | {f"role_{one.value}" for one in Role}
    assert wanted - set(desk_words("ar")) == set()
    prefixes = (
        "refused_",
        "held_",
        "in_utc",
        "very_soon",
        "acts_",
        "aside_",
        "by_",
        "change_",
        "src_tried_again",
        "check_",
        "done_",
        "act_",
        "need_",
        "button_",
        "source_",
        "state_",
        "role_",
        "scope_",
        "event_",
        "books_",
        "view_",
        "kind_",
        "guide_",
        "finding_",
        "calendar_",
        "channel_",
        "chart_",
        "span_",
        "section_",
        "tab_",
        "why_",
        "guard_",
        "skipped_",
        "lint_",
        "edit_",
        "field_",
        # Of people: by what is stored of them.
        "how_",
        "person_",
        "event_",
        "reason_",
        "notice_",
        "returned_",
        "weight_",
        "step_",
        "read_by_",
        "import_",
        "upload_",
        "column_",
        "op_",
        "value_",
        "language_",
        "choice_",
        "bulk_",
        "skip_",
        "frequency_",
        "alerts_",
        "digits_",
        "pasted_name",
        "error_",
        # Of lists: by the names of settings.
        "set_",
        "help_",
        "settings_",
        "mode_",
        "colour_",
        "theme_",
        "on_unknown_is_",
        "approval_is_",
        "without_approval_is_",
        "layout_is_",
        "months_is_",
        "weekly_day_free",
        "in_the_",
    )
    kinds = ("missing", "forbidden", "wrong", "foreign", "large", "large_file", "expired", "busy", "broken")
    used = wanted | {name for kind in kinds for name in (kind, f"{kind}_title")}
    assert {one for one in desk_words("ar") if not one.startswith(prefixes)} - used == set()


def test_every_choice_that_cannot_be_is_said_in_words():
    rules = Path(str(files("digest.services.audience.choices").joinpath("rules.py"))).read_text(
        encoding="utf-8"
    )
    about = set(re.findall(r'about="(\w+)"', rules))
    assert {f"choice_{one}" for one in about} <= set(desk_words("ar"))
    assert "quiet" in about


@pytest.mark.parametrize("sheet", ["desk/style.css", "desk/people.css", "web/style.css"])
def test_a_style_sheet_knows_no_left_and_no_right(sheet: str):
    css = (templates_folder() / sheet).read_text(encoding="utf-8")
    rules = re.sub(r"@media[^{]*\{", "{", css)
    assert PHYSICAL.findall(rules) == []
    assert len(css.encode()) < 15_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_desk_has_a_name_for_every_language_of_a_list(language: str):
    said = desk_words(language)
    assert [one for one in SPOKEN if not said.get(f"language_{one}")] == []
