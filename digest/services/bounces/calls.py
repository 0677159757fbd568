"""Accept each provider's signed call once."""

from hashlib import sha256

from digest.deliver.webhooks.common import OLDEST, ForgedCallError, ProviderEvent
from digest.services.app import App
from digest.services.bounces import reports
from digest.storage import taken_calls


async def hear_once(app: App, signature: str, body: bytes, notices: tuple[ProviderEvent, ...]) -> None:
    """Count what a call says, once. The same call again, which a provider makes when our answer was lost, changes nothing.

    One that we could not count to its end is counted when it comes again.

    Raises:
        ForgedCallError: the signature came with another body before.
    """
    token_hash, body_hash = sha256(signature.encode()).hexdigest(), sha256(body).hexdigest()
    now = app.clock.now()
    async with app.database.begin() as session:
        # Twice the age at which a call is refused: its own clock may be ahead of ours by as much.
        kept = await taken_calls.take(session, token_hash, body_hash, now, now - 2 * OLDEST)
    if kept.body_hash != body_hash:
        raise ForgedCallError("The call's signature was used for another call.")
    if not kept.done:
        await reports.process_provider_events(app, notices)
        async with app.database.begin() as session:
            await taken_calls.done(session, token_hash)
