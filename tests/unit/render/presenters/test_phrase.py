"""Text as an edition prints it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markupsafe import escape

from digest.render.presenters.typesetting.typography import Phrase, Typesetter, clipped, joined

ARABIC = Typesetter("ar", "arab")


@pytest.mark.parametrize(
    ("raw", "printed"),
    [
        ('قال "نعم" ومضى', "قال «نعم» ومضى"),
        ("قال “نعم” ومضى", "قال «نعم» ومضى"),
        ('شاشة 55" جديدة', 'شاشة ٥٥" جديدة'),
        ("ارتفع 12.5%", "ارتفع ١٢٫٥٪"),
        ("أنفقت $50 هنا", "أنفقت ٥٠\u00a0$ هنا"),
        ("أنفقت $1,250.5 مليون هنا", "أنفقت ١٬٢٥٠٫٥ مليون\u00a0$ هنا"),
        ("طائرة F-16 في 2026", "طائرة F-16 في ٢٠٢٦"),
        ("سطر\r\nوسطر", "سطر وسطر"),
    ],
)
def test_signs_and_digits_are_those_of_arabic(raw: str, printed: str):
    assert ARABIC.plain(raw) == printed


@pytest.mark.parametrize(
    ("raw", "printed"),
    [
        ("هاتف iPhone 17 Pro (256GB) يصل", "هاتف iPhone 17 Pro (256GB) يصل"),
        ("هاتف iPhone ١٧ Pro يصل", "هاتف iPhone 17 Pro يصل"),
        ("إصدار Windows 11 متاح", "إصدار Windows ١١ متاح"),
        ("إصدار Windows 11، متاح", "إصدار Windows 11، متاح"),
        ("باعت Dunes 20 مليارا", "باعت Dunes ٢٠ مليارا"),
        ("بلغت US$1,250.5 مليون", "بلغت US$1,250.5 مليون"),
    ],
)
def test_a_number_in_a_foreign_name_is_spelled_as_the_name_is(raw: str, printed: str):
    assert ARABIC.plain(raw) == printed


def test_hebrew_keeps_its_own_marks():
    assert Typesetter("he", "latn").plain('צה"ל ב-2026 ו-₪50') == 'צה"ל ב-2026 ו-₪50'


def test_latin_runs_stand_apart_in_arabic_and_arabic_runs_in_english():
    assert ARABIC.phrase("أعلنت Blue Anchor اليوم").html == 'أعلنت <span dir="ltr">Blue Anchor</span> اليوم'
    assert (
        Typesetter("en", "latn").phrase("The paper الوطن اليوم said").html
        == 'The paper <span dir="rtl">الوطن اليوم</span> said'
    )


@pytest.mark.parametrize("sign", ["+", "-"])
def test_a_signed_share_is_no_telephone_number(sign: str):
    assert ARABIC.phrase(f"تغير {sign}5.3% اليوم").html == f"تغير {sign}٥٫٣٪ اليوم"
    assert Typesetter("ar", "latn").phrase(f"تغير {sign}5.3% اليوم").html == (
        f'تغير <span dir="ltr">{sign}5.3%</span> اليوم'
    )


def test_a_call_in_a_quoted_name_belongs_to_it():
    assert ARABIC.phrase('فيلم "Mamma Mia!" يعود').html == 'فيلم «<span dir="ltr">Mamma Mia!</span>» يعود'


def test_a_phrase_is_markup_in_html_and_plain_elsewhere():
    phrase = ARABIC.phrase("أ < ب & BBC")
    assert str(phrase) == "أ < ب & BBC"
    assert escape(phrase) == 'أ &lt; ب &amp; <span dir="ltr">BBC</span>'
    assert not ARABIC.phrase("\u200b ")


def test_cutting_keeps_words_whole_and_says_that_something_is_missing():
    assert clipped("كلمة وكلمة، وأخرى", 13) == "كلمة وكلمة…"
    assert clipped("كلمة", 13) == "كلمة"
    assert clipped("ك" * 30, 10) == "ك" * 9 + "…"


def test_joining_leaves_out_what_is_empty():
    parts = [ARABIC.phrase("الوطن"), ARABIC.phrase(""), ARABIC.phrase("<ب>")]
    assert joined(parts, " · ") == Phrase("الوطن · <ب>", joined(parts, " · ").html)
    assert joined(parts, " · ").html == "الوطن · &lt;ب&gt;"


@given(st.text(max_size=300), st.integers(2, 120))
def test_no_phrase_is_longer_than_asked_by_more_than_its_quotation_marks(raw: str, most: int):
    assert len(ARABIC.plain(raw, most=most)) <= most + 2


@given(st.text(alphabet="ابجد 0123456789.,%$€\"'«»“”()abcABC<>&-", max_size=200))
@example("$$0")
@example("$ €0")
def test_printing_twice_changes_nothing(raw: str):
    once = ARABIC.plain(raw)
    assert ARABIC.plain(once).replace("\u00a0", " ") == once.replace("\u00a0", " ")
