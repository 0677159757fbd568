"""Values that only their holder knows: cookies, one-time links, recovery codes. Kept as keyed hashes."""

import secrets

from digest.keys import keyed
from digest.services.app import App

SESSION, LINK, RECOVERY, LOGIN = "session", "link", "recovery", "login"


def new_token() -> str:
    """Return 256 random bits, fit for an address and a cookie."""
    return secrets.token_urlsafe(32)


def hashed(app: App, use: str, value: str) -> str:
    """Return the hash under which a value is kept from now on. `use` keeps one use from opening another."""
    return keyed(app.keys.sessions.current, f"{use}:{value}".encode()).hex()


def hashes(app: App, use: str, value: str) -> list[str]:
    """Return all hashes under which a value may be kept; a key that leaked gives none.

    Recovery codes lie in a drawer for years, so that no overlap ends them.
    """
    kept = app.keys.sessions
    keys = kept.ever if use == RECOVERY else kept.believed
    return [keyed(key, f"{use}:{value}".encode()).hex() for key in keys]
