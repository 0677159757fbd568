"""Requests with an Idempotency-Key: asked twice, they are done once."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from digest.model import KeptAnswer
from digest.services.app import App
from digest.storage.programs import answers

KEPT = timedelta(hours=24)
GIVEN_UP = timedelta(minutes=10)
"""A request that is worked on for so long died with its process: it may be asked again."""


class Asked(StrEnum):
    """How a request with a key stands."""

    FIRST = "first"
    DONE = "done"
    BUSY = "busy"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class OnceClaim:
    """How a request stands; `answer` is what it was answered when it was done."""

    asked: Asked
    answer: KeptAnswer | None = None


async def begin(app: App, key_id: int, idempotency_key: str, fingerprint: str) -> OnceClaim:
    """Begin a request, or say how the one with the same key stands."""
    now = app.clock.now()
    mine = KeptAnswer(
        api_key_id=key_id, idempotency_key=idempotency_key, fingerprint=fingerprint, created_at=now
    )
    async with app.database.begin() as session:
        known = await answers.claim(session, mine)
        if known is not None and _is_over(known, now - known.created_at):
            await answers.drop(session, key_id, idempotency_key)
            known = await answers.claim(session, mine)
    if known is None:
        return OnceClaim(Asked.FIRST)
    if known.fingerprint != fingerprint:
        return OnceClaim(Asked.OTHER)
    return OnceClaim(Asked.DONE, known) if known.status else OnceClaim(Asked.BUSY)


def _is_over(known: KeptAnswer, age: timedelta) -> bool:
    return age >= (KEPT if known.status else GIVEN_UP)


async def end(
    app: App, key_id: int, idempotency_key: str, *, status: int, body: str, location: str = ""
) -> None:
    """Keep what a request was answered; one that failed through no fault of its own may be asked again."""
    async with app.database.begin() as session:
        if status >= 500:
            await answers.drop(session, key_id, idempotency_key)
        else:
            await answers.keep(session, key_id, idempotency_key, status=status, body=body, location=location)


async def forget_old(app: App) -> None:
    """Forget the answers that are kept for long enough."""
    async with app.database.begin() as session:
        await answers.forget_before(session, app.clock.now() - KEPT)
