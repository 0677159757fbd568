"""What stands in an edition's mail, in both its parts."""

import re
from datetime import date, timedelta
from html import unescape

import pytest

from digest.model import DataBlock, Section, Summary, SummarySentence
from digest.render.edition import RenderedEdition, base64_size, render
from digest.render.message.rendered import Token
from digest.render.theme import Theme
from tests.builders import a_story
from tests.unit.render.editions import (
    NOW,
    a_mail_style,
    an_edition,
    corrections,
    data_blocks,
    full_sections,
    social,
    told,
)

DAILY = ("daily", "weekly", "breaking")


def made(*sections: Section, layout: str = "daily", **fields: object) -> RenderedEdition:
    return render(an_edition(*sections, **fields), a_mail_style(layout=layout), now=NOW)


def shown(html: str) -> str:
    """What a reader sees of a page."""
    body = re.sub(r"(?s)<head>.*?</head>|<!--.*?-->", "", html)
    body = re.sub(r"</?(?:span|b)\b[^>]*>", "", body)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def one_section(*stories: object) -> Section:
    return Section(key="economy", title="الاقتصاد", stories=stories)  # type: ignore[arg-type]


def test_the_masthead_has_both_calendars_the_number_and_the_reading_time():
    for page in (shown(made().html), made().text):
        assert "الاثنين ٥ يناير ٢٠٢٦" in page
        assert "١٦ رجب ١٤٤٧ هـ" in page
        assert "العدد ١٢" in page
        assert re.search("قراءة (?:دقيقة واحدة|دقيقتين|[٣-٩] دقائق)", page)


def test_the_moon_may_be_a_day_off():
    moved = render(an_edition(), a_mail_style(hijri_offset=-1), now=NOW)
    assert "١٥ رجب ١٤٤٧ هـ" in moved.text


def test_the_months_are_those_of_the_country():
    june = an_edition(local_date=date(2026, 6, 5))
    names = {
        months: render(june, a_mail_style(months=months), now=NOW).text
        for months in ("default", "levant", "maghreb")
    }
    assert "يونيو" in names["default"]
    assert "حزيران" in names["levant"]
    assert "جوان" in names["maghreb"]


def test_the_heaviest_story_leads_and_says_why_it_matters():
    page = shown(made().html)
    lead, why, contents = (page.index(word) for word in ("الخبر الأول", "لماذا يهم\u0651ك", "عناوين سريعة"))
    assert lead < page.index("المجلس البلدي في مدينة النخيل يقر", lead) < why < contents
    assert "نشرته ٣ مصادر: صحيفة المرفأ، وكالة الساحل، Palm Times." in page[why:contents]


def test_why_it_matters_is_hidden_when_the_data_say_nothing():
    assert "لماذا" not in made(one_section(told("خبر من مصدر واحد", "جملة تروي الخبر."))).text


def test_what_readers_follow_is_a_reason():
    content = an_edition(one_section(told("المجلس يقر خطة المياه", "جملة تروي الخبر.")))
    assert (
        "يتصل بما تتابعه هذه النشرة: «المياه»"
        in render(content, a_mail_style(keywords=("المياه", "النقل")), now=NOW).text
    )
    assert "يتصل" not in render(content, a_mail_style(keywords=("النقل",)), now=NOW).text


@pytest.mark.parametrize("layout", DAILY)
def test_both_parts_have_the_same_stories_and_links(layout: str):
    mail = render(
        an_edition(blocks=data_blocks(), corrections=corrections()),
        a_mail_style(layout=layout, social=social()),
        now=NOW,
    )
    links = {unescape(url).split("#")[0] for url in re.findall(r'href="([^"]+)"', mail.html)}
    links = {url for url in links if not url.startswith(("https://wa.me/", "https://t.me/share/"))}
    in_text = set(re.findall(r"https?://\S+|__MUJAZ_\w+__", mail.text)) - {Token.EMAIL.value}
    assert in_text == links
    for story in an_edition().stories:
        assert (story.headline in shown(mail.html)) == (story.headline in mail.text)


def test_every_story_has_credit_and_a_way_to_hand_it_on():
    html = made(one_section(told("افتتاح الجسر", "فتح الجسر أمس.", by=("المرفأ", "الضحى")))).html
    assert "المرفأ · قبل ٣ ساعات" in shown(html)
    assert "نشره مصدران" in shown(html)
    story = told("افتتاح الجسر")
    assert f'href="{story.articles[0].url}"' in made(one_section(told("افتتاح الجسر", "فتح الجسر أمس."))).html
    assert (
        "https://wa.me/?text=%D8%A7%D9%81%D8%AA%D8%AA%D8%A7%D8%AD%20%D8%A7%D9%84%D8%AC%D8%B3%D8%B1%0Ahttps%3A%2F%2F"
        in html
    )
    assert "https://t.me/share/url?url=https%3A%2F%2Fmarfa.example" in html


def test_figures_of_the_day_stand_word_for_word_in_the_edition():
    page = shown(made().html)
    start = page.index("أرقام اليوم")
    assert "١٢٫٥٪" in page[start:]
    assert (
        page.count("ارتفعت حركة الحاويات في الميناء الشرقي بنسبة ١٢٫٥٪ خلال العام الماضي، وهو أعلى معدل") == 2
    )


def test_without_figures_blocks_and_corrections_there_are_no_such_boxes():
    text = made(one_section(told("خبر", "جملة بلا عدد فيها أبدا."))).text
    assert not any(word in text for word in ("أرقام", "تصحيح", "الأسواق", "في سطور", "عناوين سريعة"))


def test_data_blocks_and_corrections_are_shown_with_their_source():
    mail = made(blocks=data_blocks(), corrections=corrections())
    for page in (shown(mail.html), mail.text):
        assert "٨٬٤١٢٫٦" in page
        assert "▲" in page
        assert "٠٥:١٤" in page
        assert "هيئة السوق" in page
        assert "حتى ٠٧:٠٠" in page
        assert "والصحيح ٢٠٣ محال" in page
        assert "عن العدد ١١" in page


def test_a_block_without_rows_is_hidden():
    assert "الطقس" not in made(blocks=(DataBlock(title="الطقس", kind="weather"),)).html


def test_the_footer_says_why_and_how_to_leave():
    mail = render(
        an_edition(),
        a_mail_style(social=social(), postal_address="ص.ب. 12، النخيل", theme=Theme(note="شكرا لكم")),
        now=NOW,
    )
    for page in (mail.text, mail.html):
        assert all(token in page for token in Token)
        assert "https://x.example/mujaz" in page
    for page in (mail.text, shown(mail.html)):
        assert "لأنك اشتركت في «موجز اليوم»" in page
        assert "ص.ب. ١٢، النخيل" in page
        assert "شكرا لكم" in page


def test_a_greeting_opens_the_edition():
    text = render(an_edition(), a_mail_style(theme=Theme(greeting="صباح الخير قراءنا")), now=NOW).text
    assert text.index("صباح الخير قراءنا") < text.index("الخبر الأول")


def test_what_does_not_fit_is_on_the_web():
    many = tuple(told(f"خبر رقم {n}", "جملة تروي الخبر.", score=1.0) for n in range(200))
    mail = made(one_section(*many))
    assert 15 <= mail.text.count("جملة تروي الخبر.") + mail.text.count("• الاقتصاد") <= 20
    assert "بقية الأخبار على الويب (١٨٠ خبر\u064bا): https://mujaz.example/l/daily/12" in mail.text
    assert base64_size(mail.html) <= 102_400


def test_nothing_is_left_to_a_web_edition_that_does_not_exist():
    many = tuple(told(f"خبر رقم {n}", "جملة تروي الخبر.") for n in range(30))
    mail = render(an_edition(one_section(*many)), a_mail_style(edition_url=""), now=NOW)
    assert "بقية الأخبار" not in mail.text
    assert 'href=""' not in mail.html


def test_a_weekly_edition_counts_its_top_stories_and_names_its_days():
    mail = made(layout="weekly", kind="weekly", window_start=NOW - timedelta(days=7))
    assert mail.subject.startswith("حصاد الأسبوع: ")
    for page in (mail.text, shown(mail.html)):
        assert "الاثنين ٢٩ ديسمبر ٢٠٢٥ – الاثنين ٥ يناير ٢٠٢٦" in page
        assert "أبرز ما حدث" in page
    assert "٥. " in mail.text


@pytest.mark.parametrize("kind", ["weekly", "breaking"])
def test_a_daily_list_s_weekly_and_breaking_editions_have_their_own_layouts(kind: str):
    assert made(kind=kind) == made(kind=kind, layout=kind)
    assert made(kind=kind) != made()


def test_an_alert_names_everybody_who_tells_it():
    story = told(
        "زلزال خفيف قبالة الساحل", "سجلت المراصد زلزالا خفيفا.", by=("المرفأ", "الضحى"), breaking=True
    )
    mail = made(one_section(story), layout="breaking", kind="breaking")
    assert mail.subject == "عاجل: زلزال خفيف قبالة الساحل"
    for page in (mail.text, shown(mail.html)):
        assert "من رواه" in page
        assert "قبل ٤ ساعات" in page
    assert all(article.url in mail.html for article in story.articles if article.url)


@pytest.mark.parametrize("layout", DAILY)
def test_the_title_is_the_subject_and_the_preheader_is_something_else(layout: str):
    mail = made(layout=layout)
    title = re.search("<title>(.*?)</title>", mail.html)
    preheader = re.search('class="preheader"[^>]*>(.*?)</div>', mail.html)
    assert title
    assert preheader
    assert unescape(title[1]) == mail.subject
    text = shown(f"<p>{preheader[1]}</p>")
    assert 40 <= len(text) <= 110
    assert text != mail.subject


@pytest.mark.parametrize(
    "headline",
    ["Only Latin words in this headline", "BBC: خبر من لندن", "2026 عام المياه", "ع" * 300, "كلمة " * 60],
)
def test_a_subject_is_short_and_begins_with_an_arabic_letter(headline: str):
    mail = render(
        an_edition(one_section(told(headline, "جملة تروي الخبر."))), a_mail_style(list_name="Mujaz"), now=NOW
    )
    assert len(mail.subject) <= 80
    assert "\u0621" <= mail.subject[0] <= "\u064a"
    assert not re.search("[\u200e\u200f\u202a-\u202e\u2066-\u2069\n]", mail.subject)


def test_the_same_edition_gives_the_same_bytes():
    assert made() == made()


def test_sections_keep_the_order_of_the_list():
    text = made().text
    places = [text.index(f"\n{section.title}\n") for section in full_sections()[:6]]
    assert places == sorted(places)


def test_a_summary_that_a_machine_wrote_says_so_unless_the_label_is_off():
    written = Summary(sentences=(SummarySentence(text="افتتحت هيئة الطرق الجسر."),), method="llm")
    content = an_edition(one_section(a_story(summary=written)))
    assert "ملخ\u0651ص آلي" in render(content, a_mail_style(), now=NOW).text
    assert "ملخ\u0651ص آلي" not in render(content, a_mail_style(machine_label=False), now=NOW).text
    plain = an_edition(one_section(a_story()))
    assert "ملخ\u0651ص آلي" not in render(plain, a_mail_style(), now=NOW).text
