"""Odd and hostile feeds, made by code: each has one item that can be told, or none."""

import json
from dataclasses import dataclass

TITLE = "افتتاح جسر المرفأ الجديد"
LINK = "https://marfa.example/news/7"
WHEN = "2022-06-23T13:15"
DATE = "Thu, 23 Jun 2022 13:15:00 GMT"


@dataclass(frozen=True)
class Odd:
    """A feed and what its first item says; None stands for what nobody can know, `...` for what is not asked."""

    body: bytes
    title: object = TITLE
    link: object = LINK
    when: object = WHEN


def rss(
    title: str = TITLE, link: str = f"<link>{LINK}</link>", date: str = f"<pubDate>{DATE}</pubDate>", more: str = "",
    head: str = '<?xml version="1.0" encoding="utf-8"?>',
) -> str:  # fmt: skip
    item = f"<item><title>{title}</title>{link}{date}{more}</item>"
    return f'{head}<rss version="2.0"><channel><title>المرفأ</title>{item}</channel></rss>'


def dated(text: str) -> str:
    return f"<pubDate>{text}</pubDate>"


ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://marfa.example/"><title>المرفأ</title><entry>'
    f'<title type="html">{TITLE}</title><link rel="edit" href="/edit/7"/><link rel="alternate" href="news/7"/>'
    "<id>tag:marfa.example,2022:7</id><updated>2022-06-24T10:00:00Z</updated>"
    "<published>2022-06-23T16:15:00+03:00</published></entry></feed>"
)
RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>المرفأ</title></channel>'
    f'<item rdf:about="{LINK}"><title>{TITLE}</title><link>{LINK}</link><dc:date>2022-06-23T13:15Z</dc:date></item></rdf:RDF>'
)
SITEMAP = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
    f"<url><loc>{LINK}</loc><news:news><news:publication><news:name>المرفأ</news:name></news:publication>"
    f"<news:publication_date>2022-06-23T13:15:00Z</news:publication_date><news:title>{TITLE}</news:title></news:news></url></urlset>"
)
JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "المرفأ",
    "items": [{"id": 7, "url": "/news/7", "title": TITLE, "date_published": "2022-06-23T16:15:00+03:00"}],
}
LAUGHS = "".join('<!ENTITY l{} "{}">'.format(n, f"&l{n - 1};" * 10) for n in range(1, 10))

READABLE = {
    "plain": Odd(rss().encode()),
    "cp1256 undeclared": Odd(rss(head="").encode("cp1256")),
    "cp1256 declared": Odd(rss(head='<?xml version="1.0" encoding="windows-1256"?>').encode("cp1256")),
    "cp1256 that says utf-8": Odd(rss().encode("cp1256")),
    "utf-8 that says cp1256": Odd(rss(head='<?xml version="1.0" encoding="windows-1256"?>').encode()),
    "iso-8859-6": Odd(rss(head="").encode("iso8859-6")),
    "utf-16 with a mark": Odd(rss(head='<?xml version="1.0" encoding="utf-16"?>').encode("utf-16")),
    "utf-16-le without a mark": Odd(rss(head="").encode("utf-16-le")),
    "utf-16-be without a mark": Odd(rss(head="").encode("utf-16-be")),
    "utf-8 with a mark": Odd(b"\xef\xbb\xbf" + rss().encode()),
    "one bad byte": Odd(
        rss(more="<description>a\ufffdb</description>").encode().replace(b"\xef\xbf\xbd", b"\xff")
    ),
    "words before it": Odd(b"\n\n  Notice: undefined index\n" + rss().encode()),
    "nbsp in the title": Odd(rss(title="افتتاح جسر&nbsp;المرفأ الجديد").encode()),
    "bare ampersand": Odd(rss(title="مصر & السودان").encode(), title="مصر & السودان"),
    "bare ampersand in the link": Odd(
        rss(link="<link>https://marfa.example/?a=1&b=2</link>").encode(),
        link="https://marfa.example/?a=1&b=2",
    ),
    "cdata link": Odd(
        rss(link="<link><![CDATA[https://marfa.example/?a=1&b=2]]></link>").encode(),
        link="https://marfa.example/?a=1&b=2",
    ),
    "html in the title": Odd(rss(title="<![CDATA[<b>افتتاح جسر</b> المرفأ&nbsp;<i>الجديد</i>]]>").encode()),
    "escaped twice": Odd(rss(title="قال &amp;quot;نعم&amp;quot;").encode(), title='قال "نعم"'),
    "control characters": Odd(rss(title="افتتاح\x0b جسر\x00 المرفأ\x1f الجديد").encode()),
    "bidi marks": Odd(rss(title="\u202bافتتاح جسر المرفأ الجديد\u202c\u200f").encode()),
    "presentation forms": Odd(rss(title="ﺍﻓﺘﺘﺎﺡ جسر المرفأ الجديد").encode()),
    "cut off": Odd(rss().encode()[:-30] + b"<item><title>cut"),
    "unclosed tags": Odd(rss(more="<description><b>x</description>").encode()),
    "relative link": Odd(rss(link="<link>/news/7</link>").encode()),
    "link in the guid": Odd(rss(link=f"<guid>{LINK}</guid>").encode()),
    "guid that is no link": Odd(
        rss(link='<guid isPermaLink="false">https://x.example/7</guid>').encode(), link=None
    ),
    "script as a link": Odd(rss(link="<link>javascript:alert(1)</link>").encode(), link=None),
    "no date": Odd(rss(date="").encode(), when=None),
    "arabic months": Odd(rss(date=dated("٢٣ حزيران ٢٠٢٢ - ٠٤:١٥ م")).encode(), when="2022-06-23T16:15"),
    "maghreb months": Odd(rss(date=dated("الخميس 23 جوان 2022 - 16:15")).encode(), when="2022-06-23T16:15"),
    "epoch": Odd(rss(date=dated("1655990100")).encode()),
    "eastern european time": Odd(rss(date=dated("Thu, 23 Jun 2022 15:15:00 EET")).encode()),
    "arabian time": Odd(rss(date=dated("Thu, 23 Jun 2022 16:15:00 AST")).encode()),
    "hijri alone": Odd(rss(date=dated("24 ذو القعدة 1443")).encode(), when=None),
    "future": Odd(rss(date=dated("Thu, 23 Jun 2095 13:15:00 GMT")).encode(), when=None),
    "bad date, good other date": Odd(
        rss(date=dated("soon") + "<dc:date>2022-06-23T13:15:00Z</dc:date>").encode()
    ),
    "atom": Odd(ATOM.encode()),
    "rdf": Odd(RDF.encode()),
    "rss 0.91": Odd(rss().replace('version="2.0"', 'version="0.91"').encode()),
    "news sitemap": Odd(SITEMAP.encode()),
    "json feed": Odd(json.dumps(JSON_FEED).encode()),
    "title only in the text": Odd(
        rss(title="", more="<description>جملة فيها كلمات</description>").encode(), title="جملة فيها كلمات"
    ),
    "billion laughs": Odd(
        f'<!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]>{rss(more="<description>&l9;</description>", head="")}'.encode()
    ),
    "xxe": Odd(
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        f"{rss(more='<description>&e;</description>', head='')}".encode()
    ),
    "deep nesting after it": Odd(rss().encode()[:-16] + b"<a>" * 100_000),
    "10 MB of text": Odd(rss(more=f"<description>{'كلمة ' * 1_000_000}</description>").encode()),
    "a thousand attributes": Odd(
        rss().replace("<channel>", "<channel " + " ".join(f'a{n}="1"' for n in range(1000)) + ">").encode()
    ),
    "nuls before and after": Odd(b"\x00" * 1000 + rss().encode() + b"\x00" * 1000),
}
"""What can be read, in whatever state it comes."""

UNREADABLE = {
    "empty": b"",
    "white space": b" \n\t \r\n",
    "nuls": b"\x00" * 100_000,
    "noise": bytes(range(256)) * 400,
    "a page": b"<!doctype html><html><head><title>x</title></head><body>y</body></html>",
    "a picture": b"\x89PNG\r\n\x1a\n" + b"\x00\x01" * 5000,
    "open brackets": b"[" * 1_000_000,
    "open braces": b'{"items":' * 100_000,
    "json without items": b'{"version": "https://jsonfeed.org/version/1.1"}',
    "json list": b"[1, 2, 3]",
    "only less-than": b"<" * 1_000_000,
    "only ampersands": b"&" * 1_000_000,
    "doctypes": b"<!DOCTYPE" * 100_000,
    "unclosed doctype": b"<!DOCTYPE rss [" + b'<!ENTITY a "b">' * 10_000,
    "other xml": b"<html xmlns='http://www.w3.org/1999/xhtml'/>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
    "opml": b'<opml version="2.0"><body><outline xmlUrl="x"/></body></opml>',
    "open links": b"<html>" + b"<link " * 200_000,
    "deep page": b"<html><body>" + b"<div>" * 100_000,
}
"""What no reader can make a feed of: an error is the right answer, and a quick one."""

EMPTY = {
    "no items": b'<rss version="2.0"><channel><title>x</title></channel></rss>',
    "items without anything": b"<rss><channel>" + b"<item/>" * 1000 + b"</channel></rss>",
    "unclosed cdata": b"<rss><channel><item><title>" + b"<![CDATA[" * 100_000,
    "entities alone": b"<rss><channel><item><title>"
    + b"&nbsp;" * 100_000
    + b"</title></item></channel></rss>",
    "ampersands in an element": b"<rss>" + b"&" * 1_000_000,
}
"""Feeds that say nothing."""
