"""Whether the keys that the settings name could be guessed. Pure; says their names, never their values."""

from collections.abc import Iterator

from pydantic import SecretStr

from digest.services.doctor.finding import Finding, FindingState
from digest.settings import Settings

SHORTEST = 16
FEWEST = 6
"""Different letters below which a long key is but a short one, repeated."""
USUAL = (
    "changeme",
    "change-me",
    "password",
    "secret",
    "example",
    "default",
    "test",
    "1234",
    "mujaz",
    "digest",
)


def weak_secrets(chosen: Settings) -> list[Finding]:
    """Return a finding for each key of ours that is weak; one that says all is well when none is."""
    weak = [
        Finding(
            "keys",
            FindingState.WARN,
            f"{name} {reason}.",
            "openssl rand -hex 32",
            f"المفتاح {name} سهل التخمين: استبدل به مفتاحًا طويلًا عشوائيًا.",
        )
        for name, key in _ours(chosen)
        if (reason := _weakness(key.get_secret_value()))
    ]
    return weak or [Finding("keys", FindingState.GOOD, "No key in the settings can easily be guessed.")]


def _ours(chosen: Settings) -> Iterator[tuple[str, SecretStr]]:
    """Yield the keys that are chosen here; those that a provider gave are its own affair."""
    named = {
        "web.secret": chosen.web.secret,
        "collect.ingest_key": chosen.collect.ingest_key,
        "bounces.postmark_login": chosen.bounces.postmark_login,
    }
    yield from ((name, key) for name, key in named.items() if key is not None)


def _weakness(key: str) -> str:
    own = key.rpartition(":")[2]
    if len(own) < SHORTEST:
        return f"has {len(own)} letters; {SHORTEST} or more cannot be guessed"
    if len(set(own)) < FEWEST:
        return "is the same few letters again and again"
    if any(word in own.lower() for word in USUAL):
        return "holds a word that is tried first"
    return ""
