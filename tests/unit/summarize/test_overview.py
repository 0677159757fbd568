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


def test_an_overview_says_nothing_that_stands_elsewhere_in_the_mail():
    told = stories(*TOLD)
    beside = [*(text for _, text in TOLD[:2]), "سعر الخبز باق على حاله هذا الشهر."]
    other = "عبرت أول شاحنة جسر المرفأ فجر اليوم بعد ثلاث سنوات من العمل."
    another = "تعهدت وزارة التموين أن يبقى الخبز بسعره القديم حتى الربيع."
    again = "بلغ سعر طن القمح أمس ثلاثمئة دينار في سوق الحبوب الكبيرة."
    keyed = [story.model_copy(update={"key": str(at)}) for at, story in enumerate(told)]
    more = {"0": [other], "1": [again], "2": [another]}
    text = overview(keyed, max_words=60, more=more, beside=beside)
    assert other in text
    assert another in text
    assert again not in text
    assert all(own not in text for _, own in TOLD)


def test_an_overview_gives_no_measure_another_value_than_the_mail():
    keyed = [story.model_copy(update={"key": str(at)}) for at, story in enumerate(stories(*TOLD))]
    beside = ["هبط معدل البطالة في الساحل إلى ١٠ بالمئة في الربع الأول مقابل ١٢ بالمئة قبل عام."]
    other = "قال وزير العمل إن معدل البطالة في الساحل كان ١١٫٣ بالمئة في الربع الأول من العام الماضي وإن خطته لم تتغير منذ ذلك الحين."
    more = {"0": [other], "1": ["عبرت أول شاحنة جسر المرفأ فجر اليوم بعد ثلاث سنوات من العمل."]}
    assert "البطالة" not in overview(keyed, max_words=90, more=more, beside=beside)
