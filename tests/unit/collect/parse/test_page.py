"""Pages to articles: the text and nothing else."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.collect.clean.rules import for_source
from digest.collect.parse.pages import page
from digest.collect.parse.pages.head import without_site
from digest.errors import SourceError
from digest.model import Article
from tests.unit.collect.pages import BODY, HEADING, LEAD, SECOND, THIRD, TITLE, a_page

NOW = datetime(2023, 1, 1, tzinfo=UTC)
ADDRESS = "https://marfa.example/economy/7"


def read(html: str, url: str | None = ADDRESS) -> Article:
    return page.extract(html, url=url, now=NOW, zone="UTC")


def test_a_page_gives_its_text_with_its_sub_headings():
    article = read(a_page())
    assert article.title == TITLE
    assert article.paragraphs == BODY
    assert article.headings == [HEADING]
    assert article.source_name == "المرفأ"
    assert article.section == "economy"
    assert article.language == "ar"


FOREIGN = [
    "<p>اقرأ أيضا: خبر آخر عن ميناء بعيد</p>",
    "<p><a href='/n/3'>شاهد أيضا: صور من الميناء البعيد ورحلاته</a></p>",
    "<p>اشترك في نشرتنا البريدية ليصلك كل جديد</p>",
    "<p>تابعونا على فيسبوك وتويتر ويوتيوب</p>",
    "<p>للمزيد من الأخبار تابعوا قناتنا عبر تلغرام</p>",
    "<figure><img src='/b.jpg' alt='الجسر ليلا'><figcaption>الجسر ليلا كما بدا من الشاطئ</figcaption></figure>",
    "<div class='share'><span>شارك الخبر</span> <a href='#'>فيسبوك</a> <a href='#'>تويتر</a></div>",
    "<p>إعلان</p>",
    "<script>var x = 'جسر';</script><style>p{color:red}</style>",
    "<p>حمل تطبيق المرفأ الآن</p>",
]


@pytest.mark.parametrize("foreign", FOREIGN)
def test_what_stands_inside_the_text_and_is_no_part_of_it_goes(foreign: str):
    assert read(a_page(middle=foreign)).paragraphs == BODY


AFTER = [
    "<p>الكلمات الدلالية: جسر، مرفأ، شاحنات</p>",
    "<p>المصدر: وكالة الميناء</p>",
    "<p>السابق خبر سابق عن الميناء</p><p>التالي خبر تال عن الميناء</p>",
    "<h3>التعليقات</h3><p>الآراء الواردة أدناه لا تعبر عن رأي الموقع بل عن رأي أصحابها وحدهم</p>",
    "<p>يحظر نشر أو نسخ أي مادة من الموقع من دون إذن</p>",
    "<p>عدد المشاهدات: 1532</p>",
    "<p>سوريا - اللاذقية</p>",
    "<h4>الأكثر قراءة</h4><p>قصة طويلة أخرى لا علاقة لها بالجسر ولا بالمرفأ ولا بالشاحنات التي تعبره كل يوم صباحا</p>",
]


@pytest.mark.parametrize("after", AFTER)
def test_what_follows_the_text_goes(after: str):
    assert read(a_page(after=after)).paragraphs == BODY


def test_a_lead_in_a_box_of_its_own_is_kept():
    html = a_page(
        body=[SECOND, HEADING, THIRD, SECOND.replace("وأوضح", "وذكر")],
        before=f"<div class='lead'>{LEAD}</div>",
    )
    assert read(html).paragraphs[0] == LEAD


def test_section_date_and_title_above_the_text_are_no_paragraphs():
    html = a_page(before=f"<p>اقتصاد 2022/06/23 10:51</p><p>{TITLE}</p><p>كتب: سامر الخطيب</p>")
    article = read(html)
    assert article.paragraphs == BODY
    assert article.byline == "سامر الخطيب"


def test_a_paragraph_that_only_begins_like_a_call_is_kept():
    news = (
        "تابع المجتمعون أعمال اليوم الثاني من المؤتمر عبر جلسات مغلقة ناقشت خطة الميناء للسنوات العشر المقبلة وما تحتاج إليه من "
        "تمويل، وانتهت الجلسات بتأليف ثلاث لجان تضع تقاريرها قبل نهاية الشهر، على أن تعرض على مجلس المدينة في جلسته العادية المقررة بعد ذلك بأسبوعين."
    )
    assert news in read(a_page(body=[LEAD, news, THIRD])).paragraphs


@pytest.mark.parametrize("tail", [" - المرفأ", " | المرفأ", " – موقع المرفأ", " — marfa.example", ""])
def test_the_sites_name_is_no_part_of_the_title(tail: str):
    assert read(a_page(tail=tail).replace(f"<h1>{TITLE}</h1>", "")).title == TITLE


def test_a_dash_in_a_title_is_no_tail():
    title = "المرفأ القديم 1925 – 1958"
    assert read(a_page(title=title)).title == title
    assert without_site("القمة الأولى - يوم طويل", {"المرفأ"}) == "القمة الأولى - يوم طويل"


def test_a_heading_that_is_no_title_is_not_taken():
    html = a_page(before="<h1>© الحقوق محفوظة لمؤسسة المرفأ 1944 - 2022</h1>").replace(
        "<h1>© ", "<h1 class='x'>© "
    )
    assert read("<h1>المرفأ</h1>" + html).title == TITLE


def test_breaking_and_section_marks_are_read_and_taken_off():
    article = read(a_page(title="عاجل | " + TITLE))
    assert (article.title, article.breaking) == (TITLE, True)
    assert read(a_page(title="اخبار الرياضه " + TITLE)).section == "sport"


def test_what_the_page_says_of_itself_is_kept():
    head = (
        "<link rel='canonical' href='https://marfa.example/economy/7?utm_source=x'><meta name='author' content='ليلى حداد'>"
        "<meta property='og:image' content='/b.jpg'><meta property='og:image:alt' content='الجسر ليلا'>"
        "<meta name='copyright' content='رخصة المشاع الإبداعي'><meta property='article:section' content='محليات'>"
    )
    article = read(a_page(head=head), url="https://m.marfa.example/x/7?fbclid=1")
    assert article.url == "https://marfa.example/economy/7"
    assert (article.byline, article.section) == ("ليلى حداد", "local")
    assert (article.image_url, article.image_alt) == ("https://m.marfa.example/b.jpg", "الجسر ليلا")
    assert article.rights_line == "رخصة المشاع الإبداعي"


def test_a_careless_canonical_address_is_not_believed():
    head = "<link rel='canonical' href='https://marfa.example/'>"
    assert read(a_page(head=head)).url == ADDRESS


def test_linked_data_is_read_even_when_lines_break_in_it():
    data = '{"@context": "x", "@graph": [{"@type": "WebPage"}, {"@type": ["NewsArticle"], "headline": "%s\n", "author": [{"name": "ليلى حداد"}], "datePublished": "2022-06-23T16:15:00+03:00"}]}'
    article = read(a_page(head=f'<script type="application/ld+json">{data % TITLE}</script>'))
    assert article.byline == "ليلى حداد"
    assert article.published_at == datetime(2022, 6, 23, 13, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "data",
    [
        "{",
        "[" * 100_000,
        "7",
        '{"@graph": 7}',
        '{"@type": "Article", "headline": 7, "author": 7, "image": [[]]}',
    ],
)
def test_broken_linked_data_is_passed_over(data: str):
    assert read(a_page(head=f'<script type="application/ld+json">{data}</script>')).paragraphs == BODY


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "این پل جدید که پس از دو سال کار ساخته شده است امروز در بندر گشایش یافت و مدیر پروژه گفت که کامیون‌ها از آن می‌گذرند.",
            "fa",
        ),
        (
            "یہ نیا پل دو سال کے کام کے بعد آج بندرگاہ میں کھول دیا گیا ہے اور منصوبے کے سربراہ نے کہا کہ ٹرک اس سے گزریں گے۔",
            "ur",
        ),
        (
            "The new bridge at the harbour was opened this morning after two years of work, and the head of the project said that it is open.",
            "en",
        ),
    ],
)
def test_pages_in_other_languages_are_told_apart(text: str, language: str):
    html = a_page(title=text[:40], body=[text * 3, text * 2 + text[:60]], lang="ar")
    assert read(html).language == language


@pytest.mark.parametrize(
    "html",
    ["", "<", "<html></html>", "<html><title>عنوان</title></html>", "x" * 100, "<p>" * 50_000, "\x00" * 50],
)
def test_what_is_no_article_is_said_so(html: str):
    with pytest.raises(SourceError):
        read(html)


@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<h1>",
                TITLE,
                "<article>",
                "<script>",
                "<!--",
                "<table>",
                "<svg>",
                "&#0;",
                "<a href='//['>",
                "<meta property='og:title' content='",
                "'>",
            ]
        ),
        max_size=30,
    )
)
def test_no_mixture_of_markup_breaks_it(pieces: list[str]):
    with suppress(SourceError):
        assert read("".join(pieces)).title


def test_an_editors_rules_hold_for_the_source_they_name(tmp_path):
    file = tmp_path / "rules.toml"
    file.write_text(
        "[all]\nnoise = ['^برعاية']\n[source.\"marfa.example\"]\nnoise = ['^خاص المرفأ']\nselector = '.content'\n",
        encoding="utf-8",
    )
    html = a_page(middle="<p>برعاية شركة الميناء</p><p>خاص المرفأ من الشاطئ</p>")
    own = page.extract(html, url=ADDRESS, now=NOW, book=for_source(file, "marfa.example"))
    other = page.extract(html, url=ADDRESS, now=NOW, book=for_source(file, "other.example"))
    assert own.paragraphs == BODY
    assert "خاص المرفأ من الشاطئ" in other.paragraphs
    assert "برعاية شركة الميناء" not in other.paragraphs
