"""Post JSON to an address that somebody gave us: signed, by https, never to one of this network."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from digest.collect.fetch.ssrf import check_url, is_named
from digest.errors import BlockedAddressError, InputError, SourceError
from digest.services.app import App
from digest.services.programs.signing import signed
from digest.settings.hidden import redacted

GONE = 410
LONGEST_ERROR = 300


class PostResult(NamedTuple):
    """What came of a post: the status that was answered (None: nothing was), and what went wrong, or ""."""

    status: int | None
    problem: str

    @property
    def is_taken(self) -> bool:
        """Whether it was taken: answered with 2xx."""
        return not self.problem


def as_body(said: Mapping[str, Any]) -> bytes:
    """Return what is posted, in as few bytes as JSON has."""
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


async def post_signed(
    app: App, url: str, secret: str, message_id: str, body: bytes, *, seconds: float
) -> PostResult:
    """Post a body once, signed with a webhook's secret, and return what came of it."""
    headers = signed(secret, message_id, app.clock.now(), body)
    try:
        status = await app.http.post_bytes(url, body, headers, seconds)
    except SourceError as error:
        said = str(error) if isinstance(error, BlockedAddressError) else error.message
        return PostResult(None, redacted(said)[:LONGEST_ERROR])
    return PostResult(status, "" if 200 <= status < 300 else f"It answered {status}.")


def require_target(app: App, url: str) -> None:
    """Refuse an address that may not be posted to, as far as it can be told without resolving it.

    Raises:
        InputError: it is not public, or does not use https.
    """
    try:
        check_url(url, app.settings.collect.allow_hosts)
    except SourceError as error:
        raise InputError(error.message, remedy=error.remedy) from error
    if not url.startswith("https://") and not is_named(url, app.settings.collect.allow_hosts):
        raise InputError(
            "A webhook is posted to by https alone.", remedy="Give an address that begins with https://."
        )
