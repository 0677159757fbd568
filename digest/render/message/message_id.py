"""Names that a message has on its way: its Message-ID, and the return path that tells whose bounce it is."""

from hashlib import sha256

from digest.text.addresses.domain import ascii_domain


def message_id(seed: str, key: str, domain: str) -> str:
    """Return a Message-ID with its angle brackets. The same seed and key give the same one, so a repeat can
    be told.
    """
    fingerprint = sha256(f"{seed}\0{key}".encode()).hexdigest()
    return f"<{fingerprint[:32]}@{ascii_domain(domain)}>"
