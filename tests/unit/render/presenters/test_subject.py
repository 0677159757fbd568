"""Subjects and preheaders: whole headlines, never a part of a word or of a clause."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.render.presenters.typesetting.subject import (
    LONGEST_PREHEADER,
    LONGEST_SUBJECT,
    preheader,
    subject,
)

SHORT = "جسر المرفأ يفتح أمام العابرين"
LONG = "المجلس البلدي في مدينة النخيل يقر خطة المياه الجديدة للأحياء الشرقية والغربية"


def test_a_headline_that_fits_is_the_subject():
    assert subject([SHORT, LONG]) == (SHORT, 0)


@pytest.mark.parametrize(
    ("headline", "line"),
    [
        (
            "استقالة رئيس وزراء الساحل ماجد السدراوي إثر رفض البرلمان الموازنة",
            "استقالة رئيس وزراء الساحل ماجد السدراوي",
        ),
        (
            "نكسة جديدة لمدرب النوارس.. الفنار بطلا لكأس الساحل للمرة العاشرة",
            "الفنار بطلا لكأس الساحل للمرة العاشرة",
        ),
        (
            "رئيس وزراء الساحل ماجد السدراوي يلتقي نظيره لمناقشة الحدود",
            "رئيس وزراء الساحل ماجد السدراوي يلتقي نظيره",
        ),
        ("الحكومة تعلن خطة النقل الجديدة؛ والمعارضة تطلب جلسة طارئة", "الحكومة تعلن خطة النقل الجديدة"),
    ],
)
def test_of_a_long_headline_the_longest_whole_clause_is_taken(headline: str, line: str):
    assert subject([headline, SHORT]) == (line, 0)


@pytest.mark.parametrize(
    "headline",
    [
        LONG,
        "رئيس الساحل يدعو دول الإقليم المجاورة لمواجهة الجفاف في المدن البعيدة",
        "وزير المياه في حكومة الساحل: لن نرفع الأسعار على سكان القرى البعيدة",
        "لن تبدأ المفاوضات بين الحكومة والنقابات قبل إطلاق جميع الموقوفين",
        "نائب رئيس الوزراء السابق بعد الإفراج عنه: سأعود إلى العمل السياسي",
        "هل تعود الحافلات القديمة إلى شوارع النخيل بعد إغلاق محطة القطار؟",
        "قال الوزير إن «المدينة كلها تنتظر الجسر.. والناس صبروا» طويلا جدا",
    ],
)
def test_where_a_part_would_say_something_else_another_headline_is_the_subject(headline: str):
    assert subject([headline, "قصير", SHORT]) == (SHORT, 2)


def test_the_next_headline_with_a_whole_clause_goes_before_a_later_one_that_fits():
    second = "رئيس الساحل ماجد السدراوي يدخل المستشفى للمرة الثالثة خلال أسبوع واحد"
    assert subject([LONG, second, SHORT]) == ("رئيس الساحل ماجد السدراوي يدخل المستشفى", 1)


def test_only_where_nothing_fits_a_headline_is_cut_between_words():
    line, place = subject([LONG, LONG])
    assert (line, place) == ("المجلس البلدي في مدينة النخيل يقر خطة المياه…", 0)


def test_the_preheader_is_the_next_two_headlines_whole():
    assert preheader([SHORT, "الميناء يسجل أعلى حركة", "ثالث"], []) == f"{SHORT} – الميناء يسجل أعلى حركة"


def test_a_second_headline_without_room_gives_way_to_one_that_has():
    assert preheader([LONG, f"{LONG} {LONG}", SHORT], []) == f"{LONG} – {SHORT}"


def test_a_short_preheader_is_filled_with_what_is_given_instead():
    assert preheader(["خبر قصير جدا"], ["جملة تروي ما جرى في المدينة أمس."]) == (
        "خبر قصير جدا – جملة تروي ما جرى في المدينة أمس."
    )


def test_an_alerts_preheader_is_the_front_of_its_first_sentence_as_far_as_it_is_whole():
    front = "تحطمت طائرة شحن صغيرة بعد دقائق من إقلاعها من مطار الفنار الدولي، صباح الجمعة"
    sentence = f"{front}، مما أسفر عن مقتل قائدها ومساعده وجرح سبعة من عمال المدرج في حي السوق المجاور."
    dates = ["الجمعة ١٨ مايو ٢٠١٨", "تُقرأ في دقيقة واحدة"]
    assert preheader([], [sentence, *dates]) == front
    said = f"قال مدير المطار، {'سامر العلي ' * 9}، إن المدرج أغلق، وفق ما نقلت الإذاعة."
    assert preheader([], [said, *dates]).endswith(dates[1])


@given(st.lists(st.text(alphabet="اب جد:.،؛…؟«»", max_size=200), max_size=6))
def test_neither_is_ever_too_long_nor_cut_inside_a_word(headlines: list[str]):
    headlines = [" ".join(headline.split()) for headline in headlines]
    line, _ = subject(headlines)
    shown = preheader(headlines, [])
    assert len(line) <= LONGEST_SUBJECT
    assert len(shown) <= LONGEST_PREHEADER
    if line.endswith("…") and " " in line[LONGEST_SUBJECT // 2 :]:
        words = " ".join(headlines).replace("…", " ").split()
        assert line[:-1].split()[-1].rstrip(":.،؛«") in {word.rstrip(":.،؛«") for word in words}
