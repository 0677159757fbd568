"""What titles say of a story's weight."""

import pytest

from digest.curate.ranking.news_value import CONSEQUENCE, NO_NEWS, value_of
from tests.unit.curate.telling import told


def reasons(*titles: str) -> list[str]:
    return [reason for reason, _ in value_of([told("المرفأ", title, "نص.") for title in titles])]


@pytest.mark.parametrize(
    "title",
    [
        "كاردينا تفرض عقوبات على مصرف سرهاد",
        "نتائج الانتخابات في تلدارين تؤجل إلى الأحد",
        "مقتل ستة في انفجار مخزن بمرسى الزاب",
        "البنك المركزي: التضخم عند تسعة بالمئة",
        "النسورا يحرز لقب الدوري للمرة الثالثة",
    ],
)
def test_what_is_of_consequence_weighs_more(title: str):
    assert reasons(title) == [CONSEQUENCE]


@pytest.mark.parametrize(
    "title",
    [
        "لماذا تغلق مقاهي سرهاد أبوابها مبكرا؟",
        "ريبورتاج: يوم في سوق السمك",
        "حصريا.. حوار مع مخرج المسلسل",
        "شاهد لحظة وصول القافلة",
        "إنفوغرافيك: المدينة في أرقام",
    ],
)
def test_questions_views_and_pictures_weigh_less(title: str):
    assert reasons(title) == [NO_NEWS]


def test_one_title_that_tells_the_news_makes_it_news():
    assert reasons("كيف انهار الجسر؟", "الجسر ينهار في سرهاد") == []


def test_one_title_of_many_does_not_make_consequence():
    assert reasons("معرض الكتاب يفتح أبوابه", "الكتب تعود", "إقبال على المعرض", "قتلى في رواية جديدة") == []


def test_kinds_of_consequence_count_twice_at_most():
    (share,) = [
        share
        for _, share in value_of(
            [told("س", "مقتل رئيس الحكومة الجديدة في هجوم وعقوبات وحرب وانتخابات والليرة تهوي", "نص.")]
        )
    ]
    assert share == pytest.approx(1.2)


def test_nothing_has_no_value():
    assert value_of([]) == ()
