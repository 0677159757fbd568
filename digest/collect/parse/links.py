"""Addresses as feeds print them, mended before they are checked."""

import re
from urllib.parse import urlsplit

from digest.text.sanitise import LONGEST_URL, PLAIN_URL, safe_url

MARKS = re.compile("[\u200b\u200e\u200f\u061c\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad]")
"""What nobody sees and nobody means in an address."""
BREAK = re.compile(r"[ \t\xa0]{0,200}[\r\n\t]\s{0,200}")
BLANK = re.compile("[ \xa0\u2000-\u200a\u202f\u205f\u3000]")
JOINTS = str.maketrans({"\u200c": "%E2%80%8C", "\u200d": "%E2%80%8D"})
"""They are letters' own in Persian slugs, so that they stay, as addresses write them."""
AROUND = re.compile(r"^[\s\u200c\u200d]{1,200}|(?<![\s\u200c\u200d])[\s\u200c\u200d]{1,200}$")
AFTER_SCHEME = re.compile(r"^(https?:[/\\]{2})\s{1,200}", re.IGNORECASE)
SCHEME = re.compile(r"(?:feed:)?(https?)(?::[/\\]{0,3}|[/\\]{2})(?=[^/\\:])", re.IGNORECASE)
HOST = re.compile(r"www\.[^\s/.]{1,100}\.[^\s/]{2,100}(?:/|$)", re.IGNORECASE)
HREF = re.compile(r"""href\s{0,5}=\s{0,5}["']?([^"'<>\s]{1,2000})""", re.IGNORECASE)
WRAPPED = re.compile(r"^(?:<!\[CDATA\[|[\"'«“‹<(])\s{0,20}|\s{0,20}(?:\]\]>|[\"'»”›>])$")
ODD = re.compile(r"[\s<\"]|&amp;|^https?(?!://[^/])", re.IGNORECASE)
LONGEST = 6000
PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|jfif)$", re.IGNORECASE)


def link_of(raw: str | None, base: str) -> str | None:
    """Return the safe address that a feed means, absolute; None when there is none.

    Mended are blanks and line breaks inside, unseen marks, joints of Persian words, a missing or broken
    scheme, CDATA marks and markup around it, and ampersands that were escaped twice.
    """
    if not raw or len(raw) > LONGEST:
        return None
    if PLAIN_URL.fullmatch(raw) and len(raw) <= LONGEST_URL and "&amp;" not in raw:
        return raw
    if SCHEME.match(raw) and ODD.search(raw) is None and (found := safe_url(raw)):
        return found
    return safe_url(_mended(raw, base), base)


def _mended(raw: str, base: str) -> str:
    text = WRAPPED.sub("", WRAPPED.sub("", raw.strip()))
    if "<" in text:
        href = HREF.search(text)
        text = href[1] if href else re.sub(r"<[^<>]{0,500}>", "", text)
    text = AROUND.sub("", MARKS.sub("", text.replace("&amp;", "&")))
    text = AFTER_SCHEME.sub(r"\1", text)
    pieces = BREAK.split(text)
    # Two addresses, one a line, are not one address: the first is meant.
    text = pieces[0] + "".join(_until_next(pieces[1:]))
    text = BLANK.sub("%20", text.strip()).translate(JOINTS)
    if scheme := SCHEME.match(text):
        return f"{scheme[1].lower()}://{text[scheme.end() :]}"
    return f"https://{text}" if _lacks_scheme(text, base) else text


def _until_next(pieces: list[str]) -> list[str]:
    place = next((n for n, piece in enumerate(pieces) if SCHEME.match(piece)), len(pieces))
    return pieces[:place]


def _lacks_scheme(text: str, base: str) -> bool:
    """Whether an address begins with a host: www's, or the feed's own."""
    text = text.strip()
    if HOST.match(text):
        return True
    host = (urlsplit(base).hostname or "").removeprefix("www.") if base.startswith("http") else ""
    return bool(host) and "." in host and text.lower().startswith((f"{host}/", f"www.{host}/"))


def is_picture(address: str | None, kind: str = "") -> bool:
    """Say whether an address is a picture's: by its type where one is told, else by the end of its path."""
    media_type = kind.strip().lower()
    if media_type and media_type not in {
        "application/octet-stream",
        "binary/octet-stream",
        "unknown",
        "file",
    }:
        return media_type.startswith("image")
    try:
        return bool(PICTURE.search(urlsplit((address or "").strip()).path))
    except ValueError:
        return False
