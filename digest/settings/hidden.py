"""Hide secrets in answers, errors, logs and tracebacks.

What is printed passes `redacted`. It hides what looks like a secret (the password in an address, a token in a
query) and, whatever it looks like, every secret that the settings name. Those are remembered for the whole
process, the one thing here that is: an error is printed where nobody holds the settings any more.
"""

import logging
import re
import traceback
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from pydantic import BaseModel, SecretStr

MARK = "••••••"
SHORTEST = 5
"""Shorter secrets are hidden by their place only: their letters stand in ordinary words."""
_ADDRESS = re.compile(r"[\w+.-]+://")
_USER = re.compile(r"(?<=://)([^\s/?#'\"<>@:]*):[^\s'\"<>]*@")
_NAMED = re.compile(
    r"((?:[?&;]|\b)[\w.-]{0,40}(?:passw(?:or)?d|passphrase|secret|token|api_?key|signature|credential)[\w.-]{0,20}=)"
    r"(?:'[^']*'|[^&\s'\"<>#;]+)|([?&;](?:key|sig|auth|code|pwd|access)=)[^&\s'\"<>#;]+",
    re.IGNORECASE,
)
_known: list[str] = []


def without_ours(text: str) -> str:
    """Return a text with the secrets hidden that the settings name, and nothing else: for answers that hold
    data.
    """
    for secret in _known:
        if secret in text:
            text = text.replace(secret, MARK)
    return text


def redacted(text: str) -> str:
    """Return a text with all secrets in it hidden, those too that only look so."""
    text = without_ours(text)
    if "://" in text:
        text = _USER.sub(rf"\1:{MARK}@", text)
    if "=" in text:
        text = _NAMED.sub(lambda found: f"{found[1] or found[2]}{MARK}", text)
    return text


def remember(settings: BaseModel) -> None:
    """Hide the secrets of these settings from now on, instead of those of others before."""
    forms = {form for secret in _secrets(settings) for form in _forms(secret)}
    _known[:] = sorted((one for one in forms if len(one) >= SHORTEST), key=len, reverse=True)


def shown(value: object) -> str:
    """Return a setting's value as people may see it."""
    if value is None:
        return ""
    if isinstance(value, SecretStr):
        return MARK
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {shown(one)}" for name, one in value.items())
    if isinstance(value, BaseModel):
        return "{" + ", ".join(f"{name}: {shown(one)}" for name, one in value if one is not None) + "}"
    if isinstance(value, tuple):
        return "[" + ", ".join(shown(one) for one in value) + "]" if value else ""
    return redacted(str(value))


def redacted_traceback(error: BaseException) -> str:
    """Return a traceback for people, secrets hidden."""
    return redacted("".join(traceback.format_exception(error)))


def redacting(*given: Any, **named: Any) -> logging.LogRecord:
    """Return a record for `logging`, which libraries log with, secrets hidden
    (`logging.setLogRecordFactory`).
    """
    record = logging.LogRecord(*given, **named)
    said = record.getMessage()
    if (safe := redacted(said)) != said:
        record.msg, record.args = safe, None
    if record.exc_info and record.exc_info[1] is not None:
        record.exc_text = redacted_traceback(record.exc_info[1]).rstrip("\n")
    return record


def _secrets(value: object) -> Iterator[str]:
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
    elif isinstance(value, BaseModel):
        for name, one in value:
            if name == "url" and isinstance(one, str) and not _ADDRESS.match(one):
                yield one  # mistyped: nobody knows where in it the password stands
            yield from _secrets(one)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _secrets(one)
    elif isinstance(value, tuple):
        for one in value:
            yield from _secrets(one)
    elif isinstance(value, str) and "://" in value:
        yield from _of_address(value)


def _of_address(address: str) -> Iterator[str]:
    """Yield the password of an address, as it is written and as it is meant."""
    found = re.match(r"[\w+.-]+://[^\s/?#@:]*:(.*)@", address)
    if found:
        yield found[1]
        yield unquote(found[1])


def _forms(secret: str) -> Iterator[str]:
    """Yield the forms in which a secret may turn up: as it is, in an address, and, of an address, what stands
    behind its host.
    """
    yield secret
    yield quote(secret, safe="")
    if "://" in secret:
        try:
            parts = urlsplit(secret)
        except ValueError:
            return
        path = parts.path.strip("/")
        yield from (path if len(path) > 2 * SHORTEST else "", parts.query)
    elif ":" in secret:
        yield secret.partition(":")[2]
