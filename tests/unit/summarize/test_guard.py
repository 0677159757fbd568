"""The guard: what the sources do not say is not told."""

import pytest

from digest.summarize.guard import check as guard
from digest.summarize.guard.quantities import dates, quantities

SOURCES = (
    "قتل ٣٥ شخصا وأصيب مئة وعشرون آخرون في زلزال ضرب مدينة شيراز يوم الخميس ١٢ مايو ٢٠١٦.",
    "وقالت الحكومة إن الخسائر بلغت 3 ملايين دولار ولم تطلب مساعدة من الخارج.",
)


def wrong(sentence: str, *sources: str) -> tuple[str, ...]:
    return guard.problems(sentence, sources or SOURCES[:1])


@pytest.mark.parametrize(
    "sentence",
    [
        SOURCES[0],
        "قتل 35 شخصا في زلزال ضرب شيراز",
        "أصيب 120 شخصا في زلزال ضرب مدينة شيراز",
        "ضرب زلزال مدينة شيراز في أيار 2016",
    ],
)
def test_what_the_source_says_in_other_spelling_passes(sentence: str):
    assert wrong(sentence) == ()


@pytest.mark.parametrize(
    ("sentence", "problem"),
    [
        ("قتل 36 شخصا في زلزال ضرب مدينة شيراز", "number 36"),
        ("قتل أربعون شخصا في زلزال ضرب مدينة شيراز", "number 40"),
        ("ضرب زلزال مدينة شيراز يوم الجمعة 12 مايو", "date weekday-5"),
        ("ضرب زلزال مدينة شيراز في يونيو 2016", "date month-6"),
        ("قتل 35 شخصا في زلزال ضرب مدينة طهران", "name طهر"),
        ("لم يقتل 35 شخصا في زلزال ضرب مدينة شيراز", "negation"),
        ("زلزال", "length 1"),
        ("زلزال " * 80, "length 80"),
    ],
)
def test_a_planted_error_is_caught(sentence: str, problem: str):
    assert any(found.startswith(problem) for found in wrong(sentence)), wrong(sentence)


COUNTED = (
    "قتل 35 شخصا وجرح 12 جنديا واحترقت 8 شاحنات على بعد 60 كيلومترا من الميناء عند الساعة 10:30 يوم 13 مايو.",
)


@pytest.mark.parametrize(
    "sentence",
    [
        "احترقت 60 شاحنة قرب الميناء",
        "احترقت 13 شاحنة قرب الميناء",
        "احترقت 12 شاحنة قرب الميناء",
        "احترقت 30 شاحنة قرب الميناء",
    ],
)
def test_a_number_of_something_else_is_caught(sentence: str):
    assert any(found.startswith("number") for found in wrong(sentence, *COUNTED))


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("قتل أكثر من 4 آلاف شخص في المدينة", "قتل 4050 شخصا في المدينة."),
        ("تبرع الرجل بنصف مليون دولار للمدينة", "تبرع الرجل للمدينة بمبلغ 500 ألف دولار."),
        ("تبرع الرجل بملايين الدولارات للمدينة", "تبرع الرجل للمدينة بمبلغ 3 ملايين دولار."),
        ("جاء الفريق في المركز الثالث في البطولة", "جاء الفريق في المركز 3 في البطولة."),
        ("عاد الرجل في تشرين الثاني إلى المدينة", "عاد الرجل إلى المدينة في نوفمبر."),
    ],
)
def test_what_is_said_in_another_way_passes(sentence: str, source: str):
    assert wrong(sentence, source) == ()


def test_only_a_rough_number_may_be_a_rounded_one():
    assert "number 4000" in wrong("قتل 4 آلاف شخص في المدينة", "قتل 4050 شخصا في المدينة.")


@pytest.mark.parametrize("text", ["لدعم والده بعد الحادث", "من أجل صد الهجوم على المدينة"])
def test_a_word_of_another_language_is_no_number_in_this_one(text: str):
    assert quantities(text) == []


def test_a_day_named_monday_is_no_two():
    assert "number 2" in wrong(
        "اعتقلت الشرطة 2 من اللصوص في المدينة", "اعتقلت الشرطة لصوصا في المدينة يوم الاثنين."
    )


def test_a_capital_may_stand_for_its_country_but_not_for_another():
    source = "قال الرئيس الفرنسي إن بلاده توقع الاتفاق الجديد غدا."
    assert wrong("باريس توقع الاتفاق الجديد غدا", source) == ()
    assert any(found.startswith("name") for found in wrong("لندن توقع الاتفاق الجديد غدا", source))


def test_a_name_is_known_in_another_spelling():
    assert wrong("وقع ماكرن الاتفاق مع الرئيس", "وقع ماكرون الاتفاق مع الرئيس.") == ()
    assert any(
        found.startswith("name")
        for found in wrong("وقع بوتين الاتفاق مع الرئيس", "وقع ماكرون الاتفاق مع الرئيس.")
    )


def test_a_wrong_unit_or_scale_is_caught():
    assert wrong("بلغت الخسائر 3 ملايين يورو ولم تطلب الحكومة مساعدة", SOURCES[1]) == ("unit EUR",)
    assert "number 3000000000" in wrong("بلغت الخسائر 3 مليارات دولار ولم تطلب الحكومة مساعدة", SOURCES[1])


def test_a_negation_left_out_is_caught():
    assert "negation" in wrong("بلغت الخسائر 3 ملايين دولار وطلبت الحكومة مساعدة من الخارج", SOURCES[1])


def test_a_sentence_about_something_else_is_caught():
    assert any(
        "unsupported" in found
        for found in wrong("أعلنت الشركة افتتاح مصنع جديد للسيارات الكهربائية قرب الميناء")
    )


@pytest.mark.parametrize(
    "address", ["https://mujaz.example/a", "www.mujaz.example", "mujaz.example", "a@mujaz.example"]
)
def test_an_address_is_not_told_even_if_a_source_has_it(address: str):
    text = f"افتتحت هيئة الطرق الجسر وتفاصيله في {address}"
    assert "link" in wrong(text, text)


def test_a_sentence_without_a_source_is_not_told():
    assert guard.problems("قتل 35 شخصا في شيراز", ()) == ("no source",)


def test_english_names_are_known_by_their_capitals():
    source = "The mayor of Lowford opened the bridge on Monday."
    assert guard.problems("The mayor of Highport opened the bridge", [source], language="en") == (
        "name highport",
    )


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("٣ ملايين دولار", "3000000", "USD"),
        ("3,000,000", "3000000", ""),
        ("ثلاثة ملايين", "3000000", ""),
        ("مئة وخمسة وعشرون كيلومترا", "125", "km"),
        ("١٢٫٥٪", "12.5", "%"),
        ("25 في المئة", "25", "%"),
        ("ثلاثة عشر طفلا", "13", ""),
        ("$30", "30", "USD"),
        ("10:30", "10:30", ""),
    ],
)
def test_a_quantity_has_one_value_in_all_its_spellings(text: str, value: str, unit: str):
    found = quantities(text)
    assert [(one.value, one.unit) for one in found] == [(value, unit)]


def test_months_are_one_in_all_countries():
    assert dates("في أيار") == dates("في مايو") == {"month-5"}
