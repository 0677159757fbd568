"""Labels that are no titles, and the sentence that stands in for them."""

import pytest

from digest.collect.clean.titles import is_label, opening, shortened


@pytest.mark.parametrize(
    "title",
    ["", "عاجل", "🔴 عاجل |", "عاجل جدا!", "خبر عاجل:", "بالفيديو ..", "بالصور والفيديو", "#اقتصاد", "#مصر #رياضة", "🔥🔥", "—", "Breaking news", "LIVE", "https://marfa.example/1", "بدون عنوان", "Untitled"],
)  # fmt: skip
def test_labels_tell_no_news(title: str):
    assert is_label(title)


@pytest.mark.parametrize(
    "title",
    ["عاجل: زلزال قبالة الساحل", "#الأهلي يفوز", "أخبار", "صورة", "خبر", "2026", "فيديو يظهر الحريق", "Live from Cairo", "عاجلة قصوى"],
)  # fmt: skip
def test_titles_that_tell_something_are_no_labels(title: str):
    assert not is_label(title)


def test_the_first_sentence_that_tells_something_opens_a_text():
    assert opening(["عاجل |", "#المدينة", "فتحت البلدية الحديقة. وهي واسعة."]) == "فتحت البلدية الحديقة"
    assert opening(["🔴 #المدينة فتحت البلدية الحديقة الجديدة أمام الزوار صباح اليوم."]).startswith("فتحت")
    assert opening(["#الأهلي يفوز على ضيفه."]) == "#الأهلي يفوز على ضيفه"
    assert opening(["🔴", "عاجل"]) == ""


def test_a_long_sentence_is_cut_at_a_word():
    cut = shortened("كلمة " * 60)
    assert len(cut) <= 121
    assert cut.endswith("كلمة…")
