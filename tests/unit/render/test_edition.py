"""What stands in an edition's mail, in both its parts."""

import re
from datetime import date, timedelta
from html import unescape

import pytest

from digest.model import (
    DataBlock,
    EditionOpening,
    OpeningSentence,
    Related,
    Section,
    Summary,
    SummarySentence,
)
from digest.render.edition import RenderedEdition, base64_size, render
from digest.render.message.rendered import Token
from digest.render.templating.theme import Theme
from digest.text.direction.bidi import first_strong
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

DAILY = KINDS = ("daily", "weekly", "breaking")


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


def test_why_a_story_matters_is_the_sentence_that_was_found():
    story = told(
        "المجلس يقر الخطة",
        "جملة تروي الخبر.",
        why=SummarySentence(text="يرفع القرار كلفة المياه على ٢٠٠ ألف أسرة."),
    )
    for page in (shown(made(one_section(story)).html), made(one_section(story)).text):
        assert re.search(r"لماذا يهمّك؟\s+(?:• )?يرفع القرار كلفة المياه على ٢٠٠ ألف أسرة\.", page)
        assert "لماذا اخترناه" not in page


def test_the_box_says_nothing_that_the_credit_or_the_mark_says():
    three = told("خبر من ثلاثة مصادر", "جملة تروي الخبر.", by=("المرفأ", "الضحى", "نوافذ"), update=True)
    for story in (three, told("خبر من مصدر واحد", "جملة تروي الخبر.")):
        assert "لماذا" not in made(one_section(story)).text


def test_whom_the_credit_does_not_name_the_box_does():
    story = told("خبر شائع", "جملة تروي الخبر.", by=("المرفأ", "الضحى", "نوافذ", "السهل", "الجبل"))
    text = made(one_section(story)).text
    assert "بحسب المرفأ والضحى و٣ مصادر أخرى، ٤:٠٠ ص" in text
    assert "لماذا اخترناه\n• نشرته ٥ مصادر: المرفأ والضحى ونوافذ والسهل والجبل.\n" in text


def test_an_update_with_a_new_count_of_dead_was_chosen_for_that():
    story = told("ارتفاع حصيلة انهيار الجسر", "جملة تروي الخبر.", update=True, new_toll=19)
    assert "لماذا اخترناه\n• ارتفعت حصيلة القتلى إلى ١٩ منذ خبرنا السابق.\n" in made(one_section(story)).text


def test_only_what_its_publisher_marked_is_said_to_be_urgent():
    claim = "نشره المصدر خبرًا عاجلًا."
    marked = told("زلزال خفيف قبالة الساحل", "سجلت المراصد زلزالا خفيفا.", breaking=True)
    by_hand = marked.model_copy(update={"breaking_by": "editor"})
    assert claim not in made(one_section(by_hand), kind="breaking").text
    assert claim in made(one_section(marked), kind="breaking").text


def test_what_readers_follow_is_a_reason():
    content = an_edition(one_section(told("المجلس يقر خطة المياه", "جملة تروي الخبر.")))
    assert (
        "يتصل بموضوعات تتابعها النشرة: «المياه»"
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


def test_credit_and_the_way_to_the_page_stand_in_one_row():
    html = made(one_section(told("افتتاح الجسر", "فتح الجسر أمس.", by=("المرفأ", "الضحى")))).html
    assert "بحسب المرفأ والضحى، ٤:٠٠ ص التفاصيل ←" in shown(html)
    assert "نشره مصدران" not in shown(html)


def test_the_outlet_whose_headline_it_is_stands_first_and_is_linked():
    story = told(
        "مراكز الاقتراع تفتح أبوابها", "فتحت المراكز صباح الثلاثاء.", by=("المرفأ", "الضحى", "نوافذ")
    )
    first, second, third = story.articles
    mixed = story.model_copy(
        update={
            "articles": (first.model_copy(update={"title": "تنافس على مقعد البلدية"}), second, third),
            "summary": Summary(sentences=(SummarySentence(text="فتحت المراكز.", article=2),)),
        }
    )
    mail = made(one_section(mixed))
    assert "بحسب الضحى ونوافذ والمرفأ، ٣:٠٠ ص" in mail.text
    assert f'href="{second.url}"' in mail.html
    assert str(first.url) not in mail.html


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


def test_what_three_outlets_tell_has_a_larger_headline():
    two, three = ("المرفأ", "الضحى"), ("المرفأ", "الضحى", "نوافذ")
    html = made(
        one_section(
            told("الأول", "جملة.", score=9.0),
            told("من ثلاثة", "جملة.", by=three),
            told("من اثنين", "جملة.", by=two),
        )
    ).html
    sizes = {
        name: re.search(rf"<h3[^>]*font-size:\s?(\d+)px[^>]*>[^<]*<a[^>]*>{name}", html)
        for name in ("من ثلاثة", "من اثنين")
    }
    big, small = (int(found[1]) for found in sizes.values() if found)
    assert big > small


def test_other_sides_of_a_matter_stand_in_one_line():
    also = Related(headline="سكان الحي يحتجون", outlet="نوافذ", url="https://nawafidh.example/7")
    story = told("افتتاح الجسر", "فتح الجسر أمس.", related=(also,))
    mail = made(one_section(story))
    for page in (shown(mail.html), mail.text):
        assert "وفي الشأن نفسه: سكان الحي يحتجون (نوافذ)" in page
        assert "https://nawafidh.example/7" in mail.text
    assert 'href="https://nawafidh.example/7"' in mail.html


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


def test_figures_of_the_day_stand_word_for_word_in_the_edition():
    page = shown(made().html)
    start = page.index("أرقام اليوم")
    assert "١٢٫٥٪" in page[start:]
    assert (
        page.count("ارتفعت حركة الحاويات في الميناء الشرقي بنسبة ١٢٫٥٪ خلال العام الماضي، وهو أعلى معدل") == 2
    )


def test_without_figures_blocks_and_corrections_there_are_no_such_boxes():
    text = made(one_section(told("خبر", "جملة بلا عدد فيها أبدا."))).text
    assert not any(word in text for word in ("أرقام", "تصحيح", "الأسواق", "باختصار", "عناوين سريعة"))


def test_data_blocks_and_corrections_are_shown_with_their_source():
    mail = made(blocks=data_blocks(), corrections=corrections())
    for page in (shown(mail.html), mail.text):
        assert "٨٬٤١٢٫٦" in page
        assert "▲" in page
        assert "٠٥:١٤" in page
        assert "هيئة السوق" in page
        assert "حتى ٧:٠٠ ص" in page
        assert "والصحيح ٢٠٣ محال" in page
        assert "عن العدد ١١" in page


@pytest.mark.parametrize(("layout", "below"), [("daily", "خبر اليوم"), ("weekly", "أبرز ما حدث")])
def test_a_written_opening_stands_at_the_top_each_sentence_with_its_outlet(layout: str, below: str):
    key = an_edition().sections[0].stories[0].key
    opening = EditionOpening(sentences=(OpeningSentence(text="بدأ موسم الحصاد في السهل.", story=key),))
    mail = made(layout=layout, opening=opening)
    outlet = an_edition().sections[0].stories[0].articles[0].source
    for page in (shown(mail.html), mail.text):
        assert re.search(rf"بدأ موسم الحصاد في السهل\. \(\s*{outlet}\s*\)", page)
        assert page.index("ماذا حدث، ولماذا يهم") < page.index(below)


def test_without_an_opening_nothing_is_said_of_one():
    gone = EditionOpening(sentences=(OpeningSentence(text="خبر لا أصل له.", story="none"),))
    for opening in (EditionOpening(), gone):
        assert "ماذا حدث" not in made(opening=opening).text


def test_a_block_without_rows_is_hidden():
    assert "الطقس" not in made(blocks=(DataBlock(title="الطقس", kind="weather"),)).html


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


def test_an_alert_names_everybody_who_tells_it():
    story = told(
        "زلزال خفيف قبالة الساحل", "سجلت المراصد زلزالا خفيفا.", by=("المرفأ", "الضحى"), breaking=True
    )
    mail = made(one_section(story), layout="breaking", kind="breaking")
    assert mail.subject == "عاجل: زلزال خفيف قبالة الساحل"
    for page in (mail.text, shown(mail.html)):
        assert "المصادر" in page
        assert "٣:٠٠ ص" in page
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


def test_a_summary_that_a_machine_wrote_says_so_unless_the_label_is_off():
    written = Summary(sentences=(SummarySentence(text="افتتحت هيئة الطرق الجسر."),), method="llm")
    content = an_edition(one_section(a_story(summary=written)))
    assert "ملخ\u0651ص آلي" in render(content, a_mail_style(), now=NOW).text
    assert "ملخ\u0651ص آلي" not in render(content, a_mail_style(machine_label=False), now=NOW).text
    plain = an_edition(one_section(a_story()))
    assert "ملخ\u0651ص آلي" not in render(plain, a_mail_style(), now=NOW).text
