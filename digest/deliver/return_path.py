"""Return paths (VERP) that tell whose bounce it is."""

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass

from digest.keys import keyed
from digest.text.addresses.domain import ascii_domain

_SEALED = re.compile(
    r"(?P<kind>[buc])\+(?P<edition>[0-9]{1,19})\.(?P<subscriber>[0-9]{1,19})\.(?P<seal>[0-9a-f]{16})@.+"
)


@dataclass(frozen=True, slots=True)
class Returned:
    """Whose mail came back, and of which edition."""

    edition_id: int
    subscriber_id: int


def return_path(edition_id: int, subscriber_id: int, secret: bytes, domain: str) -> str:
    """Return the envelope sender of one message (VERP): `b+EDITION.SUBSCRIBER.SEAL@DOMAIN`.

    The local part has at most 58 characters, all of them small letters, digits, "+" and ".": nothing that a
    server on the way changes. The seal is 64 bits of HMAC-SHA-256, so that nobody can make up bounces for
    others.
    """
    place = f"{edition_id}.{subscriber_id}"
    return f"b+{place}.{_seal(place, secret)}@{ascii_domain(domain)}"


def leaving_address(path: str) -> str:
    """Return the address by which the owner of a return path leaves the list by mail: the same with a `u` in
    front.

    Whoever has the mail has both, so one seal serves for both and costs nothing more per message.
    """
    return f"u{path[1:]}"


def read_return_path(address: str, keys: Sequence[bytes]) -> Returned | None:
    """Return whose bounce came to an address; None when it is no return path of ours or none of the keys
    sealed it.

    Case and angle brackets do not matter.
    """
    return _read("b", address, keys)


def read_leaving_address(address: str, keys: Sequence[bytes]) -> Returned | None:
    """Return who leaves by a mail to an address, and by which edition's; None as `read_return_path`."""
    return _read("u", address, keys)


def confirming_address(notice_id: int, subscriber_id: int, secret: bytes, domain: str) -> str:
    """Return the address to which a confirmation mail is answered: `c+NOTICE.SUBSCRIBER.SEAL@DOMAIN`.

    Its seal is of its own kind: no return path, which servers on the way read, can be turned into it.
    """
    place = f"{notice_id}.{subscriber_id}"
    return f"c+{place}.{_seal(_confirming(place), secret)}@{ascii_domain(domain)}"


def read_confirming_address(address: str, keys: Sequence[bytes]) -> Returned | None:
    """Return whose sign-up is confirmed by a mail to an address, `edition_id` being the notice's; None as
    `read_return_path`.
    """
    return _read("c", address, keys)


def _confirming(place: str) -> str:
    return f"confirm:{place}"


def _read(kind: str, address: str, keys: Sequence[bytes]) -> Returned | None:
    found = _SEALED.fullmatch(address.strip().strip("<>").lower())
    if found is None or found["kind"] != kind:
        return None
    place = f"{found['edition']}.{found['subscriber']}"
    sealed = _confirming(place) if kind == "c" else place
    if not any(hmac.compare_digest(found["seal"], _seal(sealed, one)) for one in keys):
        return None
    return Returned(int(found["edition"]), int(found["subscriber"]))


def _seal(place: str, secret: bytes) -> str:
    return keyed(secret, f"return-path:{place}".encode())[:8].hex()
