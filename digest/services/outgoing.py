"""What goes out besides mail, as tasks: events to webhooks, editions to channels.

A restored or copied database posts nothing of the time before it was noticed.
"""

from digest.services.alarms import alarms
from digest.services.app import App
from digest.services.copies import watch


async def due(app: App, limit: int) -> list[tuple[str, int]]:
    """Return what is to be posted now: task and row. Sounds for what nothing is posted to any more."""
    from digest.services.channels import posting as channels
    from digest.services.programs import posting as webhooks

    await alarms.look_at_programs(app)
    found = [("post_webhook", one) for one in await webhooks.due(app, limit)]
    return found + [("post_to_channel", one) for one in await channels.due(app, limit)]


async def post_webhook(app: App, message_id: int) -> bool:
    """Post one event to one webhook. False: there is none to post."""
    from digest.services.programs import posting

    asked = await posting.asked_at(app, message_id)
    return asked is not None and not await watch.is_held(app, asked) and await posting.post(app, message_id)


async def post_to_channel(app: App, post_id: int) -> bool:
    """Post one edition to one channel. False: there is none to post."""
    from digest.services.channels import posting

    asked = await posting.asked_at(app, post_id)
    return asked is not None and not await watch.is_held(app, asked) and await posting.post(app, post_id)


async def forget_old(app: App) -> None:
    """Forget what was posted, and answered to programs, long ago."""
    from digest.services.programs import once, webhooks

    await once.forget_old(app)
    await webhooks.forget_old(app)
