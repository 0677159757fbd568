"""A sentence that stands alone does not begin with the «و» that tied it to another."""

import pytest

from digest.text.words.conjunction import without_conjunction


@pytest.mark.parametrize(
    ("tied", "free"),
    [
        ("وبحسب النتائج النهائية، فاز حزب الوفاق.", "بحسب النتائج النهائية، فاز حزب الوفاق."),
        ("وذكرت صحف سرهاد أن الجسر أغلق.", "ذكرت صحف سرهاد أن الجسر أغلق."),
        ("والمصابون هم ثلاثة عمال من الميناء.", "المصابون هم ثلاثة عمال من الميناء."),
        ("وسيصبح الميناء أكبر موانئ الإقليم.", "سيصبح الميناء أكبر موانئ الإقليم."),
        ("وفي سرهاد، أغلق السوق.", "في سرهاد، أغلق السوق."),
    ],
)
def test_the_conjunction_goes(tied: str, free: str):
    assert without_conjunction(tied) == free


@pytest.mark.parametrize(
    "whole",
    [
        "وقع زلزال في تلدارين فجر الأحد.",
        "وصل رئيس الوزراء إلى سرهاد.",
        "والدة اللاعب تصل إلى سرهاد.",
        "والي سرهاد يقيل مساعديه.",
        "وزير المالية يعرض الموازنة.",
        "وفد من كاردينا يزور الميناء.",
        "واصل العمال إضرابهم.",
        "قال الوزير إن الميناء فتح.",
        "A bridge opened.",
        "",
    ],
)
def test_a_word_that_begins_with_that_letter_stays(whole: str):
    assert without_conjunction(whole) == whole
