"""A summary has whole sentences of one event, the last toll, one value for a measure, and its background."""

import pytest

from digest.summarize import background, tolls
from digest.summarize.extract import clauses
from digest.summarize.extractive import summarize_event
from digest.summarize.tolls import Toll
from tests.builders import an_article, hours_ago

OPENS = "استقبل ميناء الفنار أول سفينة بعد إصلاح رصيفه الذي دام عاما كاملا."


def said(*paragraphs: str, title: str = "ميناء الفنار يستقبل أول سفينة", words: int = 60) -> list[str]:
    told = summarize_event([an_article(title=title, paragraphs=list(paragraphs))], max_words=words)
    return [one.text for one in told.summary.sentences]


@pytest.mark.parametrize(
    "cut",
    [
        "وقالت إدارة الميناء إن السفينة تحمل أربعين ألف طن من القمح،",
        "وقالت إدارة الميناء إن السفينة تحمل أربعين ألف طن من...",
        "وقالت إدارة الميناء إن السفينة تحمل أربعين ألف طن […]",
        "وقالت إدارة الميناء إن السفينة تحمل أربعين ألف طن",
    ],
)
def test_an_excerpt_loses_its_unfinished_end(cut: str):
    assert said(f"{OPENS} {cut}") == [OPENS]


def test_a_cut_sentence_that_stands_alone_is_told_as_far_as_it_is_a_whole():
    cut = "ارتفع سعر السمك في سوق الميناء إلى الضعف خلال شهر، بينما يتساءل الصيادون إن كان"
    assert said(cut) == ["ارتفع سعر السمك في سوق الميناء إلى الضعف خلال شهر"]


@pytest.mark.parametrize(
    "cut",
    [
        "في مؤتمر صحافي مشترك لوزيري الزراعة والنقل في ميناء الفنار،",
        "بعد تبني جماعة النسر، الأحد، عملية السطو التي جرت في الميناء السبت، وأدت إلى جرح حارس، بالإضافة إلى فرار المنفذ، والذي كشفت هويته،",
        "وفقا لما أعلنت إدارة ميناء الفنار في بيان نشرته صباح الأحد،",
    ],
)
def test_a_cut_sentence_whose_main_clause_was_cut_off_is_not_told(cut: str):
    assert said(cut) == []


def test_what_comes_before_the_main_clause_may_stand_before_it():
    cut = "بعد عام كامل من أعمال الإصلاح، استقبل ميناء الفنار أول سفينة محملة بالقمح،"
    assert said(cut) == [cut.rpartition("،")[0]]


def test_another_articles_title_between_the_paragraphs_is_not_told():
    stray = "الميناء يطرد عاملا بعد اتهامه بسرقة القمح"
    assert stray not in said(OPENS, stray, "وقالت إدارة الميناء إن الرصيف يتسع لسفينتين.")


@pytest.mark.parametrize(
    "lost",
    [
        "وثانيها منع الصيد ليلا في الخليج حتى نهاية الشهر.",
        "أولها وأهمها أن الرصيف القديم لم يعد يتسع.",
        "الكبرى وهي السفينة التي تلي سفن القمح حجما.",
        "هذا المقال منشور بالتعاون مع موقع الفنار للتوظيف.",
        "صوته تهادى من مذياع الميناء عند الفجر.",
        "وهنا نقدم لكم لحظة بلحظة وصول السفينة إلى الرصيف الجديد.",
        "تابعوا بث الميناء المباشر من الرصيف على موقعنا.",
        "يظهر هذا الفيديو لحظة دخول السفينة إلى الرصيف الجديد.",
        "في جولة الصحف نتوقف عند وصول السفينة وسعر القمح.",
        "لافتة إلى أن السفينة الثانية ستصل خلال يومين.",
        "حسب ما أعلنت إدارة الميناء الذي يقع شرق المدينة.",
        "واكتفى بالرد على أسئلة الصحفيين بنعم أو لا.",
    ],
)
def test_no_sentence_begins_with_what_it_does_not_name(lost: str):
    assert lost not in said(OPENS, "هل يكفي رصيف واحد؟", lost)


def test_a_sentence_of_another_event_is_not_told():
    other = "وسقط رونالدو مغشيا عليه في المدرجات قبل نهاية المباراة."
    articles = [an_article(title=f"ميناء الفنار يستقبل سفينة {n}", paragraphs=[OPENS]) for n in (1, 2)]
    articles.append(an_article(title="ميناء الفنار يفتح", paragraphs=[OPENS, other]))
    told = summarize_event(articles, max_words=60)
    assert other not in told.summary.text


def test_the_last_toll_is_told_and_no_earlier_one():
    early = an_article(
        title="انهيار منجم في الجبل يوقع قتلى",
        paragraphs=["قتل شخصان في انهيار منجم في الجبل صباح اليوم."],
        published_at=hours_ago(9),
    )
    late = an_article(
        title="ارتفاع عدد قتلى منجم الجبل",
        paragraphs=["ارتفع عدد قتلى انهيار المنجم في الجبل إلى ٥٢ قتيلا مساء اليوم."],
        published_at=hours_ago(1),
    )
    told = summarize_event([early, late], max_words=60)
    assert "٥٢" in told.summary.sentences[0].text
    assert "شخصان" not in told.summary.text


def test_a_number_that_is_bounded_below_is_overtaken_like_any_other():
    early = an_article(
        title="قتلى في مدرسة في سرهاد",
        paragraphs=["وقتل ما لا يقل عن ٨ أشخاص في مدرسة في سرهاد صباح اليوم."],
        published_at=hours_ago(2),
    )
    late = an_article(
        title="سقوط ١٠ قتلى في مدرسة في سرهاد",
        paragraphs=["أعلنت شرطة سرهاد أن تلميذا أطلق النار في مدرسته وسلم نفسه."],
        published_at=hours_ago(1),
    )
    told = summarize_event([late, early], max_words=60)
    assert told.headline == late.title
    assert "٨" not in told.summary.text


def test_the_opening_is_about_what_the_headline_says():
    articles = [
        an_article(
            title="مجلس سرهاد يقر موازنة العام",
            paragraphs=["أقر مجلس سرهاد موازنة العام المقبل بأغلبية صوتين."],
        ),
        an_article(
            title="مجلس سرهاد يقر الموازنة",
            paragraphs=["زار وفد من كاردينا مجلس البلدية، والتقى أعضاءه وتجول في قاعاته."],
        ),
        an_article(
            title="موازنة مجلس سرهاد",
            paragraphs=["زار وفد من كاردينا مجلس البلدية، والتقى أعضاءه في قاعاته الجديدة."],
        ),
    ]
    told = summarize_event(articles, max_words=20)
    assert told.summary.sentences[0].text.startswith("أقر مجلس سرهاد")


def test_what_was_ahead_hours_before_the_headline_is_not_told_under_it():
    morning = an_article(
        title="مواجهات في سرهاد",
        paragraphs=[
            "اندلعت مواجهات في سرهاد صباح الاثنين.",
            "وأغلقت الشرطة سوق سرهاد وحديقتها قبيل وصول وفد من كاردينا.",
        ],
        published_at=hours_ago(9),
    )
    evening = an_article(
        title="افتتاح جسر سرهاد وسط مواجهات",
        paragraphs=["افتتح محافظ سرهاد الجسر الجديد فوق النهر وسط مواجهات."],
        published_at=hours_ago(1),
    )
    assert "قبيل" not in summarize_event([evening, morning], max_words=80).summary.text
    same_hour = evening.model_copy(update={"published_at": hours_ago(9)})
    assert "قبيل" in summarize_event([same_hour, morning], max_words=80).summary.text


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("قتل شخصان في الجبل", [Toll("dead", 2)]),
        ("مقتل عشرات في انهيار منجم", [Toll("dead", 20, exact=False)]),
        ("قتل ٥٢ شخصا بينهم ٧ أطفال", [Toll("dead", 52)]),
        ("ارتفع عدد قتلى الانهيار إلى تسعة عشر شخصا", [Toll("dead", 19)]),
        ("ارتفاع الحصيلة إلى 110 قتلى و3 جرحى", [Toll("dead", 110), Toll("injured", 3)]),
        ("وقتل ما لا يقل عن ٨ أشخاص في مدرسة", [Toll("dead", 8)]),
        ("مقتل أكثر من ٤٠ في انهيار", [Toll("dead", 40)]),
        ("تراجع عدد القتلى ٤٠ في المئة", []),
        ("سقوط عدد من القتلى في مدرسة", [Toll("dead", 2, exact=False)]),
        ("مقتل أربعة انتحاريين في هجوم", []),
        ("قتل مدير المنجم قبل ٣ أيام", []),
    ],
)
def test_tolls_are_read(text: str, known: list[Toll]):
    assert tolls.tolls(text) == known


def test_one_measure_has_one_value():
    one = "هبط معدل البطالة في الساحل إلى ١٠ بالمئة في الربع الأول مقابل ١٢ بالمئة قبل عام."
    other = "بلغ معدل البطالة في الساحل ١١٫٣ بالمئة في الربع الأول من العام الماضي."
    assert tolls.conflict(one, other)
    assert not tolls.conflict(one, one)
    assert not tolls.conflict(one, "رفع البنك سعر الفائدة إلى ٤ بالمئة.")


def test_the_background_is_told_where_there_is_room():
    why = "ومن المتوقع أن يخفض الميناء بذلك كلفة الشحن عشرين بالمئة."
    filler = [
        "زار الميناء وفد من تلدارين والتقى مديره في مكتبه.",
        "تحمل الباخرة قمحا مستوردا من كاردينا لمطاحن الساحل.",
        "عزفت فرقة الشرطة ألحانا قديمة أمام الحضور.",
    ]
    assert said(OPENS, *filler, why) == [OPENS, filler[0], why]
    assert said(OPENS, *filler, "ثم عاد الوفد من الميناء إلى مدينته.") == [OPENS, *filler[:2]]


def test_a_main_clause_is_whole_or_none():
    assert clauses.main_clause("قال البنك المركزي، اليوم الاثنين، إن العجز ارتفع إلى الضعف، بحسب بيان.") == (
        "قال البنك المركزي إن العجز ارتفع إلى الضعف"
    )
    assert clauses.main_clause("أعلن الوزير عن " + "كلمة " * 30 + "أخيرة.") == ""


def test_where_many_died_the_headline_counts_them():
    titles = (
        "تحطم طائرة بعد إقلاعها من مطار سرهاد",
        "أكثر من ٤٠ قتيلا في تحطم طائرة بمطار سرهاد",
        "سرهاد.. سقوط طائرة ركاب",
    )
    crash = "تحطمت طائرة ركاب بعد إقلاعها من مطار سرهاد، وقتل ٤٠ شخصا كانوا على متنها."
    articles = [
        an_article(title=title, url=f"https://n.example/{n}", paragraphs=[crash], published_at=hours_ago(3))
        for n, title in enumerate(titles)
    ]
    assert summarize_event(articles, max_words=60).headline == titles[1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "قتل ٥٥ عاملا في انفجار مستودع الأسمدة في ميناء سرهاد.",
            "وصف الوزير انفجار مستودع الأسمدة في ميناء سرهاد، الذي قتل ٦٠ عاملا، بالكارثة.",
        )
    ],
)
def test_two_counts_of_the_dead_of_one_event_exclude_each_other(one: str, other: str):
    assert tolls.conflict(one, other)
    assert not tolls.conflict(one, "قتل ٦٠ جنديا في معارك على حدود تلدارين فجر الأحد.")
    assert not tolls.conflict(one, one.replace("٥٥ عاملا", "٥٥ عاملا وأصيب ٦٠"))


@pytest.mark.parametrize(
    ("sentence", "explains"),
    [
        ("وأغلق الميناء بسبب الرياح التي بلغت أربعين عقدة.", True),
        ("ومن المتوقع أن يخفض الرصيف كلفة الشحن.", True),
        ("وتصاعد دخان أسود كثيف عقب سقوط الطائرة.", False),
        ("ووصل المحافظ بعد أن غادرت السفينة.", False),
    ],
)
def test_what_only_came_after_is_no_cause(sentence: str, explains: bool):
    assert background.explains(sentence) is explains
