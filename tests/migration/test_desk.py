"""The revision of the desk, forth and back: readers, lists and editions stay as they were."""

from digest.model import AuditEntry
from digest.storage.database.engine import Database
from tests.builders import NOW
from tests.migration.forth_and_back import EDITIONS, LISTS, SUBSCRIPTIONS, a_house, goes_back_and_comes

NEW = {
    "account", "account_role", "recovery_code", "login_session", "account_link", "login_failure", "audit_entry",
    "list_count",
}  # fmt: skip


async def test_the_desk_comes_and_goes_and_the_readers_stay(database: Database):
    await a_house(database)
    async with database.begin() as session:
        session.add(AuditEntry(at=NOW, actor="cli:root@here", act="lists add"))
    await goes_back_and_comes(database, "0008", new=NEW, kept=(LISTS, SUBSCRIPTIONS, EDITIONS))
