"""When a page was published: unknown rather than wrong."""

from datetime import UTC, datetime

import pytest

from digest.collect.parse.pages import page
from tests.unit.collect.pages import a_page

NOW = datetime(2023, 1, 1, tzinfo=UTC)
DAY = "2022-06-23"


def day_of(html: str, url: str = "https://marfa.example/economy/7") -> str | None:
    when = page.extract(html, url=url, now=NOW, zone="UTC").published_at
    return when.isoformat()[:10] if when else None


@pytest.mark.parametrize(
    "head",
    [
        "<meta property='article:published_time' content='2022-06-23T13:15:00Z'>",
        "<meta property='article:published_time' content='الخميس، 23 يونيو 2022 - 12:09 م'>",
        "<meta name='pubdate' content='2022-06-23'>",
        "<meta itemprop='datePublished' content='2022-06-23'>",
        '<script type=\'application/ld+json\'>{"@type": "NewsArticle", "datePublished": "2022-06-23T13:15:00Z"}</script>',
    ],
)
def test_what_the_head_states_is_taken(head: str):
    assert (
        day_of(a_page(head=head.replace("type='application/ld+json'", 'type="application/ld+json"'))) == DAY
    )


@pytest.mark.parametrize(
    "before",
    [
        "<time datetime='2022-06-23T16:15:00+03:00'>الخميس</time>",
        "<span>الخميس، 23 حزيران/يونيو 2022، آخر تحديث 02:21 (GMT+0400)</span>",
        "<div>تم نشره الخميس 23 حزيران / يونيو 2022 09:22 مساءً</div>",
        "<span>اقتصاد</span><span>2022/06/23 10:51</span>",
        "<span>الخميس 23 جوان 2022</span>",
        "<span>نشر في 23 يونيو 2022</span><span>آخر تحديث 25 يونيو 2022</span>",
        "<span>آخر تحديث: 25 يونيو 2022</span><span>23 يونيو 2022</span>",
    ],
)
def test_the_date_beside_the_title_is_taken(before: str):
    assert day_of(a_page(before=before)) == DAY


def test_the_date_in_the_address_is_taken():
    assert day_of(a_page(), "https://marfa.example/economy/2022/06/23/bridge.html") == DAY


def test_a_date_in_the_text_is_not_the_articles():
    assert (
        day_of(
            a_page(
                body=[
                    "جرى ذلك في 23 يونيو 2022 عندما افتتحت هيئة الطرق الجسر القديم أمام الشاحنات " * 3,
                    "نص آخر طويل " * 20,
                ]
            )
        )
        is None
    )


def test_two_different_days_beside_the_title_are_none():
    assert day_of(a_page(before="<span>23 يونيو 2022</span><span>21 يونيو 2022</span>")) is None


def test_the_days_date_at_the_top_of_the_page_is_not_the_articles():
    top = "<body><div>اليوم الأحد 1 يناير 2023</div><p>إعلان</p><p>إعلان</p><p>إعلان</p><p>إعلان</p><p>إعلان</p>"
    assert day_of(a_page().replace("<body>", top)) is None


def test_a_date_in_the_future_is_now():
    head = "<meta property='article:published_time' content='2024-06-23T13:15:00Z'>"
    assert day_of(a_page(head=head)) == "2023-01-01"


def test_a_date_is_kept_in_the_zone_in_which_it_is_written():
    head = "<meta property='article:published_time' content='2022-06-23T01:15:00+04:00'>"
    assert day_of(a_page(head=head)) == DAY


def test_a_short_sentence_of_the_text_tells_no_date_of_the_article():
    told = [
        "افتتحت هيئة الطرق الجسر القديم أمام الشاحنات.",
        "وكان العمل قد بدأ في 12 مارس 2021 بتمويل جديد من الصندوق.",
    ]
    assert day_of(a_page(body=told)) is None
    assert day_of(a_page(body=told, before="<span>23 يونيو 2022.</span>")) == DAY
