"""The boxes of an edition's mail beside its stories: figures, data, corrections, the opening."""

import re

import pytest

from digest.model import DataBlock, EditionOpening, OpeningSentence
from tests.unit.render.edition.showing import made, one_section, shown
from tests.unit.render.editions import an_edition, corrections, data_blocks, told


def test_figures_of_the_day_stand_word_for_word_in_the_edition():
    page = shown(made().html)
    start = page.index("أرقام اليوم")
    assert "١٢٫٥٪" in page[start:]
    assert (
        page.count("ارتفعت حركة الحاويات في الميناء الشرقي بنسبة ١٢٫٥٪ خلال العام الماضي، وهو أعلى معدل") == 2
    )


def test_without_figures_blocks_and_corrections_there_are_no_such_boxes():
    text = made(one_section(told("خبر", "جملة بلا عدد فيها أبدا."))).text
    assert not any(word in text for word in ("أرقام", "تصحيح", "الأسواق", "باختصار", "عناوين سريعة"))


def test_data_blocks_and_corrections_are_shown_with_their_source():
    mail = made(blocks=data_blocks(), corrections=corrections())
    for page in (shown(mail.html), mail.text):
        assert "٨٬٤١٢٫٦" in page
        assert "▲" in page
        assert "٠٥:١٤" in page
        assert "هيئة السوق" in page
        assert "حتى ٧:٠٠ ص" in page
        assert "والصحيح ٢٠٣ محال" in page
        assert "عن العدد ١١" in page


@pytest.mark.parametrize(("layout", "below"), [("daily", "خبر اليوم"), ("weekly", "أبرز ما حدث")])
def test_a_written_opening_stands_at_the_top_each_sentence_with_its_outlet(layout: str, below: str):
    key = an_edition().sections[0].stories[0].key
    opening = EditionOpening(sentences=(OpeningSentence(text="بدأ موسم الحصاد في السهل.", story=key),))
    mail = made(layout=layout, opening=opening)
    outlet = an_edition().sections[0].stories[0].articles[0].source
    for page in (shown(mail.html), mail.text):
        assert re.search(rf"بدأ موسم الحصاد في السهل\. \(\s*{outlet}\s*\)", page)
        assert page.index("ماذا حدث، ولماذا يهم") < page.index(below)


def test_without_an_opening_nothing_is_said_of_one():
    gone = EditionOpening(sentences=(OpeningSentence(text="خبر لا أصل له.", story="none"),))
    for opening in (EditionOpening(), gone):
        assert "ماذا حدث" not in made(opening=opening).text


def test_a_block_without_rows_is_hidden():
    assert "الطقس" not in made(blocks=(DataBlock(title="الطقس", kind="weather"),)).html
