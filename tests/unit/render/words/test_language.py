"""The direction and the words follow the list's language; nothing is Arabic by itself."""

import re
import string

import pytest

from digest.render.edition import render
from digest.render.notice import render_notice
from digest.render.words import catalogue
from digest.text.direction.bidi import direction, first_strong
from digest.text.languages import LANGUAGES
from tests.unit.render.edition.showing import shown
from tests.unit.render.editions import NOW, a_mail_style
from tests.unit.render.languages import speaking

LAYOUTS = ("daily", "weekly", "breaking")
EVERY = [(language, layout) for language in LANGUAGES for layout in LAYOUTS]
FOREIGN_DIGITS = {"arab": "[0-9۰-۹]", "arabext": "[0-9٠-٩]", "latn": "[٠-٩۰-۹]"}
DIGITS = {"ar": "arab", "fa": "arabext", "ur": "arabext", "he": "latn", "en": "latn"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word_with_the_same_places(language: str):
    def places(words: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(words) if name}

    arabic, other = catalogue("ar").words, catalogue(language).words
    assert set(other) == set(arabic)
    assert all(words.strip() for words in other.values())
    assert {name: places(words) for name, words in other.items()} == {
        name: places(words) for name, words in arabic.items()
    }


@pytest.mark.parametrize(("language", "layout"), EVERY)
def test_direction_and_sides_are_those_of_the_language(language: str, layout: str):
    content, mail_style = speaking(language, layout=layout)
    html = render(content, mail_style, now=NOW).html
    side, start = ("rtl", "right") if direction(language) == "rtl" else ("ltr", "left")
    other_start = {"right": "left", "left": "right"}[start]
    for tag in ("html", "body", 'div class="wrapper'):
        opened = re.search(f"<{tag}[^>]*>", html)
        assert opened
        assert f'lang="{language}"' in opened[0]
        assert f'dir="{side}"' in opened[0]
    assert f'xml:lang="{language}"' in html
    for tag in re.findall("<(?:table|td|div)\\b[^>]*>", re.sub("(?s)<style.*?</style>", "", html)):
        assert f'dir="{side}"' in tag
    assert f"text-align:{other_start}" not in html
    assert f"text-align: {other_start}" not in html


@pytest.mark.parametrize(("language", "layout"), EVERY)
def test_every_line_of_the_text_part_begins_on_its_own_side(language: str, layout: str):
    content, mail_style = speaking(language, layout=layout)
    lines = [line for line in render(content, mail_style, now=NOW).text.splitlines() if line]
    assert len(lines) > 8
    if direction(language) == "rtl":
        assert {first_strong(line) for line in lines} <= {"R", "AL"}
    else:
        assert not any("\u200f" in line for line in lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_one_digit_system_in_an_edition(language: str):
    content, mail_style = speaking(language)
    mail = render(content, mail_style, now=NOW)
    seen = re.sub(r"https?://\S+|__MUJAZ_\w+__", "", mail.text + shown(mail.html))
    assert not re.search(FOREIGN_DIGITS[DIGITS[language]], seen)
    assert re.search({"arab": "[٠-٩]", "arabext": "[۰-۹]", "latn": "[0-9]"}[DIGITS[language]], seen)


def test_an_arabic_list_may_choose_the_other_digits():
    content, mail_style = speaking("ar", digits="latn")
    mail = render(content, mail_style, now=NOW)
    assert not re.search("[٠-٩]", mail.text)
    assert "العدد 12" in mail.text
    assert "4:00 ص" in mail.text


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "ar"])
def test_no_arabic_words_are_left_in_another_language(language: str):
    content, mail_style = speaking(language)
    mail = render(content, mail_style, now=NOW)
    seen = mail.text + shown(mail.html)
    own = set(catalogue(language).words.values())
    for name, words in catalogue("ar").words.items():
        if len(words) > 4 and "{" not in words and not any(words in other for other in own):
            assert words not in seen, name


@pytest.mark.parametrize(("language", "layout"), [one for one in EVERY if one[0] in {"ar", "fa", "ur"}])
def test_no_dot_stands_beside_a_digit_for_it_would_read_as_a_zero(language: str, layout: str):
    content, mail_style = speaking(language, layout=layout)
    mail = render(content, mail_style, now=NOW)
    for words in (mail.text, shown(mail.html)):
        assert re.findall(r"[٠-٩۰-۹]\s*·.*|.*·\s*[٠-٩۰-۹]", words) == []


@pytest.mark.parametrize("language", ["ar", "fa", "ur", "he"])
def test_latin_names_stand_apart(language: str):
    content, mail_style = speaking(language)
    html = render(content, mail_style, now=NOW).html
    assert '<span dir="ltr">Blue Anchor</span>' in html
    assert '<span dir="ltr">Palm Times</span>' in html


def test_arabic_names_stand_apart_in_english():
    content, mail_style = speaking("en")
    assert '<span dir="rtl">صحيفة المرفأ</span>' in render(content, mail_style, now=NOW).html


def test_persian_readers_get_their_own_calendar():
    content, mail_style = speaking("fa")
    assert "دوشنبه ۱۵ دی ۱۴۰۴، دوشنبه ۵ ژانویه ۲۰۲۶" in render(content, mail_style, now=NOW).text


def test_a_language_without_a_catalogue_speaks_english_from_the_left():
    content = speaking("en")[0]
    mail = render(
        content.model_copy(update={"language": "de"}),
        a_mail_style(language="de", list_name="Auszug"),
        now=NOW,
    )
    assert '<html lang="de" dir="ltr"' in mail.html
    assert "Unsubscribe" in mail.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_confirmation_speaks_the_language_too(language: str):
    _, mail_style = speaking(language)
    mail = render_notice("confirm", mail_style, action_url="https://mujaz.example/confirm/x", now=NOW)
    assert catalogue(language).words["confirm_button"] in mail.text
    assert f'dir="{direction(language)}"' in mail.html
