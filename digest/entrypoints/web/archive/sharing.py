"""Addresses by which a reader shares a story. No program of others is loaded: these are plain links
(pure).
"""

from dataclasses import dataclass
from urllib.parse import quote

SERVICES = (
    ("whatsapp", "https://wa.me/?text={both}"),
    ("telegram", "https://t.me/share/url?url={url}&text={text}"),
    ("x", "https://x.com/intent/post?url={url}&text={text}"),
)
LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class ShareLinks:
    """Where a story is, and the links that share it: the name of a word, and the address."""

    address: str
    links: tuple[tuple[str, str], ...]


def sharing(address: str, headline: str) -> ShareLinks:
    """Return the links that share a story; `address` is public and holds nobody's key."""
    text = headline[:LONGEST_TEXT]
    given = {
        "url": quote(address, safe=""),
        "text": quote(text, safe=""),
        "both": quote(f"{text}\n{address}", safe=""),
    }
    return ShareLinks(address, tuple((name, form.format(**given)) for name, form in SERVICES))
