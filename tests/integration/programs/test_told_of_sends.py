"""A send that ends with a webhook set up: its end is told, and the work in a thread that closes it goes well."""

from collections.abc import Callable
from typing import Any

from sqlmodel import select

from digest.model import Edition, EditionState, MailingList
from digest.services.app import App
from digest.services.programs import webhooks
from digest.storage.ledger.deliveries import close_finished


async def test_a_send_that_ends_in_a_thread_tells_of_it(
    app: App, daily: MailingList, messages: Callable[[], Any]
):
    await webhooks.add(app, "all", "https://crm.example.org/hook")
    async with app.database.begin() as session:
        edition = (await session.exec(select(Edition).where(Edition.list_id == daily.id))).one()
        edition.state, edition.started_at = EditionState.SENDING, app.clock.now()
        session.add(edition)
    assert await app.database.at_once(close_finished, app.clock.now()) == [edition.id]
    assert [one.event for one in await messages()] == ["edition.sent"]
