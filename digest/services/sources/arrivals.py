"""What follows when articles came in: lists that send alerts look at them at once."""

from digest.services.app import App
from digest.storage.editions import alerts


async def announce(app: App) -> None:
    """Ask for a look at what came in, for each list that alerts its readers."""
    async with app.database.begin() as session:
        watching = await alerts.watching(session)
    for list_id in watching:
        await app.queue.enqueue("check_alerts", list_id)
