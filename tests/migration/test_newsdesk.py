"""The revision of editions that people approve, forth and back: lists send as before, editions stay as they were."""

from sqlmodel import select

from digest.model import Approval, Edition, MailingList, WithoutApproval
from digest.storage.database.engine import Database
from tests.migration.forth_and_back import EDITIONS, LISTS, a_house, goes_back_and_comes


async def test_lists_of_before_ask_nobody_and_their_editions_stay(database: Database):
    await a_house(database, approval=Approval.REQUIRED)
    await goes_back_and_comes(
        database,
        "0018",
        new={"edition_edit", "approval_mail"},
        kept=(LISTS, EDITIONS, "SELECT id, subject FROM edition"),
    )
    async with database.begin() as session:
        found = (await session.exec(select(MailingList))).one()
        edition = (await session.exec(select(Edition))).one()
    assert (found.approval, found.without_approval) == (Approval.NONE, WithoutApproval.HOLD)
    assert (edition.version, edition.composed, edition.starts_at, edition.held_about) == (0, None, None, {})
