"""Feeds that mean harm, made by code: nothing can be read of them, and saying so must be cheap."""

import gzip
import json
import zlib
from hashlib import sha256

from tests.unit.collect.odd_feeds import LAUGHS, UNREADABLE, rss

DEEP = 100_000
MEGABYTE = 1_000_000

BODIES = {
    **UNREADABLE,
    "billion laughs": f'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY l0 "lol">{LAUGHS}]><lolz>&l9;</lolz>'.encode(),
    "quadratic blowup": f'<!DOCTYPE k [<!ENTITY a "{"a" * 50_000}">]><k>{"&a;" * 50_000}</k>'.encode(),
    "parameter entities that call each other": b'<!DOCTYPE x [<!ENTITY % a "%b;"><!ENTITY % b "%a;">%a;]><x/>',
    "external entity (XXE)": b'<!DOCTYPE foo [<!ENTITY e SYSTEM "file:///etc/passwd">]><foo>&e;</foo>',
    "external DTD": b'<!DOCTYPE foo SYSTEM "http://127.0.0.1/evil.dtd"><foo>&e;</foo>',
    "XInclude": b'<x xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd" parse="text"/></x>',
    "stylesheet (XSLT)": b'<?xml-stylesheet href="file:///etc/passwd"?><xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform"/>',
    "100,000 nested elements": b"<a>" * DEEP,
    "100,000 nested elements, closed": b"<a>" * DEEP + b"</a>" * DEEP,
    "a million closing tags": b"</a>" * MEGABYTE,
    "100,000 attributes": b"<x " + b" ".join(b'a%d="1"' % n for n in range(DEEP)) + b"/>",
    "100,000 namespaces": b"<x " + b" ".join(b'xmlns:a%d="u:%d"' % (n, n) for n in range(DEEP)) + b"/>",
    "a tag of 4 MB": b"<" + b"a" * (4 * MEGABYTE),
    "comment without an end": b"<!--" * 500_000,
    "instruction without an end": b"<?" * MEGABYTE,
    "CDATA before any element": b"<![CDATA[" * 200_000,
    "JSON of 100,000 nested lists": b'{"items":' + b"[" * DEEP + b"]" * DEEP + b"}",
    "JSON with a number of a million digits": b'{"items": [{"id": ' + b"9" * MEGABYTE + b"}]}",
    "JSON of a million keys": b"{" + b",".join(b'"%d":1' % n for n in range(150_000)) + b"}",
    "zip": b"PK\x03\x04" + bytes(range(256)) * 1000,
    "gzip inside of gzip": gzip.compress(gzip.compress(rss().encode())),
    "UTF-16 that is cut": b"\xff\xfe" + "<x>".encode("utf-16-le") * 1000 + b"\x00",
    "UTF-7": b"<?xml version='1.0' encoding='utf-7'?>+ADw-script+AD4-" * 100,
    "an encoding that is none": b"<?xml version='1.0' encoding='undefined'?><x>\xff\xfe\xfd</x>",
    "only combining marks": b"<x>" + "\u0301".encode() * MEGABYTE,
}
"""What a server answers, by what it is."""


def deflated(megabytes: int) -> bytes:
    """So many megabytes of spaces as zlib packs them, a thousandth of it."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * MEGABYTE) for _ in range(megabytes))
    return packed + packer.flush()


def zipped(megabytes: int) -> bytes:
    """So many megabytes of an unclosed feed as gzip packs them."""
    return gzip.compress(b"<rss><channel>" + b" " * (megabytes * MEGABYTE))


LONG = "".join(sha256(b"%d" % n).hexdigest() for n in range(100))
LONG_TITLE = " ".join(sha256(b"%d" % n).hexdigest() for n in range(100))
POISONED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "المرفأ",
        "items": [
            {
                "id": "\ud800",
                "url": "https://marfa.example/1",
                "title": "خبر أول من الميناء",
                "content_text": "نص",
            },
            {"id": "a\x00b", "title": "خبر ثان من الميناء", "content_text": "نص\x00"},
            {"id": 3, "url": "https://marfa.example/3", "title": "خبر ثالث من الميناء", "summary": "\udfff"},
            {"id": LONG, "title": "خبر رابع من الميناء", "summary": "نص"},
            {"title": LONG_TITLE, "date_published": "2026-01-04T10:00:00Z"},
        ],
    }
)
"""A JSON Feed with halves of characters and zero bytes, which no database takes, and identifiers longer than PostgreSQL indexes."""
