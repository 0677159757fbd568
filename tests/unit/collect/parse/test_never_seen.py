"""Pages and feeds of outlets that nobody looked at while the rules were written: other languages, encodings and habits."""

import json
from datetime import UTC, datetime

import pytest

from digest.collect.parse.decode import decode
from digest.collect.parse.feeds import feed
from digest.collect.parse.feeds.items import FeedItem
from digest.collect.parse.pages import page
from digest.errors import SourceError, SourceReason
from digest.model import Article
from digest.text.dates.dates import parse_date
from tests.unit.collect.pages import BODY, LEAD, SECOND, THIRD, TITLE

NOW = datetime(2026, 1, 10, tzinfo=UTC)
ADDRESS = "https://outlet.example/2/story"
ENGLISH = [
    "The harbour authority opened the new bridge to lorries on Monday morning, two years after work began on the crossing.",
    "“We expect the old town to breathe again,” said Sam Archer, the project’s director, adding that cars would follow next month.",
    "Shopkeepers near the market welcomed the opening, while residents asked for barriers that would keep the noise away at night.",
]
PERSIAN = [
    "رئیس سازمان بنادر صبح دوشنبه پل تازهٔ بندر را پس از دو سال کار به روی کامیون\u200cها گشود و از کاهش ترافیک شهر خبر داد.",
    "مدیر پروژه گفت هزینهٔ پل از بودجهٔ پیش\u200cبینی\u200cشده فراتر نرفته است و خودروهای سواری از ماه آینده از آن می\u200cگذرند.",
    "کسبهٔ بازار قدیم از گشایش پل استقبال کردند و گفتند کالاها پیش از این ساعت\u200cها دیر می\u200cرسید و مشتری\u200cها ناراضی بودند.",
]
URDU = [
    "بندرگاہ کے ادارے نے پیر کی صبح نئے پل کو ٹرکوں کے لیے کھول دیا جس پر دو سال تک کام ہوتا رہا اور جو گودیوں کو سڑک سے ملاتا ہے۔",
    "منصوبے کے ڈائریکٹر نے کہا کہ پل پر لاگت بجٹ سے زیادہ نہیں آئی اور گاڑیاں اگلے مہینے کے آغاز سے اس پر سے گزر سکیں گی۔",
    "پرانے بازار کے تاجروں نے افتتاح کا خیرمقدم کیا جبکہ محلے کے رہائشیوں نے رات کے شور سے بچنے کے لیے رکاوٹوں کا مطالبہ کیا۔",
]
HEBREW = [
    "רשות הנמלים פתחה ביום שני בבוקר את הגשר החדש למשאיות, שנתיים לאחר תחילת העבודות על המעבר המחבר את הרציפים עם הכביש.",
    "מנהל הפרויקט אמר כי עלות הגשר לא חרגה מן התקציב שנקבע לו, והוסיף כי מכוניות יורשו לעבור בו מתחילת החודש הבא.",
]
RUSSIAN = [
    "Портовая администрация в понедельник утром открыла новый мост для грузовиков, спустя два года после начала работ.",
    "Директор проекта сообщил, что стоимость моста не превысила выделенных средств, и легковые автомобили пустят позже.",
]


def paragraphs(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def read(html: str | bytes, url: str = ADDRESS) -> Article:
    text = decode(html) if isinstance(html, bytes) else html
    return page.extract(text, url=url, now=NOW, zone="Asia/Riyadh")


def a_document(title: str, body: str, head: str = "", lang: str = "ar") -> str:
    return f"<!doctype html><html lang={lang}><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def test_an_english_page_is_rid_of_its_calls_and_dated():
    body = (
        "<nav><a href=/>Home</a> <a href=/w>World</a></nav><article><h1>New harbour bridge opens to lorries</h1>"
        "<p>By Jane Doe</p><p>Published: January 5, 2026 at 4:15 pm GMT</p>"
        + paragraphs(ENGLISH[0], "Sign up for our newsletter to get the day's top stories.", ENGLISH[1])
        + "<p>Read more: Ferry strike enters second week</p><p>Advertisement</p>"
        + paragraphs(ENGLISH[2], "Follow us on Twitter and Facebook", "© 2026 The Quay. All rights reserved.")
        + "<p>Related articles</p><ul><li><a href=/3>Ferry strike enters second week as talks fail</a></li></ul></article>"
    )
    article = read(
        a_document(
            "New harbour bridge opens to lorries - The Quay",
            body,
            "<meta property=og:site_name content='The Quay'>",
            "en",
        )
    )
    assert (article.title, article.byline, article.language) == (
        "New harbour bridge opens to lorries",
        "Jane Doe",
        "en",
    )
    assert article.paragraphs == ENGLISH
    assert article.published_at == datetime(2026, 1, 5, 16, 15, tzinfo=UTC)


def test_a_persian_page_keeps_its_joints_and_its_own_calendar_is_no_date():
    body = (
        "<h1>پل تازهٔ بندر گشوده شد</h1><span>کد خبر: 123456</span> <span>تاریخ انتشار: ۱۵ دی ۱۴۰۴ - ۱۰:۲۰</span><div>"
        + paragraphs(*PERSIAN[:2], "بیشتر بخوانید: اعتصاب کارکنان شناورها", PERSIAN[2], "انتهای پیام/")
        + "<p>ما را در تلگرام دنبال کنید</p></div>"
    )
    article = read(a_document("پل تازهٔ بندر گشوده شد", body, lang="fa"))
    assert (article.language, article.published_at) == ("fa", None)
    assert article.paragraphs == PERSIAN
    assert article.headings == []


def test_an_urdu_page_is_read_with_its_date():
    body = (
        "<h1>بندرگاہ کا نیا پل کھول دیا گیا</h1><div>5 جنوری 2026</div>"
        + paragraphs(URDU[0], "یہ بھی پڑھیں: کشتیوں کے عملے کی ہڑتال", *URDU[1:])
        + "<p>ہمیں فیس بک پر فالو کریں</p>"
    )
    article = read(a_document("بندرگاہ کا نیا پل کھول دیا گیا", body, lang="ur"))
    assert (article.language, article.paragraphs) == ("ur", URDU)
    assert article.published_at is not None
    assert article.published_at.date().isoformat() == "2026-01-05"


@pytest.mark.parametrize(
    ("encoding", "lines", "language"), [("windows-1255", HEBREW, "he"), ("windows-1251", RUSSIAN, "und")]
)
def test_what_says_that_it_is_in_another_script_is_not_made_arabic(
    encoding: str, lines: list[str], language: str
):
    html = a_document("x", f"<h1>{lines[0][:40]}</h1>" + paragraphs(*lines), f"<meta charset={encoding}>")
    article = read(html.encode(encoding))
    assert (article.paragraphs, article.language) == (lines, language)


@pytest.mark.parametrize("lie", ["windows-1251", "iso-8859-8", "gb2312", "koi8-r"])
def test_arabic_that_says_it_is_in_another_script_is_arabic_still(lie: str):
    html = a_document(TITLE, f"<h1>{TITLE}</h1>" + paragraphs(LEAD, SECOND, THIRD), f"<meta charset={lie}>")
    assert read(html.encode("windows-1256")).paragraphs == [LEAD, SECOND, THIRD]


def test_an_old_page_of_tables_has_its_title_where_it_is_printed():
    body = (
        f"<table><tr><td><a href=/>الرئيسية</a></td></tr><tr><td><font size=5><b>{TITLE}</b></font><br>05/01/2026 14:30<br><br>"
        f"<font>{LEAD}</font><br><br>{SECOND}<br><br>{THIRD}</td></tr></table>"
    )
    article = read(a_document(f"صحيفة المرفأ : {TITLE}", body))
    assert (article.title, article.paragraphs) == (TITLE, [LEAD, SECOND, THIRD])
    assert article.published_at == datetime(2026, 1, 5, 11, 30, tzinfo=UTC)


def test_a_sections_label_within_the_heading_is_no_part_of_the_title():
    body = (
        f"<article><h1><span>سياسة</span> {TITLE}</h1><p>الأحد 04/يناير/2026 - 09:15 ص</p>"
        + paragraphs(LEAD, SECOND, THIRD)
        + "<p>معجب بهذه:</p><p>إعجاب تحميل...</p></article>"
    )
    article = read(a_document(f"{TITLE} - المرفأ", body))
    assert (article.title, article.paragraphs) == (TITLE, [LEAD, SECOND, THIRD])
    assert article.published_at == datetime(2026, 1, 4, 6, 15, tzinfo=UTC)


def test_a_page_that_scripts_complete_is_read_from_its_linked_data():
    told = {"@type": "NewsArticle", "headline": TITLE, "articleBody": "\n".join(BODY)}
    head = f'<script type="application/ld+json">{json.dumps(told, ensure_ascii=False)}</script>'
    article = read(a_document(f"{TITLE} - المرفأ", "<div id=root></div>", head))
    assert (article.title, article.paragraphs) == (TITLE, BODY)


@pytest.mark.parametrize("title", ["404 - الصفحة غير موجودة", "Page not found", "صفحه مورد نظر یافت نشد"])
def test_a_page_that_says_it_is_gone_is_no_article(title: str):
    html = a_document(title, f"<h1>{title}</h1><p>عذرا، لم نجد ما تبحث عنه في هذا الموقع الكبير اليوم.</p>")
    with pytest.raises(SourceError) as caught:
        read(html)
    assert caught.value.reason is SourceReason.NOT_FOUND
    about = a_document(title, f"<h1>{title}</h1>" + paragraphs(LEAD, SECOND, THIRD))
    assert read(about).paragraphs == [LEAD, SECOND, THIRD]


@pytest.mark.parametrize(
    ("written", "when"),
    [
        ("1/5/2026 2:30:00 PM", "2026-01-05T14:30"),
        ("01/05/2026", "2026-01-05T00:00"),
        ("05/01/2026 02:30 م", "2026-01-05T14:30"),
        ("lundi 5 janvier 2026 à 14h30", "2026-01-05T14:30"),
        ("5th of January 2026", "2026-01-05T00:00"),
        ("۵ ژانویه ۲۰۲۶ - ۱۴:۳۰", "2026-01-05T14:30"),
        ("5 בינואר 2026", "2026-01-05T00:00"),
        ("2026-1-5 9:5:00", None),
        ("۱۵ دی ۱۴۰۴", None),
        ("Yesterday at 14:30", None),
        ("2026-02-30", None),
    ],
)
def test_a_date_of_another_habit_is_right_or_unknown(written: str, when: str | None):
    found = parse_date(written, zone="UTC", now=NOW)
    assert (found.isoformat()[:16] if found else None) == when


def first(body: str | bytes) -> FeedItem:
    found = feed.parse(body.encode() if isinstance(body, str) else body, url="https://q.example/rss", now=NOW)
    return found.items[0]


def test_an_atom_person_has_a_name_and_xhtml_its_paragraphs():
    item = first(
        "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:x='http://www.w3.org/1999/xhtml'><title>المرفأ</title><entry>"
        "<title type='xhtml'><x:div>خبر <x:b>مهم</x:b></x:div></title><link rel='alternate' href='/1'/>"
        "<link rel='enclosure' type='image/jpeg' href='/p.jpg'/><author><name>ليلى</name><email>a@q.example</email></author>"
        "<content type='xhtml'><x:div><x:p>أولى</x:p><x:p>ثانية</x:p></x:div></content></entry></feed>"
    )
    assert (item.title, item.author, item.url) == ("خبر مهم", "ليلى", "https://q.example/1")
    assert item.image_url == "https://q.example/p.jpg"
    assert item.content_html == "<div><p>أولى</p><p>ثانية</p></div>"


@pytest.mark.parametrize(
    ("author", "name"),
    [("a@q.example (ليلى حداد)", "ليلى حداد"), ("a@q.example", None), ("ليلى @layla", "ليلى @layla")],
)
def test_a_mail_address_is_nobodys_name(author: str, name: str | None):
    item = first(f"<rss><channel><item><title>خبر</title><author>{author}</author></item></channel></rss>")
    assert item.author == name


def test_an_rdf_item_without_a_link_is_where_it_says_it_is_about():
    item = first(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel/>'
        '<item rdf:about="https://q.example/1"><title>خبر من الميناء</title></item></rdf:RDF>'.encode(
            "cp1256"
        )
    )
    assert (item.title, item.url) == ("خبر من الميناء", "https://q.example/1")


def test_a_picture_within_the_text_is_the_items_unless_it_counts_visits():
    text = "&lt;img src='/count.gif' width='1' height='1'&gt;&lt;img alt='الجسر' src='/p.jpg'&gt;نص"
    item = first(
        f"<rss><channel><item><title>خبر</title><description>{text}</description></item></channel></rss>"
    )
    assert (item.image_url, item.image_alt) == ("https://q.example/p.jpg", "الجسر")
    attached = [{"url": "/a.mp3", "mime_type": "audio/mpeg"}, {"url": "/p.jpg", "mime_type": "image/jpeg"}]
    told = {"items": [{"title": "خبر", "attachments": attached}]}
    assert first(json.dumps(told)).image_url == "https://q.example/p.jpg"


@pytest.mark.parametrize(
    ("encoding", "title"),
    [
        ("windows-1251", "Новый мост открыт для грузовиков"),
        ("ISO-8859-7", "Νέα γέφυρα άνοιξε για φορτηγά"),
        ("GB2312", "新大桥周一向卡车开放"),
        ("windows-1252", "“Café” bridge – it’s open"),
        ("ISO-8859-9", "Yeni köprü açıldı, şehir rahatladı"),
        ("utf-16", "خبر من الميناء"),
    ],
)
def test_a_feed_of_another_script_is_read_as_it_says(encoding: str, title: str):
    xml = f"<?xml version='1.0' encoding='{encoding}'?><rss><channel><item><title>{title}</title></item></channel></rss>"
    assert first(xml.encode(encoding)).title == title
