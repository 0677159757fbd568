"""The archive as readers, search engines and programs find it."""

import json
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest

from digest.model import EditionSegment, EditionState, MailingList, Section, SegmentDefinition
from digest.services.app import App
from digest.services.editions import public
from tests.builders import a_list, a_story, an_edition, an_edition_content
from tests.integration.web.conftest import Reader

ATOM = "{http://www.w3.org/2005/Atom}"
SITE = "https://news.mujaz.example"
Dumped = Callable[[], Awaitable[object]]


async def editions_of(app: App, mailing_list: MailingList, count: int, **fields: object) -> None:
    """So many editions went out, one a day; the third tells of Beirut's harbour."""
    async with app.database.begin() as session:
        for number in range(1, count + 1):
            headline = "إعادةُ إعمارِ مرفأ بيروت" if number == 3 else f"افتتاح الجسر رقم {number}"
            story = a_story(headline, key=f"story{number}", section="economy")
            section = Section(key="economy", title="الاقتصاد", stories=(story,))
            content = an_edition_content(sections=(section,), number=number)
            session.add(
                an_edition(
                    mailing_list.id or 0, number=number, local_date=date(2026, 1, 1) + timedelta(days=number),
                    content=content.model_dump(mode="json"), state=EditionState.FINISHED,
                    subject=f"موجز العدد {number}", fingerprint="1" * 64, **fields,
                )
            )  # fmt: skip
    await public.make_searchable(app)


async def test_an_edition_leads_to_those_beside_it(reader: Reader, app: App, mailing_list: MailingList):
    await editions_of(app, mailing_list, 3)
    page = (await reader.opens("/l/daily/2")).text
    assert '<a rel="prev" href="/l/daily/1">السابق</a>' in page
    assert '<a rel="next" href="/l/daily/3">التالي</a>' in page
    assert 'rel="prev"' not in (await reader.opens("/l/daily/1")).text
    assert 'rel="next"' not in (await reader.opens("/l/daily/3")).text


async def test_thirty_editions_stand_on_a_page(reader: Reader, app: App, mailing_list: MailingList):
    await editions_of(app, mailing_list, 61)
    first = (await reader.opens("/l/daily")).text
    assert first.count('<li><a href="/l/daily/') == 30
    assert 'href="/l/daily/61"' in first
    assert 'href="/l/daily?page=2#archive"' in first
    assert "صفحة <bdi>١</bdi>" in first
    last = (await reader.opens("/l/daily?page=3")).text
    assert last.count('<li><a href="/l/daily/') == 1
    assert 'href="/l/daily?page=2#archive"' in last
    assert 'rel="next"' not in last
    for wrong in ("4", "999999"):
        assert (await reader.opens(f"/l/daily?page={wrong}")).status_code == 404, wrong


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=اعاده+اعمار", [3]),
        ("q=بيروت+مرفا", [3]),
        ("q=مرفأ+دمشق", []),
        ("q=رقم", [1, 2, 4]),
        ("from=2026-01-04&to=2026-01-05", [3, 4]),
        ("q=رقم&from=٢٠٢٦-٠١-٠٤", [4]),
        ("q=%25", []),
        ("q=%00بيروت", [3]),
    ],
)
async def test_the_archive_is_searched_by_words_and_dates(
    reader: Reader, app: App, mailing_list: MailingList, asked: str, found: list[int]
):
    await editions_of(app, mailing_list, 4)
    answer = await reader.opens(f"/l/daily?{asked}")
    assert answer.status_code == 200
    assert [n for n in range(1, 5) if f'<li><a href="/l/daily/{n}"' in answer.text] == found
    assert "نتائج البحث" in answer.text
    assert answer.headers["x-robots-tag"] == "noindex"


async def test_a_date_that_is_none_is_said_so(reader: Reader, app: App, mailing_list: MailingList):
    await editions_of(app, mailing_list, 1)
    page = (await reader.opens("/l/daily?from=yesterday")).text
    assert "لم نفهم التاريخ" in page
    assert '<li><a href="/l/daily/1"' in page


async def test_what_was_searched_is_escaped_and_stays_in_the_form(reader: Reader, mailing_list: MailingList):
    page = (await reader.opens("/l/daily?q=%3Cscript%3E&from=2026-01-01")).text
    assert "<script" not in page
    assert 'value="&lt;script&gt;"' in page
    assert 'value="2026-01-01"' in page


async def test_an_edition_for_a_segment_has_its_page_and_stands_in_no_archive(
    reader: Reader, app: App, mailing_list: MailingList
):
    await editions_of(app, mailing_list, 1)
    segment = EditionSegment(name="vip", definition=SegmentDefinition())
    async with app.database.begin() as session:
        session.add(
            an_edition(
                mailing_list.id or 0, number=2, topic=segment.topic, segment=segment.model_dump(mode="json"),
                state=EditionState.FINISHED, subject="عدد خاص",
            )
        )  # fmt: skip
    assert (await reader.opens("/l/daily/2")).status_code == 200
    for path in ("/l/daily", "/l/daily/feed.xml", "/l/daily/feed.json", "/l/daily/1"):
        assert "/l/daily/2" not in (await reader.opens(path)).text, path


async def test_each_story_can_be_shared_by_plain_links(reader: Reader, app: App, mailing_list: MailingList):
    await editions_of(app, mailing_list, 1)
    page = (await reader.opens("/l/daily/1")).text
    for place in ("https://wa.me/?text=", "https://t.me/share/url?url=", "https://x.com/intent/post?url="):
        assert f'href="{place}' in page
    assert f'value="{SITE}/l/daily/1#s-story1"' in page
    assert "%2Fl%2Fdaily%2F1%23s-story1" in page
    assert "<script" not in page


async def test_previews_in_messengers_have_title_and_headlines(
    reader: Reader, app: App, mailing_list: MailingList
):
    await editions_of(app, mailing_list, 1)
    page = (await reader.opens("/l/daily/1")).text
    assert '<meta property="og:title" content="موجز العدد 1">' in page
    assert '<meta property="og:description" content="افتتاح الجسر رقم ١">' in page
    assert f'<meta property="og:url" content="{SITE}/l/daily/1">' in page
    assert "og:image" not in page


async def test_the_makers_are_found_as_in_the_mail(reader: Reader, app: App):
    social = [{"name": "X", "url": "https://x.com/mujaz"}, {"name": "خطر", "url": "javascript:alert(1)"}]
    async with app.database.begin() as session:
        session.add(made := a_list(slug="social", social=social))
        await session.flush()
    await editions_of(app, made, 1)
    for path in ("/l/social", "/l/social/1"):
        page = (await reader.opens(path)).text
        assert "تابعنا على مواقع التواصل" in page
        assert 'href="https://x.com/mujaz"' in page
        assert "javascript:" not in page


async def test_a_list_may_be_hidden_from_search_engines(reader: Reader, app: App):
    async with app.database.begin() as session:
        session.add(made := a_list(slug="quiet", indexed=False))
        await session.flush()
    await editions_of(app, made, 1)
    for path in ("/l/quiet", "/l/quiet/1"):
        answer = await reader.opens(path)
        assert '<meta name="robots" content="noindex">' in answer.text
        assert answer.headers["x-robots-tag"] == "noindex"
    assert (await reader.opens("/l/quiet/feed.xml")).headers["x-robots-tag"] == "noindex"


async def test_a_list_is_shown_to_search_engines_by_default(
    reader: Reader, app: App, mailing_list: MailingList
):
    await editions_of(app, mailing_list, 1)
    for path in ("/l/daily", "/l/daily/1"):
        answer = await reader.opens(path)
        assert "noindex" not in answer.text
        assert "x-robots-tag" not in answer.headers


@pytest.fixture
async def two_sections(app: App) -> MailingList:
    """A list with two sections; only its second edition has sport."""
    specs = [{"key": "economy", "title": "الاقتصاد"}, {"key": "sport", "title": "الرياضة"}]
    async with app.database.begin() as session:
        session.add(made := a_list(slug="both", sections=specs))
        await session.flush()
    await editions_of(app, made, 1)
    cup = Section(
        key="sport", title="الرياضة", stories=(a_story("الكأس <b>لنا</b>", key="cup", section="sport"),)
    )
    road = Section(key="economy", title="الاقتصاد", stories=(a_story("طريق", key="road"),))
    content = an_edition_content(sections=(road, cup), number=2).model_dump(mode="json")
    async with app.database.begin() as session:
        session.add(
            an_edition(
                made.id or 0,
                number=2,
                local_date=date(2026, 2, 1),
                content=content,
                state=EditionState.FINISHED,
            )
        )
    return made


@pytest.mark.usefixtures("two_sections")
async def test_a_section_has_feeds_of_its_own(reader: Reader):
    answer = await reader.opens("/l/both/sections/sport/feed.xml")
    root = ET.fromstring(answer.content)
    (entry,) = root.iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == f"{SITE}/l/both/2#sport"
    assert entry.findtext(f"{ATOM}title") == "الرياضة: الكأس <b>لنا</b>"
    assert "road" not in answer.text
    feed = json.loads((await reader.opens("/l/both/sections/economy/feed.json")).content)
    assert [one["url"] for one in feed["items"]] == [f"{SITE}/l/both/2#economy", f"{SITE}/l/both/1#economy"]
    page = (await reader.opens("/l/both")).text
    assert 'href="/l/both/sections/sport/feed.json"' in page
    for wrong in ("weather", "%00", "../x", "a%2Fb"):
        assert (await reader.opens(f"/l/both/sections/{wrong}/feed.xml")).status_code == 404, wrong


@pytest.mark.usefixtures("two_sections")
async def test_the_json_feed_says_what_it_is(reader: Reader):
    answer = await reader.opens("/l/both/feed.json")
    assert answer.headers["content-type"].startswith("application/feed+json")
    feed = json.loads(answer.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (feed["feed_url"], feed["language"]) == (f"{SITE}/l/both/feed.json", "ar")
    newest = feed["items"][0]
    assert newest["tags"] == ["الاقتصاد", "الرياضة"]
    assert f'<a href="{SITE}/l/both/2#s-cup">الكأس &lt;b&gt;لنا&lt;/b&gt;</a>' in newest["content_html"]


@pytest.mark.usefixtures("two_sections")
@pytest.mark.parametrize(
    "path", ["feed.xml", "feed.json", "sections/sport/feed.xml", "sections/sport/feed.json"]
)
async def test_who_has_a_feed_already_gets_it_no_second_time(reader: Reader, path: str):
    tag = (await reader.opens(f"/l/both/{path}")).headers["etag"]
    again = await reader.opens(f"/l/both/{path}", if_none_match=tag)
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.usefixtures("two_sections")
async def test_reading_and_searching_change_nothing(reader: Reader, dump: Dumped):
    before = await dump()
    for path in ("/l/both?q=الكأس", "/l/both/2", "/l/both/feed.json", "/l/both/sections/sport/feed.xml"):
        for method in ("GET", "HEAD"):
            assert (await reader.opens(path, method=method)).status_code == 200
    assert await dump() == before


async def test_an_edition_can_be_searched_as_soon_as_it_is_frozen(app: App, mailing_list: MailingList):
    from digest.services.editions.publish import Issue, approve

    content = an_edition_content()
    edition = await approve(
        app, mailing_list, Issue(content=content, deadline=content.window_end.replace(year=2027))
    )
    assert edition is not None
    assert await public.make_searchable(app) == 0
