"""No stays no, and yes stays yes."""

import pytest

from digest.summarize.guard.negation import negation_changed

OPENED = "افتتحت هيئة الطرق جسر المرفأ أمام السيارات صباح الخميس."
CLOSED = "لم تفتتح هيئة الطرق جسر المرفأ بسبب العاصفة."
WAGES = "قال الوزير إن الحكومة لن ترفع الأجور هذا العام، ولا توجد خطط لبيع الميناء."


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("لم تفتتح هيئة الطرق جسر المرفأ أمام السيارات", OPENED),
        ("هيئة الطرق لن تفتتح جسر المرفأ أمام السيارات", OPENED),
        ("افتتحت هيئة الطرق جسر المرفأ رغم العاصفة", CLOSED),
        ("الحكومة ترفع الأجور هذا العام", WAGES),
        ("توجد خطط لبيع الميناء", WAGES),
        ("قرار قانوني للمجلس", "وصف القاضي القرار بأنه غير قانوني ورده إلى المجلس."),
        ("عبرت السفينة القناة مع حمولة كبيرة وحراسة", "عبرت السفينة القناة بدون حراسة وحمولتها كبيرة."),
        ("ليست الحكومة مسؤولة عن الحادث", "قال القاضي إن الحكومة مسؤولة عن الحادث."),
        ("الوزير يؤكد زيارة المرفأ غدا", "نفى الوزير أنباء عن زيارة المرفأ غدا."),
        ("النقابة تقبل عرض الإدارة الجديد", "رفضت النقابة عرض الإدارة الجديد بعد اجتماع طويل."),
        ("لم يعلن الحاكم حالة الطوارئ", "أمطرت السماء ثلاثة أيام على الساحل كله."),
    ],
)
def test_a_negation_that_came_or_went_is_caught(sentence: str, source: str):
    assert negation_changed(sentence, [source])


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("جسر المرفأ لم يفتتح بعد", CLOSED),
        ("هيئة الطرق رفضت افتتاح جسر المرفأ", CLOSED),
        ("الحكومة لا تعتزم رفع الأجور", WAGES),
        ("نفى الوزير وجود خطط لبيع الميناء", WAGES),
        ("لا يزال جسر المرفأ أمام السيارات", OPENED),
        ("عبرت السفينة في موعد غير متوقع", "عبرت السفينة القناة في موعد فاجأ الحراس."),
        ("لا يقل عدد السيارات عن مئة", "عبرت مئة سيارة على الأقل جسر المرفأ."),
        ("لم يحضر سوى ثلاثة لاعبين", "حضر ثلاثة لاعبين فقط إلى الملعب."),
        ("لن يسافر الفريق قبل الأحد", "قال المدرب: لا سفر قبل الأحد، والفريق باق في المدينة."),
        ("قرر المجلس عدم نشر التقرير", "رفض المجلس نشر التقرير الأخير."),
        ("الوزير يؤكد زيارة المرفأ غدا", "أكد الوزير زيارة المرفأ غدا ونفى إلغاءها."),
    ],
)
def test_what_the_source_says_in_other_words_passes(sentence: str, source: str):
    assert not negation_changed(sentence, [source])


def test_another_source_may_say_what_one_denies():
    assert not negation_changed(
        "فتحت الهيئة جسر المرفأ", ["لم تفتح الهيئة جسر المرفأ أمس.", "فتحت الهيئة جسر المرفأ اليوم."]
    )


@pytest.mark.parametrize(
    ("language", "says", "denies"),
    [
        ("fa", "پل بندر امروز گشوده می‌شود.", "پل بندر امروز گشوده نمی‌شود."),
        ("ur", "پل آج کھل گیا ہے۔", "پل آج نہیں کھلا ہے۔"),
        ("he", "הגשר נפתח הבוקר לתנועה.", "הגשר לא נפתח הבוקר לתנועה."),
        ("en", "The bridge was opened to cars.", "The bridge wasn't opened to cars."),
    ],
)
def test_other_languages_know_whether_a_sentence_negates(language: str, says: str, denies: str):
    assert negation_changed(says, [denies], language)
    assert negation_changed(denies, [says], language)
    assert not negation_changed(says, [says], language)
    assert not negation_changed(denies, [denies], language)
