"""Make the links in mail: to public pages, to confirm, to choose, and the unsubscribe link."""

import hmac
import re
from binascii import b2a_base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import quote

from digest.errors import InputError
from digest.keys import KeyRing, keyed

CONFIRM_LIFE = timedelta(days=7)
"""A confirmation that lay unread for longer asks for nothing any more. Links out of a list never expire: old
mail must still let people leave.
"""

_TOKEN = re.compile(
    r"(?P<key>[A-Za-z0-9-]{1,64})(?:\.(?P<seconds>[0-9]{1,12}))?\.(?P<seal>[A-Za-z0-9_-]{22}(?:[A-Za-z0-9_-]{2})?)"
)
_IN_ADDRESSES = bytes.maketrans(b"+/", b"-_")
UNDO_LIFE = timedelta(hours=1)
"""So long who left can take it back by the page that said so."""
_LIVES = {"confirm": CONFIRM_LIFE, "address": CONFIRM_LIFE, "undo": UNDO_LIFE}
_SEAL = 24
"""Letters of a seal in a link that does not expire: 144 bits. Those of confirmations, and of old mail, have
22.
"""
_SEALED_TOGETHER = {"unsubscribe": slice(0, _SEAL), "preferences": slice(_SEAL, 2 * _SEAL)}


@dataclass(frozen=True, slots=True)
class Links:
    """Makes and reads addresses under one public address, without a slash at its end.

    A token is `KEY.SEAL`, or `KEY.SECONDS.SEAL` when it expires: then the seal is HMAC-SHA-256, cut to 128
    bits (RFC 2104, section 5), over purpose, list, key and seconds. Links that do not expire are in every
    mail, so that one keyed BLAKE2b (RFC 7693) over list and key seals both of a reader's, each with bits of
    its own. A token for one purpose or list opens nothing else. Mail of earlier versions has HMAC in all its
    links, and they keep opening; so do links that a former key sealed, and those by which one leaves a list
    do for ever.
    """

    public_url: str
    keys: KeyRing = field(repr=False)

    def edition(self, slug: str, number: int) -> str:
        """Return the web page of an edition."""
        return f"{self.archive(slug)}/{number}"

    def desk_edition(self, slug: str, number: int) -> str:
        """Return the desk's page of an edition, for who may log in there."""
        return f"{self.public_url}/desk/lists/{quote(slug, safe='')}/editions/{number}"

    def archive(self, slug: str) -> str:
        """Return the page with a list's editions."""
        return f"{self.public_url}/l/{slug if slug.isascii() and slug.isalnum() else quote(slug, safe='')}"

    @property
    def pictures(self) -> str:
        """Where our own copies of pictures lie; empty unless mail programs can load them: over https."""
        return f"{self.public_url}/pictures" if self.public_url.startswith("https://") else ""

    def feed(self, slug: str) -> str:
        """Return the Atom feed of a list."""
        return f"{self.archive(slug)}/feed.xml"

    def json_feed(self, slug: str) -> str:
        """Return the JSON Feed of a list."""
        return f"{self.archive(slug)}/feed.json"

    def section(self, slug: str, key: str) -> str:
        """Return where the feeds of a list's section are."""
        return f"{self.archive(slug)}/sections/{quote(key, safe='')}"

    def picture(self, path: str) -> str:
        """Return the whole address of a path of the pages, for programs that know no other."""
        return f"{self.public_url}{path}"

    def click(self, edition_id: int, url: str) -> str:
        """Return an edition's own link to one of its addresses. It names no reader, and leads nowhere
        else.
        """
        return f"{self.public_url}/r/{edition_id}.{_click_seal(self.keys.links.current, edition_id, url)}"

    def is_click(self, edition_id: int, url: str, seal: str) -> bool:
        """Say whether a seal is that of an edition's link to an address, by any key that was ever in use."""
        return any(
            hmac.compare_digest(seal, _click_seal(one, edition_id, url)) for one in self.keys.links.ever
        )

    def unsubscribe(self, slug: str, key: str) -> str:
        """Return the link that ends a subscription. It never expires."""
        return self.of_list(slug).both(key)[0]

    def preferences(self, slug: str, key: str) -> str:
        """Return the link to what a reader gets. It never expires."""
        return self.of_list(slug).both(key)[1]

    def of_list(self, slug: str) -> "ListLinks":
        """Return what makes the links that are in every mail of a list."""
        page = self.archive(slug)
        return ListLinks(f"{page}/unsubscribe/", f"{page}/preferences/", self.keys.links.current, slug)

    def confirm(self, slug: str, key: str, requested_at: datetime) -> str:
        """Return the link that confirms a sign-up; it works for seven days from then."""
        seconds = str(int(requested_at.timestamp()))
        return f"{self.archive(slug)}/confirm/{self._token('confirm', slug, key, seconds)}"

    def address(self, slug: str, key: str, asked_at: datetime) -> str:
        """Return the link that confirms a change of address; it works for seven days from then."""
        seconds = str(int(asked_at.timestamp()))
        return f"{self.archive(slug)}/address/{self._token('address', slug, key, seconds)}"

    def undo(self, slug: str, key: str, left_at: datetime) -> str:
        """Return the link that takes back a leaving; it works for an hour from then, and for that one
        alone.
        """
        seconds = str(int(left_at.timestamp()))
        return f"{self.archive(slug)}/undo/{self._token('undo', slug, key, seconds)}"

    def read(self, purpose: str, token: str, now: datetime, *, list_slug: str) -> str:
        """Return the key of the subscriber whom a link belongs to.

        Raises:
            InputError: the link is broken, was made for something else, or has expired.
        """
        found = _TOKEN.fullmatch(token)
        if found is None or (found["seconds"] is not None) is not (purpose in _LIVES):
            raise InputError("This link is broken.", remedy="Copy it whole from the mail.")
        seconds = found["seconds"] or ""
        named = (purpose, list_slug, found["key"], seconds)
        # Who leaves needs no young key: what that link does harms nobody, and old mail must let people leave.
        keys = self.keys.links.ever if purpose == "unsubscribe" else self.keys.links.believed
        if not any(
            hmac.compare_digest(found["seal"], _expected(one, named, len(found["seal"]))) for one in keys
        ):
            raise InputError("This link is broken.", remedy="Copy it whole from the mail.")
        if seconds and now.timestamp() - int(seconds) > _LIVES[purpose].total_seconds():
            raise InputError("This link has expired.", remedy="Subscribe again to get a new one.")
        return found["key"]

    def _token(self, purpose: str, slug: str, key: str, seconds: str) -> str:
        return f"{key}.{seconds}.{_seal(self.keys.links.current, (purpose, slug, key, seconds))}"


class ListLinks:
    """Makes the links that are in every mail of one list."""

    def __init__(self, unsubscribe: str, preferences: str, secret: bytes, slug: str) -> None:
        self._unsubscribe = unsubscribe
        self._preferences = preferences
        self._state = _state(secret, slug)

    def both(self, key: str) -> tuple[str, str]:
        """Return the links by which a reader leaves, and by which he chooses what he gets. They never
        expire.
        """
        sealed = _sealed(self._state, key)
        return f"{self._unsubscribe}{key}.{sealed[:_SEAL]}", f"{self._preferences}{key}.{sealed[_SEAL:]}"


def _expected(secret: bytes, named: tuple[str, str, str, str], letters: int) -> str:
    purpose, slug, key, _ = named
    if letters == _SEAL and purpose in _SEALED_TOGETHER:
        return _sealed(_state(secret, slug), key)[_SEALED_TOGETHER[purpose]]
    return _seal(secret, named)


def _seal(secret: bytes, named: tuple[str, str, str, str]) -> str:
    # The word in front keeps these apart from everything else that older versions signed with the same key.
    signed = "\0".join(("link", *named)).encode()
    sealed = b2a_base64(keyed(secret, signed)[:16], newline=False)
    return sealed[:22].translate(_IN_ADDRESSES).decode()


def _click_seal(secret: bytes, edition_id: int, url: str) -> str:
    signed = f"click\0{edition_id}\0{url}".encode("utf-8", "replace")
    return b2a_base64(keyed(secret, signed)[:12], newline=False).translate(_IN_ADDRESSES).decode()


@lru_cache(maxsize=64)
def _state(secret: bytes, slug: str) -> blake2b:
    """BLAKE2b as it stands when it has read all that a list's readers have in common; it is copied, never
    updated.
    """
    own = keyed(secret, b"reader links")
    return blake2b(f"{slug}\0".encode(), key=own, digest_size=2 * _SEAL * 3 // 4)


def _sealed(state: blake2b, key: str) -> str:
    made = state.copy()
    made.update(key.encode())
    return b2a_base64(made.digest(), newline=False).translate(_IN_ADDRESSES).decode()
