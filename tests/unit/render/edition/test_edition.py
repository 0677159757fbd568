"""What stands in an edition's mail, in both its parts."""

import re
from datetime import date, timedelta
from html import unescape
from itertools import pairwise

import pytest

from digest.render.edition import base64_size, render, smaller_and_smaller
from digest.render.message.rendered import Token
from digest.render.templating.theme import Theme
from digest.text.direction.bidi import first_strong
from tests.unit.render.edition.showing import made, one_section, shown
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

DAILY = KINDS = ("daily", "weekly", "breaking")


def test_the_masthead_has_both_calendars_the_number_and_the_reading_time():
    for page in (shown(made().html), made().text):
        assert "الاثنين ٥ يناير ٢٠٢٦" in page
        assert "١٦ رجب ١٤٤٧ هـ" in page
        assert "العدد ١٢" in page
        assert re.search("تُقرأ في (?:دقيقة واحدة|دقيقتين|[٣-٩] دقائق)", page)


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


def test_the_heaviest_story_leads():
    page = shown(made().html)
    lead, contents = (page.index(word) for word in ("خبر اليوم", "عناوين سريعة"))
    assert lead < page.index("المجلس البلدي في مدينة النخيل يقر", lead) < contents


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


def test_an_edition_is_handed_on_once_by_a_short_address_of_ours():
    html = made().html
    shared = re.findall(r'href="(https://(?:wa\.me|t\.me)/[^"]+)"', html)
    assert shared == [
        "https://wa.me/?text=https%3A%2F%2Fmujaz.example%2Fl%2Fdaily%2F12",
        "https://t.me/share/url?url=https%3A%2F%2Fmujaz.example%2Fl%2Fdaily%2F12",
    ]
    assert "%25" not in html


def test_without_a_web_edition_nothing_is_handed_on():
    assert "wa.me" not in render(an_edition(), a_mail_style(edition_url=""), now=NOW).html


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(hours=3), "٤:٠٠ ص"),
        (timedelta(hours=14, minutes=35), "أمس ٤:٢٥ م"),
        (timedelta(hours=30), "أمس ١:٠٠ ص"),
        (timedelta(hours=33), "السبت"),
        (timedelta(days=6), "الثلاثاء"),
        (timedelta(days=7), "٢٩ ديسمبر ٢٠٢٥"),
    ],
)
def test_times_in_a_mail_are_right_on_whatever_day_it_is_read(before: timedelta, said: str):
    story = told("خبر", "جملة تروي الخبر.")
    old = story.articles[0].model_copy(update={"published_at": NOW - before})
    text = made(one_section(story.model_copy(update={"articles": (old,)}))).text
    assert f"بحسب المرفأ، {said}\n" in text
    assert "قبل" not in text


def test_no_time_is_told_of_what_says_to_come_later():
    story = told("خبر", "جملة تروي الخبر.")
    late = story.articles[0].model_copy(update={"published_at": NOW + timedelta(hours=2)})
    assert "\nبحسب المرفأ\n" in made(one_section(story.model_copy(update={"articles": (late,)}))).text


def test_a_review_and_an_alert_say_what_they_are_instead_of_what_the_list_is():
    style = a_mail_style(description="أهم أخبار اليوم، كل صباح.")
    daily, weekly, alert = (render(an_edition(kind=kind), style, now=NOW).text for kind in KINDS)
    assert "كل صباح" in daily
    assert "أهم ما جرى هذا الأسبوع" in weekly
    assert "لا يحتمل انتظار" in alert
    assert "كل صباح" not in weekly + alert


def test_a_list_of_weekly_editions_keeps_its_own_description():
    style = a_mail_style(layout="weekly", description="مراجعة كل جمعة.")
    assert "مراجعة كل جمعة." in render(an_edition(kind="weekly"), style, now=NOW).text


def test_the_footer_says_why_and_how_to_leave():
    mail = render(
        an_edition(),
        a_mail_style(social=social(), postal_address="ص.ب. 12، النخيل", theme=Theme(note="شكرا لكم")),
        now=NOW,
    )
    for page in (mail.text, mail.html):
        assert all(token in page for token in Token if token is not Token.GREETING)
        assert "https://x.example/mujaz" in page
    for page in (mail.text, shown(mail.html)):
        assert "لأنك اشتركت في «موجز اليوم»" in page
        assert "ص.ب. ١٢، النخيل" in page
        assert "شكرا لكم" in page


def test_a_greeting_opens_the_edition():
    text = render(an_edition(), a_mail_style(theme=Theme(greeting="صباح الخير قراءنا")), now=NOW).text
    assert text.index("صباح الخير قراءنا") < text.index("خبر اليوم")


def test_what_does_not_fit_is_on_the_web():
    many = tuple(told(f"خبر رقم {n}", "جملة تروي الخبر.", score=1.0) for n in range(200))
    mail = made(one_section(*many))
    assert 15 <= mail.text.count("جملة تروي الخبر.") + mail.text.count("• الاقتصاد") <= 26
    assert "بقية الأخبار على الويب (١٧٤ خبر\u064bا): https://mujaz.example/l/daily/12" in mail.text
    assert base64_size(mail.html) <= 102_400


def test_a_mail_that_is_a_little_too_large_is_told_with_one_story_less():
    asked = [(one.summarized, one.items) for one in smaller_and_smaller("daily")]
    (told, items), *fewer = asked
    assert fewer[:6] == [(told - n, items - n) for n in range(1, 7)]
    assert asked[-1] == (1, 1)
    assert len(asked) <= 22
    assert all(one > other for one, other in pairwise(items for _, items in asked))


def test_nothing_is_left_to_a_web_edition_that_does_not_exist():
    many = tuple(told(f"خبر رقم {n}", "جملة تروي الخبر.") for n in range(30))
    mail = render(an_edition(one_section(*many)), a_mail_style(edition_url=""), now=NOW)
    assert "بقية الأخبار" not in mail.text
    assert 'href=""' not in mail.html


def test_a_weekly_edition_counts_its_top_stories_and_names_its_days():
    mail = made(layout="weekly", kind="weekly", window_start=NOW - timedelta(days=7))
    for page in (mail.text, shown(mail.html)):
        assert "من ٢٩ ديسمبر ٢٠٢٥ إلى ٥ يناير ٢٠٢٦، ٩ – ١٦ رجب ١٤٤٧ هـ" in page
        assert "حصاد الأسبوع" in page
        assert "أبرز ما حدث" in page
    assert "٥. " in mail.text


@pytest.mark.parametrize("kind", ["weekly", "breaking"])
def test_a_daily_list_s_weekly_and_breaking_editions_have_their_own_layouts(kind: str):
    assert made(kind=kind) == made(kind=kind, layout=kind)
    assert made(kind=kind) != made()


def test_an_alert_whose_headline_is_whole_only_without_the_word_urgent_goes_without_it():
    whole = "أكثر من مئة قتيل في تحطم طائرة شحن في تلدارين"
    subjects = [
        made(one_section(told(line, "جملة تروي الخبر.")), kind="breaking").subject
        for line in (whole, "تحطم طائرة شحن في تلدارين")
    ]
    assert subjects == [whole, "عاجل: تحطم طائرة شحن في تلدارين"]


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
def test_a_subject_is_short_and_runs_from_the_right(headline: str):
    mail = render(
        an_edition(one_section(told(headline, "جملة تروي الخبر."))), a_mail_style(list_name="Mujaz"), now=NOW
    )
    assert len(mail.subject) <= 48
    assert mail.subject.count(":") <= 1
    assert first_strong(mail.subject) == "AL"
    assert not re.search("[\u200e\u200f\u202a-\u202e\u2066-\u2069\n]", mail.subject)


def test_the_same_edition_gives_the_same_bytes():
    assert made() == made()


def test_sections_keep_the_order_of_the_list():
    text = made().text
    places = [text.index(f"\n{section.title}\n") for section in full_sections()[:6]]
    assert places == sorted(places)
