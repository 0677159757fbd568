"""The revision of alerts, forth and back: nobody gets one who did not choose it, and nothing that was kept is lost."""

from sqlmodel import select

from digest.model import AlertChoice, AtNight, Edition, MailingList, Subscription
from digest.storage.database.engine import Database
from tests.migration.forth_and_back import a_house, goes_back_and_comes

KEPT = (
    "SELECT id, slug, name, enabled FROM mailing_list",
    "SELECT list_id, subscriber_id, state, frequency FROM subscription",
    "SELECT id, list_id, kind, number, topic FROM edition",
)


async def test_existing_readers_and_lists_have_no_alerts_after_the_upgrade(database: Database):
    await a_house(database)
    async with database.begin() as session:
        reader = (await session.exec(select(Subscription))).one()
        reader.alerts = AlertChoice.ALL
        session.add(reader)
    await goes_back_and_comes(database, "0008", new={"alert", "alert_watch"}, kept=KEPT)
    async with database.begin() as session:
        reader = (await session.exec(select(Subscription))).one()
        found = (await session.exec(select(MailingList))).one()
        edition = (await session.exec(select(Edition))).one()
    assert (reader.alerts, reader.quiet_hours) == (AlertChoice.NONE, "")
    assert (found.alerts, found.alert_sources, found.alert_outlets) == (False, [], 3)
    assert (found.alerts_at_night, found.quiet_hours) == (AtNight.HOLD, "23:00-07:00")
    assert (edition.is_big, edition.corrects) == (True, None)
