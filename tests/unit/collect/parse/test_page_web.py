"""Pages as the web writes them: linked data of every kind, base addresses, notices, chronologies, lists, author boxes."""

from datetime import UTC, datetime

import pytest

from digest.collect.parse.pages import page
from digest.model import Article
from tests.unit.collect.pages import BODY, LEAD, SECOND, THIRD, TITLE, a_page

NOW = datetime(2026, 1, 5, tzinfo=UTC)
URL = "https://marfa.example/economy/7"
WHEN = datetime(2026, 1, 4, 13, 15, tzinfo=UTC)
STAMP = '"datePublished": "2026-01-04T16:15:00+03:00"'
AUTHOR = '"author": {"@type": "Person", "name": "ليلى حداد"}'


def read(html: str, url: str = URL) -> Article:
    return page.extract(html, url=url, now=NOW)


def linked(text: str, kind: str = "application/ld+json") -> Article:
    return read(a_page(head=f'<script type="{kind}">{text}</script>'))


@pytest.mark.parametrize(
    "kind",
    ["NewsArticle", "BlogPosting", "LiveBlogPosting", "SocialMediaPosting", "Report", "https://schema.org/NewsArticle", "schema:Article"],
)  # fmt: skip
def test_every_kind_of_article_tells_its_date_and_author(kind: str):
    article = linked(f'{{"@type": "{kind}", {STAMP}, {AUTHOR}}}')
    assert (article.published_at, article.byline) == (WHEN, "ليلى حداد")


@pytest.mark.parametrize(
    "text",
    [
        f'{{"@type": ["Article", "NewsArticle"], {STAMP}, "author": ["ليلى حداد"],}}',
        f'[{{"@type": "BreadcrumbList"}}, {{"@type": "NewsArticle", {STAMP}, "author": [{{"name": "ليلى حداد"}}]}}]',
        f'{{"@graph": [{{"@type": "WebPage"}}, {{"@type": "Article", {STAMP}, "author": {{"@id": "#a"}}}}, {{"@id": "#a", "name": "ليلى حداد"}}]}}',
        f'{{"@type": "WebPage", "mainEntity": {{"@type": "NewsArticle", {STAMP}, {AUTHOR}}}}}',
        f'{{"@type": "WebPage"}}\n{{"@type": "NewsArticle", {STAMP}, {AUTHOR}}}',
        f'<!-- /* x */ {{"@type": "NewsArticle", // y\n {STAMP}, {AUTHOR}}} -->',
        f'//<![CDATA[\n{{"@type": "NewsArticle", {STAMP}, {AUTHOR}}};\n//]]>',
        f'{{"@type": "NewsArticle", "headline": "قال "نعم" أمس", {STAMP}, {AUTHOR}}}',
        f'\ufeff{{"@type": "NewsArticle", "description": "سطر\nسطر", {STAMP.replace(": ", ": [")}], {AUTHOR}}}',
        (f'{{"@type": "NewsArticle", {STAMP}, {AUTHOR}}}').replace('"', "&quot;"),
    ],
)
def test_linked_data_are_read_as_they_are_written(text: str):
    article = linked(text)
    assert (article.published_at, article.byline) == (WHEN, "ليلى حداد")


@pytest.mark.parametrize("kind", ["application/ld+json; charset=utf-8", " Application/LD+JSON "])
def test_the_type_of_linked_data_may_have_a_parameter(kind: str):
    assert linked(f'{{"@type": "NewsArticle", {STAMP}}}', kind).published_at == WHEN


def test_of_several_articles_the_pages_own_is_taken():
    other = '{"@type": "NewsArticle", "headline": "خبر آخر عن ميناء بعيد", "datePublished": "2025-01-01"}'
    own = f'{{"@type": "NewsArticle", "headline": "{TITLE}", {STAMP}}}'
    assert linked(f"[{other}, {own}]").published_at == WHEN


def test_a_job_offer_is_no_article():
    assert linked(f'{{"@type": "JobPosting", {STAMP}}}').published_at is None


def test_relative_addresses_stand_against_the_base_of_the_page():
    head = '<base href="https://img.example/a/"><meta property="og:image" content="p.jpg">'
    article = read(a_page(head=head))
    assert (article.image_url, article.url) == ("https://img.example/a/p.jpg", URL)


NOTICES = [
    "هذا المحتوى متاح للمشتركين فقط. اشترك الآن.",
    "هذه المادة مخصصة لمشتركي الصحيفة",
    "سجل الدخول لمتابعة القراءة",
    "اشترك الآن لقراءة المقال كاملا والوصول إلى كل المواد.",
    "لقراءة المقال كاملا يرجى تسجيل الدخول أو الاشتراك.",
    "للمتابعة في القراءة اشترك في الصحيفة",
    "هل أنت مشترك؟ ادخل من هنا",
    "لقد قرأت ٣ من ٥ مقالات مجانية هذا الشهر",
    "محتوى حصري للمشتركين",
    "This article is for subscribers only.",
    "Already a subscriber? Sign in",
    "Subscribe to continue reading",
    "You have reached your limit of free articles.",
    "نستخدم ملفات تعريف الارتباط لتحسين تجربتك في الموقع.",
    "باستمرارك في تصفح الموقع فإنك توافق على سياسة الخصوصية وملفات الارتباط.",
    "قبول جميع ملفات تعريف الارتباط",
    "We use cookies to improve your experience.",
    "By continuing to browse the site you agree to our use of cookies.",
]


@pytest.mark.parametrize("notice", NOTICES)
def test_notices_of_paywalls_and_cookies_are_no_text(notice: str):
    assert notice not in read(a_page(body=[LEAD, SECOND, notice, THIRD])).paragraphs


@pytest.mark.parametrize(
    "line",
    [
        "اشترك في المهرجان عشرون فريقا من مدن الساحل، وفاز فريق الميناء بكأس البطولة بعد مباراة طويلة.",
        "هذا العام سيكون للمشتركين في الخدمة عرض جديد، كما قال الوزير في كلمته أمام مجلس النواب أمس، وأضاف أن الأسعار لن ترتفع "
        "قبل الصيف، وأن الوزارة تدرس خفض رسوم التوصيل عن سكان القرى البعيدة التي لم تصلها الشبكة بعد، وعددها أربعون قرية.",
        "سجل الفريق هدفين في الشوط الأول، ثم أضاف هدفا ثالثا في الدقيقة الأخيرة من المباراة التي حضرها آلاف.",
        "قرأت اللجنة تقريرا عن ملفات تعريف الارتباط، وأوصت بقانون جديد يحمي خصوصية المستخدمين في البلاد.",
    ],
)
def test_news_of_subscribers_and_cookies_stays(line: str):
    assert line in read(a_page(body=[LEAD, SECOND, line, THIRD])).paragraphs


def test_the_marks_of_anchors_leave_headings():
    html = a_page().replace("</h2>", ' <a class="anchor" href="#x">#</a></h2>')
    assert read(html).paragraphs == BODY
    assert read(a_page().replace("<h2>", "<h2><a href='#x'>¶</a> ")).paragraphs == BODY


@pytest.mark.parametrize("heading", ["عن الكاتب", "نبذة عن الكاتبة:", "حول المؤلف", "About the author"])
def test_what_is_told_of_the_author_is_no_text(heading: str):
    about = (
        "ليلى حداد كاتبة من المدينة تكتب في شؤون الموانئ والطرق منذ عشر سنين، ولها كتابان عن الجسور القديمة."
    )
    assert read(a_page(body=[*BODY, heading, about])).paragraphs == BODY


def test_the_days_of_a_chronology_stay_and_the_pages_own_day_goes():
    days = ["الأحد 4 يناير 2026", "5 كانون الثاني 2026", "6/1/2026"]
    told = [days[0], LEAD, days[1], SECOND, days[2], THIRD]
    assert read(a_page(body=told)).paragraphs == told
    assert days[0] not in read(a_page(body=[days[0], LEAD, SECOND, THIRD])).paragraphs


@pytest.mark.parametrize(
    "items",
    [["توسعة الطريق الدائري", "نفق إلى الميناء", "إنارة الضفتين"], ["مصر", "السعودية", "قطر"]],
)
def test_a_list_at_the_end_of_a_text_stays(items: list[str]):
    listed = "".join(f"<li>{item}</li>" for item in items)
    html = a_page(body=[LEAD, SECOND, THIRD]).replace(
        f"<p>{THIRD}</p>", f"<p>{THIRD}</p><p>وتشمل المرحلة الثانية ما يأتي:</p><ul>{listed}</ul>"
    )
    assert read(html).paragraphs[-len(items) - 1 :] == ["وتشمل المرحلة الثانية ما يأتي:", *items]


def test_a_list_of_links_at_the_end_is_none_of_the_text():
    listed = "".join(f"<li><a href='/n/{n}'>خبر آخر رقم {n}</a></li>" for n in range(4))
    html = a_page(body=[LEAD, SECOND, THIRD]).replace(f"<p>{THIRD}</p>", f"<p>{THIRD}</p><ul>{listed}</ul>")
    assert read(html).paragraphs == [LEAD, SECOND, THIRD]
