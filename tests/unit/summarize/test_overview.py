"""The sentences that open a section."""

from digest.model import Story, Summary, SummarySentence
from digest.summarize.overview import overview
from tests.builders import a_story

TOLD = (
    ("افتتاح جسر المرفأ", "ربط الجسر الحي القديم بالمنطقة الصناعية للمرة الأولى منذ سنوات."),
    ("ارتفاع أسعار القمح", "بلغ سعر طن القمح ثلاثمئة دينار في سوق الحبوب أمس."),
    ("إضراب عمال الميناء", "توقف تفريغ السفن في الأرصفة الستة بعد مفاوضات بلا نتيجة."),
    ("شركة جديدة للنقل", "ستشغل الشركة مئة حافلة كهربائية في شوارع العاصمة هذا الصيف."),
)


def stories(*told: tuple[str, str]) -> list[Story]:
    return [
        a_story(headline, summary=Summary(sentences=(SummarySentence(text=text),))) for headline, text in told
    ]


def test_an_overview_has_two_or_three_sentences_of_different_stories():
    text = overview(stories(*TOLD), max_words=60)
    assert 2 <= sum(sentence in text for _, sentence in TOLD) <= 3


def test_a_sentence_that_says_a_headline_again_is_left_out():
    again = ("افتتاح جسر المرفأ الجديد أمام السيارات", "افتتاح جسر المرفأ الجديد أمام السيارات اليوم.")
    assert again[1] not in overview(stories(again, *TOLD[1:]), max_words=60)


def test_an_overview_keeps_to_its_words():
    assert len(overview(stories(*TOLD), max_words=22).split()) <= 22


def test_one_story_or_no_room_for_two_sentences_needs_no_overview():
    assert overview(stories(TOLD[0]), max_words=60) == ""
    assert overview(stories(*TOLD), max_words=12) == ""


def test_two_tellings_of_one_thing_are_not_both_taken():
    twice = (TOLD[1], ("سوق الحبوب", TOLD[1][1].replace("أمس", "مساء أمس")), TOLD[2], TOLD[3])
    text = overview(stories(*twice), max_words=40)
    assert text.count("بلغ سعر طن القمح") <= 1


def test_another_outlets_opening_is_preferred_to_what_stands_below():
    stories = [
        a_story(
            headline=f"خبر رقم {number}",
            key=str(number),
            summary=Summary(sentences=(SummarySentence(text=own),)),
        )
        for number, own in enumerate(
            (
                "افتتحت هيئة الطرق صباح اليوم جسر المرفأ الجديد أمام الشاحنات.",
                "خفض البنك المركزي سعر الفائدة نصف نقطة مئوية للمرة الأولى.",
            )
        )
    ]
    other = "عبرت أول شاحنة جسر المرفأ فجر اليوم بعد ثلاث سنوات من العمل."
    found = overview(stories, max_words=60, more={"0": [other]})
    assert other in found
    assert "افتتحت هيئة الطرق" not in found
    assert "خفض البنك المركزي" in found
