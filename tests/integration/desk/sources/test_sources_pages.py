"""The pages of sources: an address is looked at before it is kept."""

import pytest

from digest.model import MailingList, Role
from digest.services.app import App
from tests.integration.collect.site import Site, a_feed
from tests.integration.desk.conftest import Joins
from tests.integration.desk.sources.keeping import Log, kept

ANNOUNCES = "<html><head><link rel='alternate' type='application/rss+xml' href='/feed.xml'></head><body></body></html>"


async def test_a_sites_address_alone_shows_its_feed_with_articles_and_keeps_nothing(
    joins: Joins, app: App, site: Site, daily: MailingList
):
    site.publishes("/", ANNOUNCES, content_type="text/html")
    site.publishes("/feed.xml", a_feed(1, 2, 3))
    editor = await joins(Role.EDITOR)
    shown = await editor.sends("/desk/sources/find", {"location": site.address()})
    assert shown.status_code == 200
    assert site.address("/feed.xml") in shown.text
    assert "الخبر رقم 3 من الميناء" in shown.text
    assert await kept(app) == []


async def test_what_was_looked_at_is_kept_with_its_weight_and_stands_in_the_log(
    joins: Joins, app: App, site: Site, daily: MailingList, logged: Log
):
    feed = site.publishes("/feed.xml", a_feed(1, 2))
    editor = await joins(Role.EDITOR)
    form = {
        "location": feed,
        "name": "المرفأ",
        "section": "economy",
        "standing": "١٫٥",
        "headline_only": "yes",
    }
    answer = await editor.sends("/desk/sources/add", form)
    assert answer.status_code == 303
    [source] = await kept(app)
    assert (source.name, source.section, source.standing) == ("المرفأ", "economy", 1.5)
    assert source.rights.value == "headline"
    assert answer.headers["location"] == f"/desk/sources/{source.id}?done=source_added"
    [entry] = await logged()
    assert (entry.act, entry.about, entry.after["standing"]) == ("sources.add", feed, 1.5)
    again = await editor.sends("/desk/sources/add", form)
    assert again.status_code == 422
    assert len(await kept(app)) == 1


@pytest.mark.parametrize(
    "location", ["", "/etc/passwd", "file:///etc", "imaps://a@b.example/INBOX", "javascript:alert(1)", "https://"]
)  # fmt: skip
async def test_no_path_of_the_machine_and_no_mailbox_is_added_at_the_desk(
    joins: Joins, app: App, site: Site, daily: MailingList, location: str
):
    editor = await joins(Role.EDITOR)
    for act in ("find", "add"):
        answer = await editor.sends(f"/desk/sources/{act}", {"location": location})
        assert answer.status_code == 422, act
        assert 'id="problem"' in answer.text
    assert await kept(app) == []
    assert site.asked == []


async def test_an_address_of_the_own_network_is_never_asked(joins: Joins, app: App, daily: MailingList):
    editor = await joins(Role.EDITOR)
    answer = await editor.sends("/desk/sources/find", {"location": "http://10.0.0.1/feed.xml"})
    assert answer.status_code == 422
    assert "collect.allow_hosts" in answer.text


async def test_a_site_that_forbids_is_told_in_words(joins: Joins, site: Site, daily: MailingList):
    editor = await joins(Role.EDITOR)
    answer = await editor.sends("/desk/sources/find", {"location": site.publishes("/feed.xml", "", 403)})
    assert answer.status_code == 422
    assert "يمنع 127.0.0.1 البرامج من قراءة هذا العنوان" in answer.text
