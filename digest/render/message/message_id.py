"""Names that a message has on its way: its Message-ID, and the return path that tells whose bounce it is."""

import re
from hashlib import sha256

from digest.text.addresses.domain import ascii_domain

_OF_EDITION = re.compile(r"<[0-9a-f]{32}\.(?P<edition>[0-9]{1,18})\.(?P<subscriber>[0-9]{1,18})@[^@<>\s]+>")


def message_id(seed: str, key: str, domain: str) -> str:
    """Return a Message-ID with its angle brackets. The same seed and key give the same one, so a repeat can
    be told.
    """
    return f"<{_fingerprint(seed, key)}@{ascii_domain(domain)}>"


def edition_message_id(edition_id: int, fingerprint: str, subscriber_id: int, key: str, domain: str) -> str:
    """Return the Message-ID of an edition's mail to one subscriber: `<HASH.EDITION.SUBSCRIBER@DOMAIN>`.

    It says whose it is, for complaints in which nothing else is left; the hash needs the subscriber's key,
    so that nobody can make one up for others.
    """
    own = _fingerprint(f"{edition_id}:{fingerprint}", key)
    return f"<{own}.{edition_id}.{subscriber_id}@{ascii_domain(domain)}>"


def read_message_id(named: str) -> tuple[int, int] | None:
    """Return the edition and the subscriber that a Message-ID names; None when it names none.

    What it names is not proved: make it anew and compare.
    """
    found = _OF_EDITION.fullmatch(named.strip().lower()) if len(named) < 400 else None
    return (int(found["edition"]), int(found["subscriber"])) if found else None


def _fingerprint(seed: str, key: str) -> str:
    return sha256(f"{seed}\0{key}".encode()).hexdigest()[:32]
