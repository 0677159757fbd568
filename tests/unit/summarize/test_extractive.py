"""The default summarizer: whole sentences that stand in the articles, and no others."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.summarize.extract import candidates
from digest.summarize.extract.filling import fill
from digest.summarize.extractive import Extractive, read, summarize_event
from tests.builders import an_article

BRIDGE = (
    "افتتحت هيئة الطرق صباح اليوم جسر المرفأ الجديد بطول ١٢٠٠ متر أمام السيارات.",
    "ويربط الجسر الحي القديم بالمنطقة الصناعية ويختصر الرحلة إلى عشر دقائق.",
    "وأضاف أن العمل استمر ثلاث سنوات.",
    "هل ينتهي الازدحام؟",
    "وبلغت كلفة المشروع أربعين مليون دينار دفعتها البلدية على خمس مراحل.",
)
WORDS = st.lists(
    st.sampled_from(
        [
            "جسر",
            "مرفأ",
            "مدينة",
            "افتتح",
            "وزير",
            "قال",
            "إن",
            "من",
            "في",
            "على",
            "12",
            "٪",
            "News",
            '"نص"',
            "«",
            "»",
            ".",
            "؟",
            "…",
            "،",
            "\n",
        ]
    ),
    max_size=60,
)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@given(st.lists(st.lists(WORDS.map(" ".join), max_size=4), max_size=4), st.integers(1, 80))
def test_no_sentence_is_invented(articles: list[list[str]], max_words: int):
    given_articles = [an_article(title=f"عنوان {at}", paragraphs=each) for at, each in enumerate(articles)]
    told = summarize_event(given_articles, max_words=max_words)
    for sentence in told.summary.sentences:
        paragraph = given_articles[sentence.article].paragraphs[sentence.paragraph]
        assert squeezed(sentence.text) in squeezed(paragraph)
    assert len({one.text for one in told.summary.sentences}) == len(told.summary.sentences) <= 3


@given(st.lists(WORDS.map(" ".join), max_size=6), st.integers(1, 60))
def test_a_filled_summary_has_its_words_or_all_there_are(paragraphs: list[str], max_words: int):
    event = read([an_article(title="عنوان", paragraphs=paragraphs)])
    told = fill(event, max_words=max_words)
    tellable = [one for one in event.pools[0] if not one.refusal]
    assert sum(one.words for one in told) >= min(max_words, sum(one.words for one in tellable))


def test_one_article_is_told_by_its_first_sentences_within_the_budget():
    told = summarize_event([an_article(title="جسر المرفأ", paragraphs=list(BRIDGE))], max_words=26)
    assert [one.text for one in told.summary.sentences] == list(BRIDGE[:2])
    assert told.summary.method == "extractive"


def test_a_first_sentence_over_the_budget_stands_alone_and_whole():
    told = summarize_event([an_article(paragraphs=list(BRIDGE))], max_words=3)
    assert [one.text for one in told.summary.sentences] == [BRIDGE[0]]


def test_a_sentence_that_leans_on_another_never_comes_first():
    told = summarize_event([an_article(paragraphs=[BRIDGE[2], BRIDGE[0]])], max_words=15)
    assert told.summary.sentences[0].text == BRIDGE[0]


def test_questions_captions_and_boilerplate_are_not_told():
    paragraphs = [
        "تصوير: سامي نور",
        BRIDGE[3],
        "جميع الحقوق محفوظة لصحيفة المرفأ © 2026",
        "اقرأ أيضا: حفل في المرفأ",
        BRIDGE[0],
    ]
    told = summarize_event([an_article(paragraphs=paragraphs)], max_words=60)
    assert [one.text for one in told.summary.sentences] == [BRIDGE[0]]


def test_the_headline_is_the_title_that_agrees_with_the_other_outlets():
    titles = (
        "يوم لن ننساه",
        "افتتاح جسر المرفأ الجديد أمام السيارات",
        "جسر المرفأ الجديد يفتح أمام السيارات",
    )
    articles = [an_article(title=title, paragraphs=[BRIDGE[0]]) for title in titles]
    assert summarize_event(articles, max_words=40).headline in titles[1:]


def test_a_title_that_counts_the_dead_goes_before_one_that_does_not():
    bare = an_article(
        title="قتلى في انهيار سقف سوق بسرهاد",
        source_name="المرفأ",
        paragraphs=["سقط عدد من القتلى في انهيار سقف سوق بمدينة سرهاد."],
    )
    again = an_article(
        title="قتلى بانهيار سقف سوق في سرهاد",
        source_name="الأفق",
        paragraphs=["أفادت أنباء عن قتلى بانهيار سقف سوق في سرهاد."],
    )
    counted = an_article(
        title="10 قتلى في انهيار سقف سوق بسرهاد",
        source_name="الضحى",
        paragraphs=["قتل 10 أشخاص في انهيار سقف سوق بمدينة سرهاد."],
    )
    assert read([bare, again, counted]).headline.text == "10 قتلى في انهيار سقف سوق بسرهاد"


def test_a_lead_that_names_only_who_said_it_adds_nothing():
    first = an_article(
        title="تحطم طائرة ركاب قرب سرهاد",
        source_name="المرفأ",
        paragraphs=["تحطمت طائرة ركاب بعد إقلاعها من مطار سرهاد صباح اليوم."],
    )
    again = an_article(
        title="تحطم طائرة قرب مطار سرهاد",
        source_name="الأفق",
        paragraphs=[
            "أفادت مصادر متطابقة ووسائل إعلام محلية أن طائرة ركاب تابعة لشركة نوارس تحطمت بعيد إقلاعها من مطار سرهاد."
        ],
    )
    summary = summarize_event([first, again], max_words=60).summary
    assert len(summary.sentences) == 1


def test_a_headline_that_asks_gives_way_to_one_that_tells_and_to_the_opening_when_all_ask():
    asking = "متى يفتح جسر المرفأ الجديد أمام السيارات؟"
    titles = (asking, "جسر المرفأ يفتح غدا", asking.replace("متى", "هل"))
    articles = [an_article(title=title, paragraphs=[BRIDGE[0]]) for title in titles]
    assert summarize_event(articles, max_words=40).headline == titles[1]
    assert summarize_event(articles[:2], max_words=40).headline == titles[1]
    alone = summarize_event(articles[:1], max_words=40)
    assert alone.headline == BRIDGE[0].rstrip(".")
    assert not alone.is_title


def test_an_overlong_sentence_is_told_only_where_the_others_do_not_fill_the_budget():
    overlong = "ومر على الجسر في يومه الأول " + "حافلة وسيارة وشاحنة ودراجة " * 30 + "قبل المساء."
    event = read([an_article(paragraphs=[BRIDGE[0], overlong, BRIDGE[4]])])
    assert [one.text for one in fill(event, max_words=20)] == [BRIDGE[0], BRIDGE[4]]
    assert [one.text for one in fill(event, max_words=60)] == [BRIDGE[0], overlong]


def test_several_outlets_add_what_the_first_did_not_say():
    articles = [
        an_article(title="افتتاح جسر المرفأ", paragraphs=[BRIDGE[0]]),
        an_article(
            title="جسر المرفأ يفتح للسيارات",
            paragraphs=["فتحت هيئة الطرق اليوم جسر المرفأ الجديد أمام السيارات بعد انتظار.", BRIDGE[4]],
        ),
        an_article(
            title="جسر المرفأ يفتح اليوم",
            paragraphs=["جسر المرفأ الجديد فتح اليوم أمام السيارات في المدينة."],
        ),
    ]
    told = summarize_event(articles, max_words=60)
    assert BRIDGE[4] in [one.text for one in told.summary.sentences]
    assert sum(len(one.text.split()) for one in told.summary.sentences) <= 60


def test_a_lead_that_begins_with_the_event_once_more_is_not_added_whatever_it_ends_with():
    articles = [
        an_article(
            title="افتتاح جسر المرفأ",
            paragraphs=["افتتحت هيئة الطرق صباح اليوم جسر المرفأ الجديد أمام الشاحنات."],
        ),
        an_article(
            title="جسر المرفأ الجديد أمام الشاحنات",
            paragraphs=[
                "افتتحت هيئة الطرق اليوم جسر المرفأ الجديد أمام الشاحنات بعد تأخير عامين سببه نقص الحديد وإضراب عمال المقاولين وغزارة الأمطار.",
                BRIDGE[4],
            ],
        ),
        an_article(
            title="افتتاح جسر المرفأ الجديد", paragraphs=["هيئة الطرق تفتتح جسر المرفأ الجديد أمام الشاحنات."]
        ),
    ]
    said = [one.text for one in summarize_event(articles, max_words=60).summary.sentences]
    assert sum("جسر المرفأ الجديد أمام الشاحنات" in one for one in said) == 1
    assert BRIDGE[4] in said


def test_a_wire_text_that_three_outlets_carry_is_told_once():
    articles = [an_article(title=f"جسر المرفأ {at}", paragraphs=list(BRIDGE)) for at in range(3)]
    told = summarize_event(articles, max_words=80)
    assert len({one.text for one in told.summary.sentences}) == len(told.summary.sentences)


@pytest.mark.parametrize(
    "paragraphs",
    [
        [],
        [""],
        ["كلمة"],
        ["..."],
        ['"نص فقط بين قوسين ولا شيء غيره هنا"'],
        ["ALL CAPS LATIN TEXT STANDS HERE ALONE"],
        ["نص mixed نص и текст 文字 كثير"],
    ],
    ids=["empty", "blank", "one word", "dots", "only a quotation", "capitals", "mixed scripts"],
)
def test_odd_articles_give_a_headline_and_perhaps_a_sentence(paragraphs: list[str]):
    told = summarize_event([an_article(title="عنوان", paragraphs=paragraphs)], max_words=40)
    assert told.headline == "عنوان"
    assert all(one.text in paragraphs[0] for one in told.summary.sentences)


def test_no_articles_give_nothing():
    assert summarize_event([], max_words=40).headline == ""


def test_five_hundred_copies_cost_no_more_than_twelve():
    copies = [an_article(title="جسر", paragraphs=list(BRIDGE)) for _ in range(500)]
    assert len(read(copies).articles) == 12


def test_a_monstrous_article_is_read_only_so_far():
    event = read(
        [
            an_article(
                paragraphs=[" ".join(BRIDGE) * 3000, *(f"جملة رقم {n} في نص طويل جدا." for n in range(5000))]
            )
        ]
    )
    assert len(event.pools[0]) <= candidates.MOST_SENTENCES


def test_a_dateline_is_cut_from_the_front():
    paragraph = "دبي، الإمارات العربية المتحدة (CNN)-- " + BRIDGE[0]
    assert summarize_event([an_article(paragraphs=[paragraph])], max_words=40).summary.text == BRIDGE[0]


@pytest.mark.parametrize(
    ("language", "leaning", "first", "second"),
    [
        (
            "en",
            "He said the work had taken three years in all.",
            "The roads authority opened the new harbour bridge to cars on Monday.",
            "The bridge joins the old town to the docks and cost forty million.",
        ),
        (
            "fa",
            "وی افزود که این کار سه سال طول کشید.",
            "سازمان راه‌ها صبح امروز پل تازه بندر را برای خودروها گشود.",
            "پل تازه شهر کهنه را به منطقه صنعتی بندر پیوند می‌دهد.",
        ),
        (
            "ur",
            "انہوں نے کہا کہ کام تین سال جاری رہا۔",
            "سڑکوں کے محکمے نے آج صبح بندرگاہ کا نیا پل گاڑیوں کے لیے کھول دیا۔",
            "نیا پل پرانے شہر کو صنعتی علاقے سے جوڑتا ہے۔",
        ),
        (
            "he",
            "הוא הוסיף כי העבודה נמשכה שלוש שנים.",
            "רשות הדרכים פתחה הבוקר את גשר הנמל החדש לתנועת כלי רכב.",
            "הגשר מחבר בין העיר העתיקה לאזור התעשייה בתוך עשר דקות.",
        ),
    ],
)
def test_other_languages_run_through_the_same_code(language: str, leaning: str, first: str, second: str):
    article = an_article(title="x", language=language, paragraphs=[f"{leaning} {first} {second}"])
    told = summarize_event([article], max_words=60)
    assert [one.text for one in told.summary.sentences] == [first, second]


async def test_the_summarizer_is_the_same_for_every_edition():
    summarizer = Extractive()
    told = await summarizer.for_edition().summarize([an_article(paragraphs=list(BRIDGE))], max_words=15)
    assert told.summary.text == BRIDGE[0]
