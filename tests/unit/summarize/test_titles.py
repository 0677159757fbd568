"""What a title loses before it is a headline, and which title is plain."""

import pytest

from digest.summarize.extract import titles
from digest.summarize.extractive import summarize_event
from tests.builders import an_article

TELLS = "سقوط جسر المرفأ في النهر"


@pytest.mark.parametrize(
    "title",
    [
        f"عاجل | {TELLS}",
        f"#عاجل.. {TELLS}",
        f"🔴 عاجل {TELLS}",
        f"بالفيديو.. {TELLS}",
        f"{TELLS} (فيديو)",
        f"{TELLS} - صور",
        f"{TELLS} - صحيفة المرفأ",
        f"المرفأ: {TELLS}",
        f"{TELLS} | الأخبار | المرفأ",
        f"{TELLS} - الخميس 17 مايو 2018",
        f"17/5/2018 - {TELLS}",
        f"كرة القدم: {TELLS}",
        f"ريبورتاج: {TELLS}",
        "سقوط #جسر_المرفأ في النهر",
    ],
)
def test_a_headline_bears_no_label_no_outlet_no_date_and_no_hashtag(title: str):
    assert titles.cleaned(title, "صحيفة المرفأ") == TELLS


@pytest.mark.parametrize(
    "title",
    ["انتخابات الجبل في 12 مايو 2018", "إصابة سبعة في حريق - الجبل", "عاجل جدا", "بلد.. خبر من ثلاث كلمات"],
)
def test_what_a_title_needs_stays(title: str):
    assert titles.cleaned(title, "صحيفة المرفأ") == title


@pytest.mark.parametrize(
    "title",
    [
        "شاهد لحظة سقوط الجسر",
        "تعرّف على أغنى رجل في الجبل",
        "إليك ما قاله الوزير عن السمك",
        "هذه أبرز الأسماء المرشحة",
        "لهذه الأسباب أغلق الميناء",
        "لماذا ارتفع سعر السمك؟",
        "كيف سقط الجسر",
        "الوزير يستقيل!",
        "راتبه مليون دينار.. تعرف على السبب",
        "7 أسباب لارتفاع سعر السمك",
        "الميناء يغلق أبوابه..",
        "مقتطفات من حفل افتتاح الجسر",
    ],
)
def test_a_teaser_is_known(title: str):
    assert titles.teases(title)


@pytest.mark.parametrize(
    "title", [TELLS, "الجبل.. مقتل سبعة في انهيار منجم", "لم يفز النسور", "٧ قتلى في انهيار منجم"]
)
def test_a_title_that_tells_is_no_teaser(title: str):
    assert not titles.teases(title)


def test_the_plainest_title_wins_against_agreement_and_a_loud_one_stands_back():
    opening = "أقر مجلس المدينة رفع أجرة الحافلات في العاصمة عشرة بالمئة."
    said = (
        "شاهد رد مجلس المدينة على أجرة الحافلات في العاصمة",
        "صفعة لركاب الحافلات في العاصمة",
        "رفع الأجرة عشرة بالمئة",
    )
    told = summarize_event([an_article(title=one, paragraphs=[opening]) for one in said], max_words=40)
    assert told.headline == said[2]
    assert told.headline_article == 2


def test_where_all_tease_the_main_clause_of_an_opening_is_the_headline():
    opening = "رفع مجلس المدينة، الأربعاء، أجرة الحافلات في العاصمة عشرة بالمئة، وسط احتجاج الركاب."
    told = summarize_event(
        [an_article(title="شاهد ماذا فعل مجلس المدينة بالأجرة!", paragraphs=[opening])], max_words=40
    )
    assert told.headline == "رفع مجلس المدينة أجرة الحافلات في العاصمة عشرة بالمئة"
    assert not told.is_title


def test_a_clause_that_waits_for_its_main_one_is_no_headline():
    opening = "بعد انهيار السقف في سوق سرهاد، والذي جرح أربعة، نشرت البلدية تسجيلا يشرح ما حدث."
    teaser = "شاهد ما حدث في سوق سرهاد!"
    headline = summarize_event([an_article(title=teaser, paragraphs=[opening])], max_words=40).headline
    assert not headline.startswith("بعد")


def test_a_loud_word_in_somebodys_mouth_is_not_the_outlets():
    assert titles.is_loaded("صفعة مدوية لوزير المال")
    assert not titles.is_loaded("نائب يصف القرار بأنه «صفعة»")
