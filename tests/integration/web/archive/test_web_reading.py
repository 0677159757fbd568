"""What everybody may read."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from xml.etree import ElementTree as ET

import pytest

from digest.model import (
    ArticleRef,
    EditionOpening,
    EditionState,
    MailingList,
    OpeningSentence,
    Section,
    Summary,
    SummarySentence,
)
from digest.services.app import App
from tests.builders import a_list, a_story, an_edition, an_edition_content, hours_ago
from tests.integration.web.conftest import Reader

ATOM = "{http://www.w3.org/2005/Atom}"


def bridge_and_cup() -> tuple[Section, ...]:
    told = a_story(
        "افتتاح جسر المرفأ الجديد بنظام TollPay",
        key="bridge",
        breaking=True,
        articles=(
            ArticleRef(
                title="الجسر يفتح", source="المرفأ", url="https://marfa.example/1", published_at=hours_ago(3)
            ),
            ArticleRef(title="جسر جديد", source="الضحى", url="https://duha.example/2", published_at=None),
        ),
        summary=Summary(
            sentences=(
                SummarySentence(text="افتتح الجسر صباح اليوم.", article=0),
                SummarySentence(text="كلفته 45 مليون دينار.", article=1),
            )
        ),
    )
    cup = a_story("نسور الواحة بطلا <b>للكأس</b>", key="cup", section="sport", update=True)
    return (
        Section(key="economy", title="الاقتصاد", colour="#166534", stories=(told,)),
        Section(key="sport", title="الرياضة", colour="red;}*{display:none", stories=(cup,)),
    )


@pytest.fixture
async def issue(app: App, mailing_list: MailingList) -> None:
    """Edition 1 went out; 2 is approved and has not."""
    content = an_edition_content(sections=bridge_and_cup()).model_dump(mode="json")
    async with app.database.begin() as session:
        session.add(
            an_edition(
                mailing_list.id or 0,
                content=content,
                state=EditionState.FINISHED,
                subject="الجسر <الجديد> & الكأس",
            )
        )
        later = hours_ago(-24)
        session.add(
            an_edition(mailing_list.id or 0, number=2, local_date=later.date(), state=EditionState.APPROVED)
        )


async def test_a_written_opening_stands_above_the_stories_and_names_its_outlet(
    app: App, mailing_list: MailingList, reader: Reader
):
    opening = EditionOpening(
        sentences=(OpeningSentence(text="فتح جسر المرفأ أمام السيارات.", story="bridge"),)
    )
    content = an_edition_content(sections=bridge_and_cup(), opening=opening).model_dump(mode="json")
    async with app.database.begin() as session:
        session.add(an_edition(mailing_list.id or 0, content=content, state=EditionState.FINISHED))
    page = (await reader.opens("/l/daily/1")).text
    assert page.index("فتح جسر المرفأ أمام السيارات.") < page.index('id="s-bridge"')
    assert '<a href="https://marfa.example/1" rel="noopener">المرفأ</a>' in page


@pytest.mark.usefixtures("issue")
async def test_an_edition_shows_the_source_of_every_sentence(reader: Reader):
    page = (await reader.opens("/l/daily/1")).text
    assert 'صباح اليوم.</bdi><sup><a href="https://marfa.example/1"' in page
    assert 'مليون دينار.</bdi><sup><a href="https://duha.example/2"' in page


@pytest.mark.usefixtures("issue")
async def test_an_edition_shows_marks_tellers_and_anchors(reader: Reader):
    page = (await reader.opens("/l/daily/1")).text
    assert '<span class="mark breaking">عاجل</span>' in page
    assert '<span class="mark update">تطورات</span>' in page
    assert "نشره مصدران" in page
    for anchor in ('id="economy"', 'id="s-bridge"', 'href="#sport"'):
        assert anchor in page
    assert "كلفته ٤٥ مليون" in page
    assert '<span dir="ltr">TollPay</span>' in page
    assert "الاثنين ٥ يناير ٢٠٢٦" in page
    assert "العدد <bdi>١</bdi>" in page


@pytest.mark.usefixtures("issue")
async def test_an_edition_says_what_it_is_to_browsers_and_search_engines(reader: Reader):
    page = (await reader.opens("/l/daily/1")).text
    assert '<html lang="ar" dir="rtl">' in page
    assert "<title>الجسر &lt;الجديد&gt; &amp; الكأس</title>" in page
    assert '<link rel="canonical" href="https://news.mujaz.example/l/daily/1">' in page
    assert '<meta name="description" content="افتتاح جسر المرفأ الجديد بنظام TollPay، ' in page
    assert "<script" not in page
    assert "<b>للكأس" not in page


@pytest.mark.usefixtures("issue")
async def test_a_colour_that_is_none_becomes_no_css(reader: Reader):
    answer = await reader.opens("/l/daily/1")
    assert "display:none" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "unsafe-inline" not in policy
    assert "'sha256-" in policy


@pytest.mark.usefixtures("issue")
async def test_an_edition_that_did_not_go_out_is_not_there(reader: Reader):
    assert (await reader.opens("/l/daily/2")).status_code == 404
    assert "/l/daily/2" not in (await reader.opens("/l/daily")).text
    assert "/l/daily/2" not in (await reader.opens("/l/daily/feed.xml")).text


@pytest.mark.usefixtures("issue")
async def test_the_archive_lists_what_went_out(reader: Reader):
    page = (await reader.opens("/l/daily")).text
    assert '<a href="/l/daily/1">الجسر &lt;الجديد&gt; &amp; الكأس</a>' in page
    assert 'action="/l/daily/subscribe"' in page
    assert 'type="application/atom+xml"' in page


@pytest.mark.usefixtures("issue")
async def test_the_feed_is_atom(reader: Reader):
    answer = await reader.opens("/l/daily/feed.xml")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    root = ET.fromstring(answer.content)
    assert root.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated", "author"):
        assert root.find(f"{ATOM}{name}") is not None
    entry = root.find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}title") == "الجسر <الجديد> & الكأس"
    assert datetime.fromisoformat(entry.findtext(f"{ATOM}updated") or "").tzinfo is not None
    summary = entry.find(f"{ATOM}summary")
    assert summary is not None
    assert list(summary) == []
    inside = ET.fromstring(f"<div>{summary.text}</div>")
    assert [item.text for item in inside.iter("a")][1] == "نسور الواحة بطلا <b>للكأس</b>"


@pytest.mark.usefixtures("issue")
async def test_who_has_the_feed_already_is_told_so(reader: Reader):
    tag = (await reader.opens("/l/daily/feed.xml")).headers["etag"]
    again = await reader.opens("/l/daily/feed.xml", if_none_match=f'W/{tag}, "x"')
    assert again.status_code == 304
    assert again.content == b""


async def test_an_empty_list_has_an_archive_and_a_feed(reader: Reader, mailing_list: MailingList):
    assert "لم يصدر عدد بعد" in (await reader.opens("/l/daily")).text
    assert ET.fromstring((await reader.opens("/l/daily/feed.xml")).content).tag == f"{ATOM}feed"


LANGUAGES = [
    ("en", "ltr", "Past issues", "Monday, 5 January 2026", "Issue <bdi>1</bdi>"),
    ("fa", "rtl", "شماره\u200cهای پیشین", "۱۵ دی ۱۴۰۴", "شمارهٔ <bdi>۱</bdi>"),
    ("ur", "rtl", "پچھلے شمارے", "۵ جنوری ۲۰۲۶", "شمارہ <bdi>۱</bdi>"),
    ("he", "rtl", "גיליונות קודמים", "5 בינואר 2026", "גיליון <bdi>1</bdi>"),
]


async def test_pages_speak_the_lists_language(reader: Reader, app: App):
    for language, side, words, date, number in LANGUAGES:
        async with app.database.begin() as session:
            made = a_list(slug=language, language=language)
            session.add(made)
            await session.flush()
            session.add(an_edition(made.id or 0, state=EditionState.FINISHED))
        for path in ("", "/1", "/subscribe", "/confirm/broken"):
            page = (await reader.opens(f"/l/{language}{path}")).text
            assert f'<html lang="{language}" dir="{side}">' in page, path
        page = (await reader.opens(f"/l/{language}")).text
        for part in (words, date, number):
            assert part in page


async def test_the_first_page_speaks_the_language_that_all_lists_share(reader: Reader, app: App):
    for language, spoken in (("en", "en"), ("fa", "ar")):
        async with app.database.begin() as session:
            session.add(a_list(slug=language, language=language))
        assert f'<html lang="{spoken}"' in (await reader.opens("/")).text


Dumped = Callable[[], Awaitable[object]]


@pytest.mark.usefixtures("issue")
async def test_reading_an_edition_changes_nothing(reader: Reader, dump: Dumped):
    before = await dump()
    for method in ("GET", "HEAD"):
        for path in ("/l/daily/1", "/l/daily", "/l/daily/feed.xml"):
            assert (await reader.opens(path, method=method)).status_code == 200
    assert await dump() == before
