"""Which section an article belongs to."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.collect.clean.sections import answer, classify, from_url, named
from digest.collect.parse.feeds.article import outlet_and_section
from digest.model.news.sections import SECTION_KEYS


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("أخبار السياسة", "politics"),
        ("اخبار السياسه", "politics"),
        ("السياسة والعالم", "politics"),
        ("الشرق الأوسط", "politics"),
        ("مال وأعمال", "economy"),
        ("أسواق", "economy"),
        ("الرياضة", "sport"),
        ("رياضة وشباب", "sport"),
        ("كرة القدم", "sport"),
        ("ثقافة وفنون", "culture"),
        ("علوم وتكنولوجيا", "technology"),
        ("صحة", "health"),
        ("إسلاميات", "religion"),
        ("محليات", "local"),
        ("حوادث", "local"),
        ("منوعات", "misc"),
        ("Sports > Football", "sport"),
        ("World News", "politics"),
        ("internationalNews", "politics"),
        ("middleEast", "politics"),
        ("localNews", "local"),
        ("Business", "economy"),
        ("politics", "politics"),
        ("Coupe du monde", "sport"),
        ("Formula 1", "sport"),
        ("Cinéma et musique", "culture"),
        ("Santé", "health"),
        ("Économie", "economy"),
        ("Marchés financiers", "economy"),
        ("Intelligence artificielle", "technology"),
        ("الدوري الإسباني", "sport"),
        ("أسعار الصرف", "economy"),
        ("دار الإفتاء", "religion"),
    ],
)
def test_an_outlets_own_name_means_a_section(name: str, key: str):
    assert named(name) == key


@pytest.mark.parametrize(
    "name",
    [
        "",
        "الرئيسية",
        "أخبار",
        "عاجل",
        "Home",
        "/",
        "زقزوق",
        "وزير المالية يعلن موازنة العام المقبل أمام البرلمان",
        "س" * 500,
    ],
)
def test_a_name_that_means_no_section_says_so(name: str):
    assert named(name) is None


@pytest.mark.parametrize("key", SECTION_KEYS)
def test_every_key_names_itself(key: str):
    assert named(key) == key


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://marfa.example/sport/2026/01/05/cup", "sport"),
        ("https://marfa.example/ar/economy/123", "economy"),
        ("https://marfa.example/arabic/world-44105442", "politics"),
        ("https://marfa.example/%D8%A7%D9%84%D8%B1%D9%8A%D8%A7%D8%B6%D8%A9/12345", "sport"),
        ("https://sport.marfa.example/a/12345.html", "sport"),
        ("https://marfa.example/news/technology/12345", "technology"),
        ("https://marfa.example/internationalNews/123456", "politics"),
        ("https://marfa.example/story.php?id=7&section=sport", "sport"),
        ("https://marfa.example/show?Category=%D8%A7%D9%82%D8%AA%D8%B5%D8%A7%D8%AF", "economy"),
        ("https://marfa.example/fr/moyen-orient/20260105-a-b", "politics"),
    ],
)
def test_an_address_means_a_section(url: str, key: str):
    assert from_url(url) == key


@pytest.mark.parametrize(
    "url",
    [
        "https://marfa.example/2026/01/05/12345",
        "https://marfa.example/ar/20260105-football-cup-final",
        "",
        "https://[broken",
        "mailto:a@marfa.example",
        "https://marfa.example/story.php?cat=12&q=sport",
        "https://marfa.example/?section=" + "a" * 3000,
        "https://marfa.example/" + "a/" * 5000,
    ],
)
def test_an_address_that_says_nothing_means_none(url: str):
    assert from_url(url) is None


@pytest.mark.parametrize(
    ("title", "outlet", "key"),
    [
        ("صحيفة المرفأ | السياسة", "صحيفة المرفأ", "politics"),
        ("صحيفة المرفأ السياسة", "صحيفة المرفأ", "politics"),
        ("المرفأ - أخبار الرياضة", "المرفأ", "sport"),
        ("المرفأ أخبار الرياضة", "المرفأ", "sport"),
        ("المرفأ مال وأعمال", "المرفأ", "economy"),
        ("المرفأ: الشرق الأوسط", "المرفأ", "politics"),
        ("marfa24 internationalNews", "marfa24", "politics"),
        ("صحيفة المرفأ", "صحيفة المرفأ", None),
        ("الرياضة", "الرياضة", None),
        ("", "", None),
    ],
)
def test_the_feeds_of_one_outlet_are_one_outlet(title: str, outlet: str, key: str | None):
    assert outlet_and_section(title) == (outlet, key)


def test_the_outlets_word_goes_before_the_address_and_the_address_before_the_text():
    title, text = "فوز نسور الواحة في نهائي كأس كرة القدم", "سجل الفريق هدفين في المباراة."
    url = "https://marfa.example/economy/1234567"
    assert classify(title, text, url=url, hint="ثقافة") == ("culture", 1.0)
    assert classify(title, text, url=url, hint="زقزوق") == ("economy", 0.99)
    assert classify(title, text)[0] == "sport"


@pytest.mark.parametrize(
    ("title", "text", "key"),
    [
        (
            "نسور الواحة يحرز كأس الشتاء",
            "فاز الفريق في المباراة النهائية بهدفين سجلهما المهاجم في الشوط الثاني أمام آلاف المشجعين في الملعب.",
            "sport",
        ),
        (
            "أسعار النفط ترتفع في الأسواق العالمية",
            "ارتفعت أسعار النفط في تعاملات اليوم وصعد مؤشر البورصة مع زيادة أرباح الشركات وتوقعات البنك المركزي للنمو والتضخم.",
            "economy",
        ),
        (
            "وزراء الخارجية يبحثون وقف إطلاق النار",
            "بحث وزراء الخارجية في اجتماع طارئ وقف إطلاق النار، ودعا الرئيس مجلس الأمن إلى إصدار قرار، وقالت الحكومة إنها تدرس الاتفاق.",
            "politics",
        ),
        (
            "شركة تطلق هاتفا ذكيا جديدا",
            "أطلقت الشركة هاتفا ذكيا بشاشة أكبر وبطارية تدوم أطول، ويعمل بنظام تشغيل جديد وتطبيقات للذكاء الاصطناعي على الإنترنت.",
            "technology",
        ),
        (
            "عرض مسرحية جديدة في مهرجان الرواية والشعر",
            "افتتح مهرجان المسرح بعرض مسرحية للمخرج، ويشارك فيه شعراء وروائيون وفنانون، ويضم معرضا للكتاب والفن التشكيلي.",
            "culture",
        ),
    ],
)
def test_the_text_alone_tells_plain_cases(title: str, text: str, key: str):
    assert classify(title, text)[0] == key


@pytest.mark.parametrize(
    ("title", "text"),
    [("", ""), ("؟!", "…"), ("   ", "\n"), ("लेख", "本"), ("WXYZ", "QWRTP ZZZK"), ("\ud800", "\udfff")],
)
def test_what_says_nothing_goes_to_misc(title: str, text: str):
    key, confidence = classify(title, text)
    assert key == "misc"
    assert 0 <= confidence < 0.5


def test_a_megabyte_costs_what_its_first_lines_cost():
    def seconds(text: str) -> float:
        best = float("inf")
        for _ in range(5):
            started = time.process_time()
            classify("عنوان", text)
            best = min(best, time.process_time() - started)
        return best

    lines = "أسعار النفط ترتفع في الأسواق العالمية اليوم. "
    assert seconds(lines * 25_000) < 10 * seconds(lines * 40) + 0.005


@given(st.text(max_size=200), st.text(max_size=400))
def test_any_text_gets_a_key_and_a_probability(title: str, text: str):
    key, confidence = classify(title, text)
    assert key in SECTION_KEYS
    assert 0 <= confidence <= 1


def test_the_pipe_answers_every_line():
    assert answer(
        {"id": 1, "title": "عنوان", "text": "نص", "url": "https://marfa.example/sport/1234567"}
    ) == {
        "id": 1,
        "section": "sport",
        "confidence": 0.99,
    }
    assert set(answer({"id": 2, "title": 5})) == {"id", "error"}
    assert set(answer({"id": 3})) == {"id", "error"}
    assert answer({"id": 4, "title": None, "text": ""})["section"] == "misc"
    assert answer({"id": 5, "title": "خبر", "hint": "رياضة"})["section"] == "sport"
