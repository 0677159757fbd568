"""The headline and the first sentence tell one thing; what follows says more; nothing leans on what is not
there.
"""

import pytest

from digest.summarize import tolls
from digest.summarize.extract import clauses, rules, titles
from digest.summarize.extractive import summarize_event
from digest.summarize.protocol import EventSummary
from tests.builders import an_article, hours_ago

OPENS = "استقبل ميناء الفنار أول سفينة بعد إصلاح رصيفه الذي دام عاما كاملا."
TITLE = "ميناء الفنار يستقبل أول سفينة"


def told(*articles: tuple[str, list[str]], words: int = 60) -> EventSummary:
    return summarize_event(
        [
            an_article(title=title, paragraphs=paragraphs, published_at=hours_ago(2 + place / 10))
            for place, (title, paragraphs) in enumerate(articles)
        ],
        max_words=words,
    )


def sentences(summary: EventSummary) -> list[str]:
    return [one.text for one in summary.summary.sentences]


def test_the_opening_of_another_outlet_that_is_half_new_words_tells_the_event_once_more():
    again = (
        "أفادت مصادر متطابقة أن سفينة تابعة لشركة البحار السبعة دخلت الاثنين ميناء الفنار بعد إصلاح رصيفه."
    )
    more = "وتحمل السفينة أربعين ألف طن من القمح المستورد."
    assert sentences(told((TITLE, [OPENS]), (TITLE, [again, more]))) == [OPENS, more]


def test_a_paragraph_that_tells_its_own_article_once_more_is_passed_over():
    again = "وقالت إدارة ميناء الفنار إن أول سفينة دخلته بعد إصلاح رصيفه الذي دام عاما."
    more = "وتحمل السفينة أربعين ألف طن من القمح المستورد."
    assert sentences(told((TITLE, [OPENS, again, more]))) == [OPENS, more]


def test_of_equal_titles_the_one_that_the_first_sentence_tells_is_the_headline():
    first = "أعلن عمال ميناء الفنار إضرابا ليومين في النهار."
    further = "تراجعت أجور النقابة في المدينة بعد أزمة المصرف."
    beside, of_it = "أجور النقابة في المدينة بعد أزمة المصرف", "عمال ميناء الفنار: إضرابا ليومين في النهار"
    summary = told(*((title, [first, further]) for title in (beside, of_it, "أزمة ميناء المدينة")))
    assert summary.headline == of_it


def test_a_headline_is_told_by_its_own_article_where_the_agreed_opening_says_nothing_of_it():
    blames = "شركة البناء تحمّل بلدية سرهاد مسؤولية انهيار السقف في السوق القديم."
    frame = "أدانت {} ما جرى في سرهاد من انهيار السقف وتأخر البلدية في إنقاذ العمال."
    summary = told(
        ("شركة البناء تحمّل بلدية سرهاد مسؤولية انهيار السقف", [blames]),
        ("شاهد ما قالته تلدارين", [frame.format("تلدارين")]),
        ("شاهد ما قالته كاردينا", [frame.format("كاردينا")]),
    )
    assert sentences(summary)[0] == blames


@pytest.mark.parametrize(
    ("bound", "now", "stale"),
    [("أكثر من 50 قتيلا", 55, False), ("أكثر من 50 قتيلا", 62, True), ("50 قتيلا", 55, True)],
)
def test_a_round_bound_is_overtaken_only_by_the_next_round_number(bound: str, now: int, stale: bool):
    assert tolls.is_stale(f"سقط {bound} في الانهيار", {"dead": tolls.Toll("dead", now)}) is stale


def test_the_headlines_own_opening_with_a_round_bound_stays_before_another_event_with_the_count():
    blames = "حمّلت شركة البناء بلدية سرهاد مسؤولية مقتل أكثر من 50 عاملا في انهيار السقف."
    frame = "استدعت {} سفيرها لدى سرهاد بعد انهيار السقف الذي قتل فيه 55 عاملا."
    summary = told(
        ("شركة البناء تحمّل بلدية سرهاد مسؤولية مقتل عشرات العمال", [blames]),
        ("شاهد ما قالته تلدارين", [frame.format("تلدارين")]),
        ("شاهد ما قالته كاردينا", [frame.format("كاردينا")]),
    )
    assert sentences(summary)[0] == blames


def test_more_than_fifty_and_fifty_five_are_one_count():
    one = "قتل أكثر من 50 شخصا في انهيار سقف سوق مدينة سرهاد صباح الأحد"
    assert not tolls.conflict(one, one.replace("أكثر من 50", "55"))
    assert tolls.conflict(one, one.replace("أكثر من 50", "72"))


@pytest.mark.parametrize(
    ("sentence", "clause"),
    [
        (
            "لا تزال آثار العاصفة في سرهاد، التي ضربتها في السادس من مايو، تعطل حركة القطارات، لا سيما في الشمال.",
            "لا تزال آثار العاصفة في سرهاد تعطل حركة القطارات",
        ),
        ("نجح نادي الفنار، ونادي الجبل معه، في بلوغ الدور الثاني من كأس الإقليم.", ""),
        ('نجح حزب "الرابطة"، و"حركة النجوم" المعارضة، في التوصل إلى اتفاق على الحكومة.', ""),
        (
            "يشارك المخرج سامر العلي بفيلمه الثاني في مهرجان كان، ويتطرق فيه إلى الهجرة.",
            "يشارك المخرج سامر العلي بفيلمه الثاني في مهرجان كان",
        ),
        (
            "نشر ناشطون في تلدارين لقطات مصورة تظهر حجم المواجهات المستمرة بين مئات المحتجين وقوات الأمن في جنوب البلاد منذ أيام عدة، والتي جرح فيها كثيرون.",
            "نشر ناشطون في تلدارين لقطات مصورة تظهر حجم المواجهات المستمرة بين مئات المحتجين وقوات الأمن في جنوب البلاد",
        ),
    ],
)
def test_a_clause_is_whole_without_its_asides(sentence: str, clause: str):
    assert clauses.main_clause(sentence) == clause


@pytest.mark.parametrize(
    "sentence",
    [
        "فهذا التحالف لن يحصل على الأغلبية.",
        "إلى ذلك، كرر ما كان أعلنه سابقا.",
        "إلى جانب ذلك، جمدت تلدارين الواردات.",
        "وفي وقت لاحق، اعتذر عن كلامه.",
        "وقال أيضا: «يجب أن نراعي ذلك».",
        "وجاء في البيان أن المصرف يراقب الأسعار.",
        "وأوضح البيان أن القوات عثرت على بنادق.",
        "وأفادت المصادر بأن الطريق أغلق.",
        "وقال الوزير إن الميناء يعمل.",
        "إذ أفادت مصادر حزبية أنه غادر.",
    ],
)
def test_what_names_nobody_leans_on_the_sentence_before_it(sentence: str):
    assert rules.leans(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "حصل فيلم النهر على الجائزة الكبرى.",
        "قال الرئيس اليوناني، في خطاب، إن الميناء يعمل.",
        "وقال الوزير الأول إن الميناء يعمل.",
        "وأكد المتحدث باسم الجيش أن الطريق أغلق.",
    ],
)
def test_what_names_who_did_it_stands_alone(sentence: str):
    assert not rules.leans(sentence)


def test_a_correspondent_who_asks_is_no_news_behind_a_front_either():
    line = "في ضوء افتتاح الجسر، مراسل إذاعة سرهاد لشؤون النقل يطرح تساؤلات عن كلفته."
    assert rules.refusal(line, 12) == "reference"


def test_a_summary_does_not_begin_with_what_was_tied_to_another_sentence():
    tied = "وحصل الميناء على قرض من مصرف الإقليم لإصلاح رصيفه."
    summary = told((TITLE, ["كما استقبل الميناء وفدا.", tied, "دشنت بلدية الفنار رصيفا جديدا أمس."]))
    assert sentences(summary)[0] == "دشنت بلدية الفنار رصيفا جديدا أمس."


def test_a_headline_made_of_a_sentence_is_not_followed_by_the_same_sentence():
    first = "قررت بلدية الفنار إغلاق السوق القديم ليومين لإصلاح سقفه."
    then = "وتقع في الحي المجاور ثلاث مدارس تعطلت أمس."
    summary = told(("لماذا أغلق السوق؟", [first, then]))
    assert summary.headline == first.rstrip(".")
    assert sentences(summary) == [then]
    assert sentences(told(("لماذا أغلق السوق؟", [first]))) == [first]


def test_why_it_matters_speaks_of_what_the_headline_says():
    about = "وسيؤدي استقبال السفينة في ميناء الفنار إلى خفض كلفة الشحن."
    beside = "ومن المتوقع أن تغلق سفينة أخرى موسم الصيد غدا."
    filler = [
        "وتحمل الباخرة أربعين ألف طن من القمح.",
        "وحضر الحفل مئات العمال وأسرهم.",
        "وعزفت فرقة الشرطة ألحانا قديمة.",
    ]
    assert told((TITLE, [OPENS, *filler, beside]), words=12).why is None
    why = told((TITLE, [OPENS, *filler, about]), words=12).why
    assert why is not None
    assert why.text == about


def test_an_exclamation_mark_alone_makes_no_teaser_and_is_left_out():
    assert (
        told(("سفينة القمح تصل متأخرة إلى الفنار!", [OPENS])).headline == "سفينة القمح تصل متأخرة إلى الفنار"
    )
    other = ("سفينة تصل أخيرا إلى ميناء الفنار", [OPENS])
    assert told(("سفينة القمح تصل متأخرة إلى الفنار!", [OPENS]), other).headline == other[0]


def test_an_agency_s_label_is_left_out_and_a_paper_that_claims_something_stays():
    assert titles.cleaned("وام: وفاة جندي في حادث سير") == "وفاة جندي في حادث سير"
    assert titles.cleaned("صحيفة تلدارين: الحكومة تستقيل غدا") == "صحيفة تلدارين: الحكومة تستقيل غدا"


def test_a_lone_and_stands_with_its_word():
    assert titles.cleaned("الفنار يدافع و لا يهاجم") == "الفنار يدافع ولا يهاجم"


@pytest.mark.parametrize(
    "title",
    ["القمر الصناعي يكشف حقيقة ما يجري في الميناء", "خبراء يكشفون لغز السفينة", "الجبل على موعد مع التاريخ"],
)
def test_a_riddle_is_a_teaser(title: str):
    assert titles.teases(title)


def test_a_title_with_a_word_that_no_text_has_stands_back():
    text = "اتفقت تلدارين وكاردينا على إنهاء الحرب التجارية بينهما."
    summary = told(
        ("تلدارين وكاردينا تتفقان على إنهاء حرب تحارية", [text]),
        ("تلدارين وكاردينا تتفقان على إنهاء حرب تجارية", [text]),
    )
    assert summary.headline == "تلدارين وكاردينا تتفقان على إنهاء حرب تجارية"
