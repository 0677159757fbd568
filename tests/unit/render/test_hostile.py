"""What feeds may hold comes out inert: in HTML, in text and in the subject."""

import re
import time
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.model import ArticleRef, Correction, DataBlock, DataRow, EditionContent, Section, Story, Summary
from digest.model.news.story import SummarySentence
from digest.render.edition import RenderedEdition, render
from digest.render.message.rendered import Token
from digest.text.direction.bidi import LEFT_MARK
from tests.unit.render.editions import NOW, a_mail_style, an_edition

CONTROLS = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200d\u200e\u202a-\u202e\u2066-\u2069\ufeff]"
)
NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></style><svg/onload=alert(1)>",
    "<!--[if mso]><h1>",
    "]]>",
    "{{ 7*7 }}{% raw %}",
    "__MUJAZ_UNSUBSCRIBE__",
    "_\u200b_MUJAZ_EMAIL__",
    "\u202eسقلا\u202c",
    "\u2067\u2066",
    "Bcc: all@x.example\r\nSubject: نعم",
    "كلمة" * 1250,
    "a\u0300\u0301\u0302\u0303\u0304\u0305" * 50,
    "\u200b\u200b\ufeff",
    "&lt;script&gt;&#60;script>",
    "javascript:alert(1)",
    "ID\u2028\u2029\u0085",
    "\ud800",
)
ADDRESSES = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "https://user:pass@evil.example/",
    "//evil.example/x",
    "https://evil.example/\"onmouseover='alert(1)",
    "https://evil.example/\r\nX: y",
    "https://evil.example/__MUJAZ_EMAIL__",
    "https://evil.example/\u202e",
    "https://evil.example/" + "a" * 5000,
    "https://خبر.example/مسار?x=<b>&y='",
    "",
)


class Elements(HTMLParser):
    """All elements of a page with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def poisoned(text: str, url: str | None) -> EditionContent:
    """An edition in which every field that comes from outside holds the text or the address."""
    article = ArticleRef(title=text, source=text, url=url, published_at=NOW)
    stories = tuple(
        Story(
            key=text,
            headline=text,
            section=text,
            reasons=(text,),
            summary=Summary(sentences=(SummarySentence(text=text), SummarySentence(text=f"{text} 12%"))),
            articles=(article, article.model_copy(update={"source": f"{text}2"})),
            image_url=url,
            image_alt=text,
            score=float(place),
        )
        for place in range(3)
    )
    return an_edition(
        Section(key=text, title=text, overview=text, colour=text, stories=stories),
        blocks=(DataBlock(title=text, source=text, url=url, rows=(DataRow(label=text, value=text),)),),
        corrections=(Correction(text=text, url=url),),
    )


def assert_inert(mail: RenderedEdition) -> None:
    allowed = {
        "html", "head", "meta", "title", "style", "body", "div", "table", "tbody", "tr", "td", "p", "h1", "h2", "h3",
        "a", "span", "b", "br", "img",
    }  # fmt: skip
    for tag, attributes in Elements(mail.html).found:
        assert tag in allowed
        assert not any(name.startswith("on") for name in attributes)
        for name in ("href", "src"):
            value = attributes.get(name, "")
            if value and value not in set(Token):
                assert urlsplit(value).scheme in {"http", "https"}
                assert "@" not in urlsplit(value).netloc
    for page in (mail.html, mail.text):
        # Where a number stands beside Latin we set that mark ourselves.
        assert not CONTROLS.search(page.replace(LEFT_MARK, ""))
        assert set(re.findall("__MUJAZ_[A-Z]*__", page)) <= set(Token)
    assert not CONTROLS.search(mail.subject.replace(LEFT_MARK, ""))
    assert not re.search("[\n\u2028\u2029\u0085]", mail.subject)
    assert "__MUJAZ_" not in mail.subject
    assert mail.html.count(Token.UNSUBSCRIBE) == 1
    assert mail.html.count(Token.EMAIL) == 1


@pytest.mark.red("xss")
@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_hostile_text_is_only_text(text: str):
    assert_inert(render(poisoned(text, "https://marfa.example/1"), a_mail_style(), now=NOW))


@pytest.mark.red("xss")
@pytest.mark.parametrize("url", ADDRESSES, ids=range(len(ADDRESSES)))
def test_hostile_addresses_are_left_out_or_escaped(url: str):
    mail = render(poisoned("خبر عادي", url), a_mail_style(), now=NOW)
    assert_inert(mail)
    assert not re.search("(?i)(?:javascript|vbscript|data):", mail.text)


@settings(max_examples=12)
@given(
    st.lists(st.sampled_from(NASTY) | st.text(max_size=40), max_size=4).map(" ".join),
    st.sampled_from(ADDRESSES) | st.none(),
    st.sampled_from(["daily", "weekly", "breaking"]),
    st.sampled_from(["ar", "fa", "ur", "he", "en"]),
)
def test_no_mixture_of_it_does_anything(text: str, url: str | None, layout: str, language: str):
    mail_style = a_mail_style(layout=layout, language=language, inliner="css-inline", list_name=text)
    mail = render(poisoned(text, url), mail_style, now=NOW)
    assert_inert(mail)


def test_forty_million_combining_marks_are_a_headline_like_any_other():
    bomb = "عنوان" + "\u0301\u0316" * 20_000_000
    started = time.perf_counter()
    mail = render(poisoned(bomb, None), a_mail_style(), now=NOW)
    assert time.perf_counter() - started < 20
    assert len(mail.html) < 60_000


def test_what_a_hostile_look_holds_is_text_too():
    mail_style = a_mail_style(
        list_name="<b>موجز</b>",
        from_name='"><script>',
        postal_address="{{ 7 }} <i>",
        edition_url="javascript:alert(1)",
        archive_url="data:,x",
    )
    mail = render(an_edition(), mail_style, now=NOW)
    assert_inert(mail)
    assert "javascript" not in mail.html
