"""How many an event cost, and in which section it is shown."""

import pytest

from digest.curate.ranking.desks import desk
from digest.curate.ranking.tolls import new_toll, toll_of
from tests.unit.curate.telling import told


def counted(*titles: str) -> int:
    return toll_of([told("المرفأ", title, "نص.") for title in titles])


@pytest.mark.parametrize(
    ("title", "dead"),
    [
        ("ارتفاع الحصيلة إلى 19 قتيلا", 19),
        ("مقتل 7 في انهيار الجسر", 7),
        ("عشرات القتلى في حريق", 20),
        ("افتتاح السوق الجديد", 0),
        ("مقتل نحات عام 1998", 0),
    ],
)
def test_the_dead_are_counted(title: str, dead: int):
    assert counted(title) == dead


def test_the_middle_of_the_counts_is_believed():
    assert counted("مقتل 7 في انهيار", "9 قتلى في انهيار", "مقتل 700 في انهيار") == 9


def test_one_article_of_several_counts_for_nothing():
    assert counted("مقتل 7 في انهيار", "انهيار جسر في سرهاد") == 0


def test_the_dead_count_for_the_event_and_not_for_what_others_make_of_it():
    assert counted("مجلس الأمن يجتمع بعد مقتل 60 في سرهاد", "كاردينا تدين مقتل 60 في سرهاد") == 0
    assert counted("مقتل 60 في سرهاد ومجلس الأمن يجتمع", "60 قتيلا في سرهاد وكاردينا تدين") == 60


@pytest.mark.parametrize(
    ("section", "title", "shown"),
    [
        ("technology", "أطباء: لقاح السكري الجديد آمن", "health"),
        ("politics", "حريق كبير في سوق المدينة", "disasters"),
        ("politics", "حريق بعد قصف على المدينة", "politics"),
        ("politics", "الحكومة الألمانية تستقيل", "world"),
        ("politics", "الحكومة اللبنانية تستقيل", "politics"),
        ("sport", "حريق في ملعب النسورا", "sport"),
        ("politics", "سيول جارفة تغمر أحياء سرهاد", "disasters"),
        ("politics", "سيول وواشنطن تبحثان القمة مع كوريا الشمالية", "world"),
        ("politics", "سيول: بيونغ يانغ ترفض زيارة الصحفيين", "world"),
        ("politics", "كرة القدم: الفنارين يحرز لقب الدوري الأوروبي", "sport"),
        ("politics", "الأرز يعين زياد الصخري مديرا فنيا خلفا لباسل الحوراني", "sport"),
        ("politics", "رحيل مؤرخ المدن رامي الحجري عن مئة عام", "culture"),
        ("politics", "وفاة وزير الخارجية الأسبق", "politics"),
        ("economy", "قمة أوروبية في صوفيا لبحث الملف النووي", "world"),
        ("economy", "قمة أوروبية في صوفيا لبحث الرسوم الجمركية", "economy"),
        ("economy", "سرقة مليون دولار من متحف سرهاد", "disasters"),
        ("politics", "هجوم على حافلة منتخب تلدارين قبل كأس العالم", "politics"),
    ],
)
def test_words_choose_a_nearer_section(section: str, title: str, shown: str):
    assert desk(section, title, "") == shown


def test_a_count_that_no_earlier_article_gave_is_new():
    before, now = (
        told("المرفأ", "مقتل 7 في انهيار", "نص.", hours=20),
        told("الأفق", "19 قتيلا في انهيار", "نص."),
    )
    assert new_toll([now], [before]) == 19
    assert new_toll([before], [now]) == 0
    assert new_toll([told("الأفق", "رفع الركام", "نص.")], [before]) == 0
