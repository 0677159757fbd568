"""The demo's readers, who are nobody: mail for them stays in the embedded mailbox."""

from digest.services.app import App
from digest.storage.audience import subscribers

COMMAND = "digest subscribers remove-samples"


async def remaining(app: App) -> int:
    """Return how many sample readers are left where mail goes out for real; 0 where it stays in the embedded
    mailbox.
    """
    if not app.settings.mail.all_servers:
        return 0
    async with app.database.begin() as session:
        return await subscribers.samples(session)


async def reminder(app: App) -> str:
    """Return the sentence that asks to remove them, or "" when there is nothing to say."""
    count = await remaining(app)
    if not count:
        return ""
    who = "1 sample reader of the demo is" if count == 1 else f"{count} sample readers of the demo are"
    return f"{who} still in the lists, and skipped: mail for them never leaves this machine. Remove them: {COMMAND}"


async def remove(app: App) -> int:
    """Delete the sample readers; returns how many there were."""
    async with app.database.begin() as session:
        return await subscribers.remove_samples(session)
