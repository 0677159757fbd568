"""What editors wrote, as readers see it: their opening line, their subject, and that words were edited."""

import pytest

from digest.keys import KeyRing
from digest.model import Edit, EditionContent, EditKind
from digest.render.links import Links
from digest.render.renderer import EditionRenderer
from digest.services.editions.editing.applying import applied
from digest.settings import Settings
from tests.builders import a_list, a_story, an_edition_content

OPENING, SUBJECT = "صباح الخير، هذا موجزكم.", "عنوان كتبه محرر"


@pytest.fixture
def renderer() -> EditionRenderer:
    links = Links(public_url="https://mujaz.example", keys=KeyRing.of(b"s" * 32))
    return EditionRenderer(Settings().mail, links)


def edited(*edits: Edit) -> EditionContent:
    return applied(an_edition_content(), edits, ["economy"]).content


def test_an_editors_opening_stands_under_a_heading_of_its_own_and_names_no_outlet(renderer: EditionRenderer):
    mail = renderer.render(a_list(), edited(Edit(kind=EditKind.OPENING, text=OPENING)))
    for part in (mail.html, mail.text):
        assert "من هيئة التحرير" in part
        assert OPENING in part
        assert "ماذا حدث، ولماذا يهم" not in part


def test_the_subject_is_as_an_editor_wrote_it(renderer: EditionRenderer):
    assert renderer.render(a_list(), edited(Edit(kind=EditKind.SUBJECT, text=SUBJECT))).subject == SUBJECT


def test_readers_are_told_of_edited_words_and_of_no_others(renderer: EditionRenderer):
    changed = edited(Edit(kind=EditKind.HEADLINE, story=a_story().key, text="الجسر يُفتح"))
    assert "محرَّر" in renderer.render(a_list(), changed).text
    assert "محرَّر" not in renderer.render(a_list(), edited()).text
