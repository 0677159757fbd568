"""Thin, odd or missing content makes a whole mail, or none with the reason."""

import pytest

from digest.errors import EditionHeldError
from digest.model import ArticleRef, Section
from digest.render.edition import MOST_BASE64, base64_size, render
from digest.render.message.mime import prepare
from digest.render.templating.theme import Theme
from tests.unit.render.edition.showing import made, one_section
from tests.unit.render.editions import NOW, a_mail_style, an_edition, told
from tests.unit.render.message import independent
from tests.unit.render.message.mail import a_head, a_recipient

LAYOUTS = ("daily", "weekly", "breaking")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_one_story_alone_makes_a_whole_mail(layout: str):
    mail = made(one_section(told("خبر وحيد", "جملة وحيدة.")), layout=layout)
    assert mail.text.count("خبر وحيد") >= 1
    assert "None" not in mail.html


def test_an_empty_section_is_not_shown():
    empty = Section(key="sport", title="الرياضة")
    mail = made(one_section(told("خبر وحيد", "جملة وحيدة.")), empty)
    assert "الرياضة" not in mail.html


def test_without_stories_the_edition_is_held():
    with pytest.raises(EditionHeldError, match="no stories"):
        made(Section(key="sport", title="الرياضة"))


def test_a_story_without_a_summary_is_told_in_one_line():
    mail = made(
        one_section(told("خبر مروي", "جملة تروي الخبر.", score=3.0), told("خبر بعنوانه فقط", score=9.0))
    )
    assert mail.text.index("خبر مروي") < mail.text.index("باختصار") < mail.text.index("خبر بعنوانه فقط")


def test_an_article_without_time_or_address_is_credited_all_the_same():
    story = told("خبر مجهول الوقت", "جملة تروي الخبر.").model_copy(
        update={"articles": (ArticleRef(title="خبر", source="الضحى"),)}
    )
    mail = render(an_edition(one_section(story)), a_mail_style(edition_url=""), now=NOW)
    assert "\nبحسب الضحى\n" in mail.text
    assert 'href=""' not in mail.html
    assert "الرابط" not in mail.text


@pytest.mark.parametrize(
    ("url", "is_shown"),
    [
        ("https://marfa.example/pictures/water.jpg", True),
        ("https://marfa.example/media/1234", True),
        ("http://marfa.example/water.jpg", False),
        ("https://marfa.example/water.webp", False),
        ("https://marfa.example/water.svg?x=1.jpg", False),
        ("javascript:alert(1)", False),
        ("data:image/png;base64,AAAA", False),
        (None, False),
    ],
)
def test_only_pictures_that_mail_programs_show_are_used(url: str | None, is_shown: bool):
    html = made(one_section(told("خبر بصورة", "جملة تروي الخبر.", image_url=url))).html
    assert ("<img" in html) is is_shown
    if is_shown:
        assert 'alt="صورة الخبر: خبر بصورة"' in html
        assert 'width="536"' in html


def test_a_list_can_do_without_pictures():
    story = told("خبر بصورة", "جملة.", image_url="https://marfa.example/a.jpg")
    html = render(an_edition(one_section(story)), a_mail_style(theme=Theme(images=False)), now=NOW).html
    assert "<img" not in html


def test_a_long_headline_is_whole_in_the_story_and_cut_elsewhere():
    headline = ("الوزارة تعلن خطة جديدة " * 13).strip()[:290]
    mail = made(one_section(told(headline, "جملة تروي الخبر.")))
    assert headline.strip() in mail.text
    assert len(mail.subject) <= 80


def test_a_headline_of_three_hundred_characters_is_whole_and_a_longer_one_is_cut_between_words():
    words = "الوزارة تعلن خطة جديدة للمياه " * 20
    whole, longer = words[:300].rstrip().ljust(300, "ا"), words[:400].rstrip()
    assert len(whole) == 300
    assert whole in made(one_section(told(whole, "جملة تروي الخبر."))).text
    text = made(one_section(told(longer, "جملة تروي الخبر."))).text
    assert longer not in text
    (line,) = {one for one in text.splitlines() if one.startswith("الوزارة") and one.endswith("…")}
    assert len(line) <= 300


@pytest.mark.parametrize("layout", LAYOUTS)
def test_two_hundred_stories_of_the_greatest_length_make_a_mail_that_is_shown_whole(layout: str):
    headline, sentence = "الوزارة تعلن خطة للمياه " * 12, "أعلنت الوزارة خطة جديدة للمياه في المدينة. " * 13
    many = tuple(told(f"{n} {headline}", sentence, sentence, sentence, score=1.0 + n) for n in range(200))
    sections = [
        Section(key=f"k{n}", title="الأخبار المحلية", stories=many[n * 25 : n * 25 + 25]) for n in range(8)
    ]
    mail = made(*sections, layout=layout)
    built = prepare(mail, a_head()).build(a_recipient())
    html = independent.message(built).parts[1]
    assert base64_size(html.content.decode()) <= MOST_BASE64
    assert "بقية الأخبار على الويب" in mail.html


def test_only_latin_text_is_set_apart_and_still_laid_out_from_the_right():
    mail = made(
        one_section(told("Harbour opens new berths", "The harbour opened three berths.", by=("Palm Times",)))
    )
    assert '<span dir="ltr">Harbour opens new berths</span>' in mail.html
    assert "\n\u200fHarbour opens new berths\n" in mail.text
    assert mail.subject == "أخبار: Harbour opens new berths"


def test_a_summary_that_is_no_sentence_is_shown_as_it_is():
    assert "كلمتان فقط" in made(one_section(told("خبر", "كلمتان فقط"))).text


def test_sentences_that_show_nothing_are_left_out():
    mail = made(one_section(told("خبر", "\u200b \u202e", "جملة تروي الخبر.")))
    assert "خبر\nجملة تروي الخبر.\n" in mail.text
