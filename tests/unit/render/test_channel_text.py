"""An edition as Telegram's messages: within the limit, split between stories, from right to left."""

import re

from hypothesis import given
from hypothesis import strategies as st

from digest.model import ArticleRef, EditionContent, Section, Summary, SummarySentence
from digest.render.channel_text import LONGEST, RLM, channel_messages, units
from tests.builders import a_story, an_edition_content

URL = "https://news.mujaz.example/l/daily/1"


def shown(markup: str) -> str:
    """What a reader sees of a message, and Telegram counts."""
    text = re.sub(r"</?(?:b|u|a)(?: [^>]*)?>", "", markup)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def an_edition(count: int, letters: int = 200) -> EditionContent:
    stories = tuple(
        a_story(f"خبر رقم {number}", summary=Summary(sentences=(SummarySentence(text="ك" * letters),)))
        for number in range(count)
    )
    return an_edition_content(sections=(Section(key="economy", title="الاقتصاد", stories=stories),))


def test_a_short_edition_is_one_message_with_its_links():
    (message,) = channel_messages(an_edition(2), subject="موجز اليوم", url=URL)
    assert message.startswith(f"{RLM}<b>موجز اليوم</b>")
    assert f'<a href="{URL}">النسخة على الويب</a>' in message
    assert '<a href="https://marfa.example/bridge">المرفأ</a>' in message
    assert message.count("<u>الاقتصاد</u>") == 1
    assert "٥ يناير" in message


def test_a_long_edition_is_split_between_stories_and_loses_none():
    messages = channel_messages(an_edition(40), subject="موجز", url=URL)
    assert len(messages) > 2
    assert all(units(shown(one)) <= LONGEST for one in messages)
    found = re.findall(r"خبر رقم (\d+)", "".join(messages))
    assert found == [str(number) for number in range(40)]
    assert all(one.count("<b>") == one.count("</b>") for one in messages)
    assert all(units(shown(one)) > LONGEST / 2 for one in messages[:-1]), "not a message for each story"


def test_a_story_longer_than_a_message_is_cut_and_keeps_its_link():
    messages = channel_messages(an_edition(1, letters=9000), subject="موجز", url=URL)
    assert all(units(shown(one)) <= LONGEST for one in messages)
    assert "…" in messages[-1]
    assert "marfa.example/bridge" in messages[-1]


def test_what_was_corrected_stands_before_the_stories():
    (message,) = channel_messages(an_edition(1), subject="موجز", url=URL, corrections=["العدد ٣ لا ٤."])
    assert message.index("تصحيح") < message.index("خبر رقم 0")
    assert "العدد ٣ لا ٤." in message


def test_markup_in_a_headline_is_text():
    story = a_story(
        "<b>a & b</b>", articles=(ArticleRef(title="x", source="<i>", url='https://x.example/"><i>'),)
    )
    content = an_edition_content(sections=(Section(key="economy", title="&", stories=(story,)),))
    (message,) = channel_messages(content, subject="<x>", url=URL)
    assert "&lt;b&gt;a &amp; b&lt;/b&gt;" in message
    assert "<i>" not in message
    assert "https://x.example/&quot;&gt;&lt;i&gt;" in message


def test_every_line_begins_from_the_right_in_arabic_and_not_in_english():
    arabic = channel_messages(an_edition(3), subject="OPEC تخفض", url=URL)[0]
    assert all(line.startswith(RLM) for line in arabic.split("\n") if line)
    english = channel_messages(an_edition(1).model_copy(update={"language": "en"}), subject="News", url=URL)[
        0
    ]
    assert RLM not in english


@given(st.lists(st.text(max_size=3000), min_size=1, max_size=8))
def test_no_text_makes_a_message_too_long(texts: list[str]):
    stories = tuple(
        a_story(text or "خبر", key=str(number), summary=Summary(sentences=(SummarySentence(text=text * 2),)))
        for number, text in enumerate(texts)
    )
    content = an_edition_content(sections=(Section(key="economy", title="الاقتصاد", stories=stories),))
    messages = channel_messages(content, subject="موجز", url=URL, corrections=texts)
    assert all(units(shown(one)) <= LONGEST for one in messages)
