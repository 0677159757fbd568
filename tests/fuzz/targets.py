"""All doors for foreign bytes, by name."""

from tests.fuzz import collecting, doors, files, folders, importing, lists, showing
from tests.fuzz.target import Target

XML = (
    b"<rss>", b"<channel>", b"<item>", b"</item>", b"<title>", b"<![CDATA[", b"]]>", b"<!DOCTYPE", b"<!ENTITY", b"&#x0;", b"&nbsp;", b"<?xml",
    b"<feed>", b"<entry>", b"<link href='", b"<pubDate>", b"<urlset>", b"<url>", b"<loc>", b"xml:base='http://['", b'{"items":[', b'"id":"\\u0000"',
    b'"title":"\\ud800"', b"\xff\xfe", b"encoding='utf-7'", b"<media:content url='", b"<content:encoded>",
)  # fmt: skip
HTML = (
    b"<article>", b"<p>", b"<h1>", b"<meta property='og:title' content='", b"<script type='application/ld+json'>", b'"@graph":[', b'"datePublished":"',
    b"<time datetime='", b"<figure>", b"<base href='", b"<table><tr><td>", b"<!--", b"-->", b"&#1;", b"&#xd800;", b"<template>", b"<svg>",
)  # fmt: skip
DATES = tuple(
    text.encode()
    for text in (
        "هـ",
        "يناير",
        "كانون الثاني",
        "م",
        "ص",
        "الساعة",
        "بتوقيت",
        "GMT",
        "UTC+14",
        "EET",
        "T24:00",
        "٢٠٢٦",
        "۲۰۲۵",
        "99999999999",
    )
)
ADDRESSES = (
    b"http://", b"https://", b"@", b"[::ffff:", b"%25", b"%00", b"\\", b"?utm_source=", b"/amp", b"..html", b".cdn.ampproject.org/c/s/", b"xn--", b"m.",
    b"#", b":80", b"%2e%2e/", b"127.1", b"0x7f",
)  # fmt: skip
MAIL = (
    b"Content-Type: ", b"multipart/report", b"message/delivery-status", b"message/feedback-report", b"message/rfc822", b"boundary=", b"=?utf-8?q?", b"?=",
    b"Content-Transfer-Encoding: base64", b"charset=undefined", b"Final-Recipient: rfc822;", b"Status: 5.1.1", b"X-Failed-Recipients: ", b"unable to deliver", b"--- Below this line is a copy", b"From: MAILER-DAEMON@", b"From: ", b"Subject: ", b"Date: ",
)  # fmt: skip
JSON = (
    b'{"source":',
    b'"articles":[',
    b'"title":',
    b'"url":"http',
    b'"published_at":',
    b"\\u0000",
    b"\\ud800",
    b"1e999",
    b'"image":',
)
OPML = (
    b"<opml>", b"<outline ", b"xmlUrl=", b"XMLURL='", b"feed://", b"text=", b"=0/>", b"&", b"<!DOCTYPE", b"<!ENTITY", b"\xff\xfe", b"\x1f\x8b\x08",
)  # fmt: skip
CHANNEL = (
    b"tgme_widget_message",
    b"data-post='marfa/",
    b"<br/>",
    b"#",
    b"background-image:url('",
    b"datetime='",
)
LINKS = (
    b"<link rel='alternate' ",
    b"rel=feed",
    b"type='application/rss+xml;",
    b"href='",
    b"<base href='//[",
    b"comments",
)

PEOPLE = (
    b"email", b"status", b"unsubscribed", b'"', b'""', b"\r", b"sep=;", b"mailto:", b"@", b"\xef\xbc\xa0", b"\x00", b"\xff\xfe", b"PK\x03\x04",
    b'{"email":', b"\\ud800", b"\xe2\x80\x8f", b"'=", b";", b"|", b"\t",
)  # fmt: skip

FILES = (
    folders.CUT, b"a.txt\n", b"b.html\n", b"c.eml\n", b"d.xml\n", b"e.json\n", b"ln f.txt\n", b"fifo g.txt\n", b"dir h.txt\n", b"\xff.txt\n", b'"items"',
)  # fmt: skip

TARGETS = {
    "feed": Target(check=collecting.feed_is_read, seeds=collecting.feed_seeds, words=XML),
    "page": Target(check=collecting.page_is_read, seeds=collecting.page_seeds, words=HTML),
    "bytes": Target(check=collecting.bytes_are_text, seeds=collecting.bytes_seeds, longest=4000),
    "date": Target(check=collecting.date_is_sure, seeds=collecting.date_seeds, words=DATES, longest=250),
    "address": Target(
        check=collecting.address_is_one, seeds=collecting.address_seeds, words=ADDRESSES, longest=2500
    ),
    "newsletter": Target(check=doors.newsletter_is_read, seeds=doors.newsletter_seeds, words=MAIL + HTML),
    "folder": Target(
        check=folders.drop_box_is_read,
        seeds=folders.drop_box_seeds,
        words=MAIL[:8] + HTML[:6] + XML[:8] + FILES,
    ),
    "returned": Target(check=doors.returned_mail_is_judged, seeds=doors.returned_seeds, words=MAIL),
    "outlines": Target(check=lists.outlines_are_read, seeds=lists.outline_seeds, words=OPML),
    "channel": Target(check=lists.channel_is_read, seeds=lists.channel_seeds, words=HTML + CHANNEL),
    "announced": Target(check=lists.announced_are_safe, seeds=lists.announced_seeds, words=HTML + LINKS),
    "script": Target(check=lists.script_is_read, seeds=lists.script_seeds, words=JSON, longest=4000),
    "ingest": Target(check=doors.handed_in_is_taken, seeds=doors.handed_seeds, words=JSON),
    "people": Target(check=importing.people_are_read, seeds=importing.people_seeds, words=PEOPLE),
    "links": Target(check=files.links_are_read, seeds=files.link_seeds, words=HTML),
    "picture": Target(check=files.picture_is_made_small, seeds=files.picture_seeds),
    "robots": Target(check=files.robots_are_asked, seeds=files.robots_seeds, longest=4000),
    "settings": Target(check=files.settings_are_read, seeds=files.settings_seeds, longest=4000),
    "text": Target(check=showing.text_is_clean, seeds=showing.text_seeds, words=HTML, longest=4000),
    "mail": Target(check=showing.mail_is_inert, seeds=showing.mail_seeds, words=HTML, longest=2000),
}
