"""Stories of one event in other words become one topic; others do not."""

import pytest

from digest.curate.events.sequels import is_answer
from digest.curate.events.topics import sides, topics
from digest.model import Article
from tests.unit.curate.telling import BRIDGE, BUDGET, told

STRIKE = (
    ("المرفأ", "عمال ميناء دلمونيا يبدأون إضرابا مفتوحا", "بدأ عمال ميناء دلمونيا إضرابا مفتوحا احتجاجا على تأخر الأجور."),
    ("الأفق", "إضراب في دلمونيا يوقف تفريغ السفن بالميناء", "توقف تفريغ السفن في ميناء دلمونيا بعد إضراب العمال احتجاجا على الأجور."),
)  # fmt: skip


def test_stories_that_other_words_kept_apart_are_joined():
    groups = [(told(*STRIKE[0]),), (told(*STRIKE[1]),), (told(*BRIDGE[0]),)]
    assert sorted(map(sorted, topics(groups))) == [[0, 1], [2]]


def test_other_events_stay_apart():
    groups = [(told(*BRIDGE[0]),), (told(*BUDGET[0]),), (told(*STRIKE[0]),)]
    assert sorted(topics(groups)) == [(0,), (1,), (2,)]


def test_the_story_of_most_outlets_comes_first():
    groups = [(told(*BRIDGE[0]),), (told(*BRIDGE[1]), told(*BRIDGE[2]))]
    assert topics(groups) == [(1, 0)]


def test_every_story_stands_in_one_topic():
    groups = [(told(*one),) for one in (*BRIDGE, *BUDGET, *STRIKE)]
    assert sorted(place for topic in topics(groups) for place in topic) == list(range(len(groups)))


def test_nothing_has_no_topics():
    assert topics([]) == []


REACTIONS = (
    ("المرفأ", "كاردينا تدين التصعيد في فنزويلا", "أدانت حكومة كاردينا بشدة ما يجري في فنزويلا ووصفته بالتصعيد الخطير."),
    ("الأفق", "دلمونيا تحمل جماعة النسر مسؤولية مقتل عشرات في فنزويلا", "قال متحدث في دلمونيا إن جماعة النسر وحدها تتحمل ما جرى."),
    ("الضحى", "سرهاد تدين غلاء الخبز في كاردينا", "أدان مجلس سرهاد رفع سعر الخبز ودعا الأفران إلى العدول عنه."),
)  # fmt: skip
ATTACK = (
    ("المرفأ", "تفجير في مقر شرطة ثاني مدن تنزانيا", "قتل شرطي في تفجير استهدف مقر الشرطة في زنجبار ثاني أكبر مدن تنزانيا فجر الاثنين."),
    ("الأفق", "جماعة النسر تعلن مسؤوليتها عن تفجير تنزانيا", "قالت جماعة النسر في تسجيل بثته مساء الاثنين إن أحد رجالها نفذ ما جرى في زنجبار."),
    ("الضحى", "هجوم على كنيسة في الشيشان", "قتل حارس كنيسة في هجوم بالسكاكين فجر الاثنين وقالت الشرطة إنها أوقفت المهاجم."),
)  # fmt: skip
# A day in which a place is rare.
OTHERS = tuple(
    (
        "المرفأ",
        f"خبر {word} من السوق",
        f"بيع في سوق الميناء اليوم {word} كثير وعاد التجار إلى بيوتهم قبل الظهر.",
    )
    for word in ("الزيتون", "السمك", "القمح", "الصوف", "العسل", "الملح", "التمر", "الحرير", "الفحم", "الرمان")
)


def matters(*articles: tuple[str, str, str], hours: tuple[float, ...] = (3.0, 3.0, 3.0)) -> list[list[int]]:
    told_by = [(told(*one, hours=at),) for one, at in zip(articles, hours, strict=True)]
    found = sides([*told_by, *((told(*one),) for one in OTHERS)])
    return [list(places) for places in found if min(places) < len(articles)]


def test_reactions_to_one_thing_are_one_matter_whoever_reacts():
    assert matters(*REACTIONS) == [[0, 1], [2]]


def test_statements_on_one_thing_are_one_matter():
    said = (
        (
            "المرفأ",
            "رامي الحجري: افتتاح سفارة كاردينا في فنزويلا نكبة",
            "قال الحجري إن ما جرى اليوم لا يغتفر.",
        ),
        ("الأفق", "باسل الحوراني: افتتاح سفارة كاردينا في فنزويلا وعد", "قال الحوراني إن الرئيس وعد فأوفى."),
        ("الضحى", "زياد الصخري: الخبز لن يرتفع سعره", "قال الصخري إن القمح يكفي حتى الصيف."),
    )
    assert matters(*said) == [[0, 1], [2]]


def test_a_place_or_an_occasion_before_a_colon_says_nothing():
    said = (
        ("المرفأ", "فنزويلا: مدينة الساحل تدعو إلى وضع حد للغلاء", "دعت بلدية الساحل إلى رقابة الأسواق."),
        ("الأفق", "مهرجان الساحل: مخرجة تدعو إلى وضع حد للحروب", "قالت المخرجة إن الأطفال يدفعون الثمن."),
    )
    assert matters(*said, hours=(3.0, 3.0)) == [[0], [1]]
    spoken = [(outlet, f"رامي الحجري:{title.partition(':')[2]}", text) for outlet, title, text in said]
    assert matters(*spoken, hours=(3.0, 3.0)) == [[0, 1]]


def test_who_claims_an_attack_is_told_with_it_and_another_attack_is_not():
    assert matters(*ATTACK, hours=(15.0, 3.0, 15.0)) == [[0, 1], [2]]


FIRST_RESULTS = (
    (
        "المرفأ",
        "رامي الحجري يتصدر انتخابات تلدارين",
        "تصدر رامي الحجري النتائج الأولى للانتخابات في تلدارين متقدما على رئيس الحكومة.",
    ),
    (
        "الأفق",
        "النتائج الأولى لانتخابات تلدارين: الحجري في الصدارة",
        "أظهرت النتائج الأولى لانتخابات تلدارين أن رامي الحجري في الصدارة.",
    ),
)
LAST_RESULTS = (
    (
        "الضحى",
        "فوز رامي الحجري بانتخابات تلدارين",
        "أعلنت اللجنة النتائج النهائية لانتخابات تلدارين وفاز بها رامي الحجري بنصف المقاعد.",
    ),
    (
        "صدى الوادي",
        "الحجري يفوز رسميا بانتخابات تلدارين",
        "فاز رامي الحجري رسميا بانتخابات تلدارين بحسب النتائج النهائية.",
    ),
)
WEDDING = (
    (
        "المرفأ",
        "زفاف أمير كاردينا وعازفة القيثارة في القلعة",
        "تزوج أمير كاردينا عازفة قيثارة في قلعة المدينة أمام آلاف الناس.",
    ),
    (
        "الأفق",
        "أمير كاردينا يعقد زفاف العام على عازفة القيثارة",
        "عقد أمير كاردينا قرانه على عازفة قيثارة في القلعة.",
    ),
    (
        "الضحى",
        "عازفة القيثارة زوجة لأمير كاردينا في زفاف القلعة",
        "صارت العازفة زوجة للأمير بعد مراسم في القلعة.",
    ),
)
FEAST = (
    "صدى الوادي",
    "وليمة الزفاف الكبير تطعم الحي وعازفة القيثارة تشكر الطهاة",
    "بلغ ثمن الحلوى وحدها ما يبنى به بيت، ودفعت البلدية أجر الحراس.",
)
EXHIBITION = ("صدى الوادي", "معرض للورق في القلعة", "افتتح هواة الورق معرضا صغيرا يستمر يومين ودخوله مجاني للأطفال.")  # fmt: skip


def topics_of_a_week(*groups: tuple[Article, ...]) -> list[list[int]]:
    found = topics([*groups, *((told(*one, hours=50),) for one in OTHERS)], week=True)
    return sorted(sorted(places) for places in found if min(places) < len(groups))


def test_in_a_week_an_event_that_goes_on_for_days_is_one_topic():
    start = tuple(told(*one, hours=120) for one in FIRST_RESULTS)
    end = tuple(told(*one, hours=10) for one in LAST_RESULTS)
    assert topics_of_a_week(start, end) == [[0, 1]]
    assert sorted(topics([start, end])) == [(0,), (1,)]


def test_two_rare_words_of_its_titles_bring_a_weeks_sidelight_to_an_event():
    wedding = tuple(told(*one, hours=60) for one in WEDDING)
    feast, exhibition = (told(*FEAST, hours=110),), (told(*EXHIBITION, hours=110),)
    assert topics_of_a_week(wedding, feast, exhibition) == [[0, 1], [2]]


def test_what_one_outlet_alone_says_again_brings_no_sidelight():
    wedding = (told(*WEDDING[0], hours=60),)
    assert topics_of_a_week(wedding, (told(*FEAST, hours=110),)) == [[0], [1]]


def test_every_story_of_a_week_stands_in_one_topic():
    groups = [(told(*one, hours=30 * n),) for n, one in enumerate((*BRIDGE, *BUDGET, *FIRST_RESULTS))]
    assert sorted(place for topic in topics(groups, week=True) for place in topic) == list(range(len(groups)))


@pytest.mark.parametrize(
    ("title", "answers"),
    [
        ("كاردينا تدين مقتل 12 عاملا في سرهاد", True),
        ("مقتل 12 عاملا في سرهاد وكاردينا تدين", False),
        ("الأفق يطالب بتحقيق بعد مقتل 12 عاملا", True),
        ("اجتماع طارئ لمجلس الأمن إثر مقتل العشرات", True),
        ("انفجار في ميناء سرهاد والسلطات تحذر من تسرب", False),
        ("12 قتيلا في انفجار ميناء سرهاد", False),
        ("Ministers condemn the blast", False),
    ],
)
def test_what_a_title_tells_first_is_the_event_or_what_others_make_of_it(title: str, answers: bool):
    assert is_answer(title) is answers
