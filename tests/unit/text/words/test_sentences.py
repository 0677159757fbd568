"""Where sentences end."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.words.sentences import spans, split
from tests.unit.text.growth import LINEAR, growth

PIECES = st.lists(
    st.sampled_from(
        [
            "قال الوزير",
            ".",
            "؟",
            "!",
            "…",
            "..",
            " ",
            "\n",
            '"',
            "«",
            "»",
            "(",
            ")",
            "د.",
            "3.5",
            "ق.م",
            "2020 م.",
            "U.S.",
            "https://a.example/b.html",
            "،",
            "؛",
            "و",
            "\u06d4",
            'א"ב',
        ]
    ),
    max_size=25,
).map("".join)


@given(st.one_of(st.text(), PIECES), st.sampled_from(["ar", "fa", "ur", "he", "en"]))
def test_sentences_together_hold_the_whole_text(text: str, language: str):
    assert re.sub(r"\s+", "", "".join(split(text, language))) == re.sub(r"\s+", "", text)


@given(PIECES)
def test_spans_are_in_order_apart_and_without_space_around(text: str):
    found = spans(text)
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in found)
    assert all(one[1] <= other[0] for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("فتح الجسر صباحا. وعبرت السيارات.", 2),
        ("هل وصل القطار؟ نعم وصل!", 2),
        ("عاد الصيادون.وبدأ البيع في السوق.", 2),
        ("بلغ الارتفاع 3.5 متر أمس.", 1),
        ("زار د. سامي المستشفى أمس.", 1),
        ("كتب أ.د. نور بحثا جديدا.", 1),
        ("عاش في القرن الثالث ق.م. ثم نسي.", 2),
        ("ولد سنة 1920 م. في القرية.", 1),
        ("سنة 595 هـ. توفي الشاعر. ودفن هناك.", 2),
        ('قال: "سنعود غدا. لا تقلقوا." ثم خرج.', 2),
        ("قالت «وصلنا. نحن بخير» وأغلقت الهاتف.", 1),
        ("انتظروا… ثم رحلوا.", 2),
        ("جاء.. وذهب في يوم واحد.", 1),
        ("زر https://a.example/b.html اليوم.", 1),
        ("حضر المدير، والمعلمون؛ والطلاب.", 1),
        ("عنوان بلا نقطة\nثم فقرة.", 2),
        ("1. افتح الباب.", 1),
        ("انتهت المباراة (2-1). وفرح الجمهور.", 2),
        ("وقع الحادث في شارع رقم 5. ولم يصب أحد.", 2),
        ("قال م. فارس إن المشروع اكتمل.", 1),
        ("", 0),
        (" \n ", 0),
        ("...", 1),
    ],
)
def test_arabic_sentences_end_where_a_reader_stops(text: str, sentences: int):
    assert len(split(text)) == sentences


@pytest.mark.parametrize(
    ("language", "text", "sentences"),
    [
        ("en", "Dr. Lane met Mr. Poe at 5 p.m. in St. Ives. They talked.", 2),
        ("en", "The U.S. team won 3.5 points. The crowd left.", 2),
        ("en", "Is it open? Yes! It is...", 3),
        ("fa", "وزیر آمد. جلسه آغاز شد. آیا پایان یافت؟", 3),
        ("ur", "وزیر آئے\u06d4 اجلاس شروع ہوا\u06d4 کیا ختم ہوا؟", 3),
        ("ur", "ڈاکٹر م\u06d4 احمد نے بتایا\u06d4 سب خوش تھے\u06d4", 2),
        ("he", 'ד"ר מ. כהן אמר. כולם הקשיבו.', 2),
        ("he", 'צה"ל הודיע על כך. השר הגיע. האם ידע?', 3),
    ],
)
def test_other_languages_end_their_sentences_their_own_way(language: str, text: str, sentences: int):
    assert len(split(text, language)) == sentences


@pytest.mark.parametrize(
    "piece", [".", "د.", '"', "«", "(", "أ.", "1.", "a.", "\n", "؟!", "قال. ", '" . ', "«.»", "…", "A.B."]
)
def test_hostile_punctuation_takes_time_that_grows_with_its_length(piece: str):
    assert growth(split, piece, 2000) <= LINEAR
