"""Addresses in mail: pages that anybody may open, and signed links that act for one reader of one list."""

import hmac
import re
from binascii import b2a_base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote

from digest.errors import InputError
from digest.render.identity import keyed

CONFIRM_LIFE = timedelta(days=7)
"""A confirmation that lay unread for longer is no wish any more. Links out of a list never expire: old mail must still let people leave."""

_TOKEN = re.compile(
    r"(?P<key>[A-Za-z0-9-]{1,64})(?:\.(?P<seconds>[0-9]{1,12}))?\.(?P<seal>[A-Za-z0-9_-]{22})"
)
_IN_ADDRESSES = bytes.maketrans(b"+/", b"-_")
_EXPIRING = frozenset({"confirm"})


@dataclass(frozen=True, slots=True)
class Links:
    """Makes and reads addresses under one public address, without a slash at its end, with one key.

    A token is `KEY.SEAL`, or `KEY.SECONDS.SEAL` when it expires; the seal is HMAC-SHA-256, cut to 128 bits (RFC 2104,
    section 5), over purpose, list, key and seconds. A token for one purpose or list opens nothing else.
    """

    public_url: str
    secret: bytes = field(repr=False)

    def edition(self, slug: str, number: int) -> str:
        """Return the web page of an edition."""
        return f"{self.archive(slug)}/{number}"

    def archive(self, slug: str) -> str:
        """Return the page with a list's editions."""
        return f"{self.public_url}/l/{slug if slug.isascii() and slug.isalnum() else quote(slug, safe='')}"

    def feed(self, slug: str) -> str:
        """Return the Atom feed of a list."""
        return f"{self.archive(slug)}/feed.xml"

    def unsubscribe(self, slug: str, key: str) -> str:
        """Return the link that ends a subscription. It never expires."""
        return f"{self.archive(slug)}/unsubscribe/{self._token('unsubscribe', slug, key)}"

    def preferences(self, slug: str, key: str) -> str:
        """Return the link to what a reader gets. It never expires."""
        return f"{self.archive(slug)}/preferences/{self._token('preferences', slug, key)}"

    def confirm(self, slug: str, key: str, requested_at: datetime) -> str:
        """Return the link that confirms a wish; it works for seven days from the wish."""
        seconds = str(int(requested_at.timestamp()))
        return f"{self.archive(slug)}/confirm/{self._token('confirm', slug, key, seconds)}"

    def read(self, purpose: str, token: str, now: datetime, *, list_slug: str) -> str:
        """Return the key of the subscriber whom a link belongs to.

        Raises:
            InputError: the link is broken, was made for something else, or has expired.
        """
        found = _TOKEN.fullmatch(token)
        if found is None or (found["seconds"] is not None) is not (purpose in _EXPIRING):
            raise InputError("This link is broken.", remedy="Copy it whole from the mail.")
        seconds = found["seconds"] or ""
        if not hmac.compare_digest(found["seal"], self._seal(purpose, list_slug, found["key"], seconds)):
            raise InputError("This link is broken.", remedy="Copy it whole from the mail.")
        if seconds and now.timestamp() - int(seconds) > CONFIRM_LIFE.total_seconds():
            raise InputError("This link has expired.", remedy="Subscribe again to get a new one.")
        return found["key"]

    def _token(self, purpose: str, slug: str, key: str, seconds: str = "") -> str:
        return ".".join(part for part in (key, seconds, self._seal(purpose, slug, key, seconds)) if part)

    def _seal(self, purpose: str, slug: str, key: str, seconds: str) -> str:
        # The word in front keeps these apart from everything else that is signed with the same key.
        signed = "\0".join(("link", purpose, slug, key, seconds)).encode()
        sealed = b2a_base64(keyed(self.secret, signed)[:16], newline=False)
        return sealed[:22].translate(_IN_ADDRESSES).decode()
