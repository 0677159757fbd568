"""Facts that tell two like events apart."""

import pytest

from digest.curate.events.evidence import NOTHING, contradict, evidence_of


def apart(first: str, second: str) -> bool:
    return contradict(evidence_of(first), evidence_of(second))


def test_two_quakes_of_other_magnitudes_are_two_events():
    assert apart("زلزال بقوة 6.3 درجات يهز جزيرة نوران", "زلزال جديد بقوة ٦٫٩ يضرب جزيرة نوران")


def test_a_revised_magnitude_is_the_same_quake():
    assert not apart("زلزال بقوة 6.3 درجات يهز نوران", "زلزال شدته 6.4 درجات في نوران")


def test_a_quake_without_a_magnitude_contradicts_nothing():
    assert not apart("زلزال عنيف يضرب جزيرة نوران", "زلزال بقوة 6.3 في نوران")


def test_counts_that_move_contradict_nothing():
    assert not apart("انتشال 11 جثة قبالة ساحل المرجان", "انتشال جثث 35 مهاجرا قبالة ساحل المرجان")


def test_a_preview_and_the_result_are_two_events():
    assert apart(
        "نسور الواحة يواجه فريق الميناء في نهائي كأس الشتاء",
        "نسور الواحة يفوز على فريق الميناء ويحرز كأس الشتاء",
    )


def test_two_results_are_two_matches():
    assert apart("نسور الواحة يهزم الميناء 3-1 في الدوري", "نسور الواحة يهزم الميناء 2-صفر في الدوري")


def test_the_sides_of_a_result_may_be_named_in_any_order():
    assert not apart("الميناء يخسر 1-3 أمام نسور الواحة في الدوري", "نسور الواحة يهزم الميناء 3-1 في الدوري")


@pytest.mark.parametrize(
    "text", ["", "ارتفاع أسعار القمح 3-5 بالمئة", "الوزير يلتقي نظيره في العاصمة", "GOAL"]
)
def test_other_news_has_no_evidence(text: str):
    assert evidence_of(text) == NOTHING
