"""Figures of the day: word for word, with a unit, from a sentence that is there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.render.presenters.figures import Figure, figures
from digest.render.words import catalogue
from digest.text.languages import LANGUAGES
from tests.unit.render.editions import told


def found(sentence: str, language: str = "ar") -> list[Figure]:
    words = catalogue(language)
    return figures([told("خبر", sentence)], words.units, words.magnitudes, most=3)


@pytest.mark.parametrize(
    ("sentence", "figure"),
    [
        ("ارتفعت حركة الميناء بنسبة 12.5% خلال العام.", "12.5%"),
        ("ارتفعت حركة الميناء بنسبة ١٢٫٥ في المئة خلال العام.", "١٢٫٥ في المئة"),
        ("بلغت كلفة المشروع $120 مليون تدفع على ثلاث سنوات.", "$120 مليون"),
        ("بلغت كلفة المشروع ٣ مليارات ريال على مدى عامين.", "٣ مليارات ريال"),
        ("يمتد الطريق الجديد مسافة ٤٠ كيلومترا بين المدينتين.", "٤٠ كيلومترا"),
        ("يمتد الطريق الجديد مسافة ٤٠ كيلومتر\u064bا بين المدينتين.", "٤٠ كيلومتر\u064bا"),
        ("وصل سعر الطن في السوق إلى 1,250 ريالا أمس.", "1,250 ريالا"),
        ("تراجعت الحرارة ليلا إلى -4 درجات في الجبال.", "-4 درجات"),
    ],
)
def test_a_number_with_its_unit_is_a_figure(sentence: str, figure: str):
    assert [one.figure for one in found(sentence)] == [figure]


@pytest.mark.parametrize(
    "sentence",
    [
        "افتتح المعرض عام 2026 بحضور جمهور كبير من الزوار.",
        "زار المعرض في يومه الأول ٣ آلاف من سكان المدينة.",
        "أقلعت طائرة من طراز F-16 من القاعدة صباح أمس.",
        "رقم الهاتف هو 050-123-4567 لمن أراد الاستعلام.",
        "وصل الفريق إلى المباراة النهائية للمرة الثالثة.",
        "١٢٪ فقط",
    ],
)
def test_years_counts_and_names_are_none(sentence: str):
    assert found(sentence) == []


def test_of_a_long_sentence_no_clause_is_torn():
    sentence = (
        "وقال المدير في كلمة ألقاها أمام جمع كبير من الحضور في القاعة الكبرى بالمدينة القديمة مساء أمس بعد جولة في المبنى الجديد وأقسامه، "
        "إن حركة المسافرين ارتفعت بنسبة 8% في الصيف، وإن العمل في المبنى الجديد ينتهي قبل نهاية السنة المقبلة بإذن الله تعالى كما هو مقرر في الخطة."
    )
    assert found(sentence) == []
    short = "قال المدير إن حركة المسافرين ارتفعت بنسبة 8% في الصيف، وإن العمل ينتهي قبل نهاية السنة."
    assert [one.sentence for one in found(short)] == [short]


@pytest.mark.parametrize(
    "sentence",
    [
        "والذي تبلغ كلفته ١٢ مليار دولار على مدى عامين.",
        "حين لامس سعر البرميل ٨٠ دولارا للمرة الأولى هذا العام.",
        "إن معدل البطالة في البلاد هبط إلى ١١ في المئة.",
        "اتفاقا ينظم تقاسم المياه بكلفة ٣ مليارات ريال.",
        "وكان المشروع يتضمن إنفاق ٤٠ مليون دولار على الشبكة.",
        "ارتفعت حركة الميناء بنسبة 12.5% خلال العام وقالت",
    ],
)
def test_what_leans_on_another_sentence_or_has_no_end_is_none(sentence: str):
    assert found(sentence) == []


def test_one_story_gives_one_figure_and_the_source_of_its_sentence():
    story = told("خبر", "ارتفعت الحركة في الميناء بنسبة 5%.", "وانخفضت الرسوم فيه بنسبة 9% هذا العام.")
    words = catalogue("ar")
    (one,) = figures([story], words.units, words.magnitudes, most=2)
    assert one.figure == "5%"
    assert one.article == story.articles[0]


def test_a_figure_is_shown_once_however_many_stories_have_it():
    words = catalogue("ar")
    stories = [
        told("خبر", "ارتفعت الحركة في الميناء بنسبة 5%."),
        told("خبر آخر", "وبلغت الزيادة في رسوم الميناء ٥٪.", "وانخفضت الرسوم فيه بنسبة 9% هذا العام."),
        told("خبر ثالث", "وبلغت الزيادة في رسوم الميناء 5%."),
    ]
    made = figures(stories, words.units, words.magnitudes, most=3)
    assert [one.figure for one in made] == ["5%", "9%"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_units(language: str):
    unit = catalogue(language).units[2]
    size = catalogue(language).magnitudes[1]
    sentence = f"xxxxxxxx xxxxxxxxxxx 120 {size} {unit} xxxxxxxxx."
    assert [one.figure for one in found(sentence, language)] == [f"120 {size} {unit}"]


@given(st.text(alphabet="٠١٢35.,٪% $مليونريادرجةكمط،؛abF-/", max_size=400))
def test_a_figure_stands_in_its_sentence_and_that_in_the_story(sentence: str):
    for one in found(sentence):
        assert one.figure in one.sentence
        assert one.sentence in " ".join(sentence.split())


def test_a_sentence_of_digits_takes_no_time():
    assert found("١" * 20_000 + "،" * 20_000) == []
