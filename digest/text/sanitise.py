"""From foreign HTML to plain text and safe addresses."""

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

from digest.text.words.normalise import clean

BLOCK = re.compile(
    r"<\s{0,9}/?\s{0,9}(?:p|div|br|li|ul|ol|h[1-6]|tr|td|table|blockquote|section|article|figure|figcaption|hr)\b[^<>]*+>",
    re.IGNORECASE,
)
DROPPED = frozenset({"script", "style", "iframe", "object", "template", "svg", "math", "noscript"})
MARKUP = re.compile(r"<[a-zA-Z/!]")
CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\\]")
ORDINARY = re.compile(r"[\u0621-\u063a\u0641-\u064a\u0660-\u0669\n\r\t !-%'-;=?-~«»،؛؟“”‘’…–—]*")
"""Letters, digits and punctuation that cleaning leaves as they are: no markup, no entity, no mark, nothing
unseen.
"""
LONGEST_URL = 2000
PLAIN_URL = re.compile(r"https?://[A-Za-z0-9.-]+/[A-Za-z0-9/._~%?&=+,;\u0621-\u063a\u0641-\u064a-]*")


def plain(html: str) -> list[str]:
    """Return the paragraphs of an HTML fragment as clean text, empty ones left out. Plain text is one a
    line.
    """
    if not html:
        return []
    if not MARKUP.search(html):
        lines = unescape(html).splitlines()
    else:
        import nh3  # only what reads foreign HTML needs it

        marked = BLOCK.sub("\n", html.replace("\r", " ").replace("\n", " "))
        lines = unescape(nh3.clean(marked, tags=set(), clean_content_tags=set(DROPPED))).splitlines()
    return [line for line in (clean(line) for line in lines) if line]


def inline(html: str) -> str:
    """Return an HTML fragment, such as a title, as one line of clean text. Entities are undone twice: feeds
    escape twice.
    """
    if not html:
        return ""
    if ORDINARY.fullmatch(html):
        return " ".join(html.split())
    text = " ".join(plain(html))
    return " ".join(plain(text)) if MARKUP.search(text) or "&" in text else text


def safe_url(url: str | None, base: str | None = None) -> str | None:
    """Return an absolute http or https address, or None when it is anything else or could mislead.

    Refused are other schemes, user names in the address, control and invisible characters, and what is longer
    than 2,000.
    """
    if not url:
        return None
    if PLAIN_URL.fullmatch(url) and len(url) <= LONGEST_URL:
        return url
    try:
        found = urljoin(base, url.strip()) if base else url.strip()
        parts = urlsplit(found)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc:
        return None
    if CONTROL.search(found) or len(found) > LONGEST_URL:
        return None
    return found
