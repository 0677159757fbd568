"""Stories that arrived apart are put together by the average over their articles."""

from math import inf

from digest.curate.events.cluster import group
from digest.curate.events.likeness import print_of
from digest.curate.events.linking import linked
from digest.model import Article
from tests.unit.curate.telling import BRIDGE, BUDGET, told

REPORT = (
    told("المرفأ", "مرسالنا توقف 741 مليون حساب مزيف في ثلاثة أشهر", "كشفت مرسالنا عن حجم المنشورات المخالفة، وقالت إنها أوقفت مئات ملايين الحسابات منذ يناير."),
    told("الأفق", "حذف 741 مليون حساب من مرسالنا", "حذفت مرسالنا في الأشهر الماضية 741 مليون حساب تسلل أصحابها إليها بأسماء منتحلة."),
)  # fmt: skip


def places(*articles: Article, least: float = 0.5, far: float = 12.0) -> list[list[int]]:
    return linked([[print_of(one)] for one in articles], least=least, window=36 * 3600, far=far)


def test_one_report_in_other_words_is_one_story():
    assert len(group(REPORT)) == 1


def test_every_story_has_one_place():
    every = [told(*one) for one in (*BRIDGE, *BUDGET)]
    assert sorted(at for each in places(*every) for at in each) == list(range(len(every)))


def test_the_order_of_stories_has_no_part_in_it():
    every = [told(*one) for one in (*BRIDGE, *BUDGET)]
    turned = [[len(every) - 1 - at for at in each] for each in places(*reversed(every))]
    assert sorted(map(sorted, turned)) == sorted(places(*every))


def test_what_lies_far_apart_goes_on_with_an_event_and_does_not_tell_it():
    late = told(*BRIDGE[1], hours=20.0)
    assert places(told(*BRIDGE[0]), late) == [[0], [1]]
    assert places(told(*BRIDGE[0]), late, far=48.0) == [[0, 1]]


def test_stories_that_may_not_be_one_are_not_joined():
    prints = [[print_of(told(*one))] for one in BRIDGE[:2]]
    assert linked(prints, least=0.3) == [[0, 1]]
    assert linked(prints, least=0.3, beside=lambda *_: -inf) == [[0], [1]]


def test_two_bodies_that_decide_are_two_events():
    rights = told(
        "المرفأ",
        "مجلس حقوق الإنسان يرسل بعثة تحقيق إلى تلدارين",
        "صوت مجلس حقوق الإنسان على إرسال بعثة تحقيق دولية إلى تلدارين الجمعة.",
    )
    council = told("الأفق", "مجلس الأمن يبحث إرسال بعثة حماية إلى تلدارين", "يبحث مجلس الأمن الجمعة مشروع قرار بإرسال بعثة حماية دولية إلى تلدارين.")  # fmt: skip
    assert len(group([rights, council])) == 2


def test_two_clubs_that_part_with_their_coaches_are_two_events():
    first = told(
        "المرفأ",
        "نادي المرجانو يقيل مدربه هاني الدهشان",
        "أقال نادي المرجانو مدربه هاني الدهشان من منصبه بعد موسم أنهاه في المركز الثامن.",
    )
    second = told("الأفق", "سمير الملوحي يرحل عن تدريب نادي النسورا", "أعلن نادي النسورا رحيل مدربه سمير الملوحي عن منصبه بعد موسم أنهاه في المركز الثالث عشر.")  # fmt: skip
    assert len(group([first, second])) == 2
