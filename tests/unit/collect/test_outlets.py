"""The list of outlets that ships with Mujaz."""

from urllib.parse import urlsplit

from digest.collect import opml
from digest.collect.outlets import default_opml


def test_at_least_25_outlets_are_there_each_address_once_and_by_https():
    feeds = opml.read(default_opml())
    assert len({feed.title for feed in feeds}) >= 25
    assert default_opml().count("xmlUrl=") == len(feeds)
    assert all(urlsplit(feed.url).scheme == "https" for feed in feeds)
    assert all(feed.language == "ar" for feed in feeds)


def test_a_feed_of_one_section_says_so_and_a_general_one_does_not():
    feeds = opml.read(default_opml())
    sections = {feed.section for feed in feeds}
    assert {"economy", "sport", "technology", "health", "culture", None} <= sections
    assert all(feed.section is None for feed in feeds if feed.url.endswith("/ar/rss"))
