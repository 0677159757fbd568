"""The revision of segments, own fields and suppressions, forth and back: nothing that was kept is lost."""

from sqlmodel import select

from digest.model import Edition, MailingList, Suppression
from digest.storage.database.engine import Database
from tests.builders import NOW
from tests.migration.forth_and_back import LISTS, SUBSCRIPTIONS, a_house, goes_back_and_comes

NEW = {"segment", "custom_field", "field_value", "subscriber_tag", "suppression_removal", "edition_text"}
KEPT = (
    LISTS,
    SUBSCRIPTIONS,
    "SELECT id, public FROM mailing_list",
    "SELECT id, list_id, kind, number, topic FROM edition",
    "SELECT address_hash, reason, created_at FROM suppression",
)


async def test_what_was_kept_stays_and_nothing_is_hidden_or_narrowed_by_the_upgrade(database: Database):
    await a_house(database)
    async with database.begin() as session:
        session.add(Suppression(address_hash="0" * 64, reason="complained", created_at=NOW))
    await goes_back_and_comes(database, "0013", new=NEW, kept=KEPT)
    async with database.begin() as session:
        assert (await session.exec(select(Edition))).one().segment is None
        assert (await session.exec(select(MailingList))).one().indexed is True
        assert (await session.exec(select(Suppression))).one().note == ""
