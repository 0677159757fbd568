"""What was corrected of an edition stands on its page."""

import pytest

from digest.errors import InputError
from digest.model import Edition, EditionState, MailingList, Section
from digest.services.app import App
from digest.services.editions import corrections
from tests.builders import NOW, a_story, an_edition, an_edition_content
from tests.integration.web.conftest import Reader


async def test_the_page_of_an_edition_says_what_was_wrong_in_it(
    app: App, mailing_list: MailingList, reader: Reader
):
    async with app.database.begin() as session:
        sent = an_edition(mailing_list.id or 0, state=EditionState.FINISHED, started_at=NOW)
        session.add(sent)
    assert "تصحيح" not in (await reader.opens("/l/daily/1")).text
    await corrections.correct(app, sent, "عدد المحال 203 لا 300.")
    shown = (await reader.opens("/l/daily/1")).text
    assert "تصحيح" in shown
    assert "عن العدد <bdi>١</bdi>" in shown
    assert "عدد المحال ٢٠٣ لا ٣٠٠." in shown


SHOPS, BRIDGE = a_story("افتتاح ٣٠٠ محل في السوق", key="shops"), a_story("افتتاح الجسر", key="bridge")


@pytest.fixture
async def sent(app: App, mailing_list: MailingList) -> Edition:
    told = an_edition_content(
        sections=(Section(key="economy", title="الاقتصاد", stories=(BRIDGE, SHOPS)),)
    ).model_dump(mode="json")
    async with app.database.begin() as session:
        made = an_edition(
            mailing_list.id or 0, state=EditionState.FINISHED, started_at=NOW, content=told, subject="السوق"
        )
        session.add(made)
    return made


async def test_a_correction_of_a_story_stands_at_the_story_in_the_archive_and_in_the_feeds(
    app: App, sent: Edition, reader: Reader
):
    await corrections.correct(app, sent, "عدد المحال 203 لا 300.", story="محل السوق")
    page = (await reader.opens("/l/daily/1")).text
    bridge, shops = page.partition('id="s-bridge"')[2].split('id="s-shops"')
    assert "تصحيح" not in bridge
    assert "تصحيح (<bdi>الاثنين ٥ يناير ٢٠٢٦</bdi>)" in shops
    assert "عدد المحال ٢٠٣ لا ٣٠٠." in shops.partition("</article>")[0]
    assert '#s-shops">عدد المحال ٢٠٣ لا ٣٠٠.' in page.partition('id="s-bridge"')[0]
    listed = (await reader.opens("/l/daily")).text
    assert '<a href="/l/daily/1#s-shops">عدد المحال ٢٠٣ لا ٣٠٠.</a>' in listed
    item = (await reader.opens("/l/daily/feed.json")).json()["items"][0]
    assert '</a><p dir="auto"><strong>تصحيح</strong>: عدد المحال 203' in item["content_html"]
    atom = (await reader.opens("/l/daily/sections/economy/feed.xml")).text
    assert "&lt;strong&gt;تصحيح&lt;/strong&gt;" in atom


async def test_the_next_edition_leads_to_the_story_that_was_wrong(
    app: App, sent: Edition, mailing_list: MailingList
):
    await corrections.correct(app, sent, "خطأ.", story="shops")
    (told,) = await corrections.pending(app, mailing_list, sent.kind)
    assert told.url is not None
    assert told.url.endswith("/l/daily/1#s-shops")


@pytest.mark.parametrize("words", ["افتتاح", "المطار"])
async def test_of_several_stories_or_none_a_person_says_which(app: App, sent: Edition, words: str):
    with pytest.raises(InputError, match=r"2 stories|No story"):
        await corrections.correct(app, sent, "خطأ.", story=words)
