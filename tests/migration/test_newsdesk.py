"""The revision of editions that people approve, forth and back: lists send as before, editions stay as they were."""

from sqlalchemy import Connection, inspect, text
from sqlmodel import select

from digest.model import Approval, Edition, MailingList, WithoutApproval
from digest.storage.database.engine import Database
from tests.builders import a_list, an_edition

NEW = {"edition_edit", "approval_mail"}
BEFORE = "0018"


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def kept(connection: Connection) -> list[list[tuple[object, ...]]]:
    wanted = (
        "SELECT id, slug, name FROM mailing_list",
        "SELECT id, list_id, number, state, subject FROM edition",
    )
    return [[tuple(row) for row in connection.execute(text(query))] for query in wanted]


async def test_lists_of_before_ask_nobody_and_their_editions_stay(database: Database):
    async with database.begin() as session:
        mailing_list = a_list(approval=Approval.REQUIRED)
        session.add(mailing_list)
        await session.flush()
        session.add(an_edition(mailing_list.id or 0))
    before = await database.write(kept)
    await database.go_back(BEFORE)
    assert not NEW & await database.write(tables)
    assert await database.write(kept) == before
    await database.upgrade()
    await database.require_current()
    assert await database.write(tables) >= NEW
    assert await database.write(kept) == before
    async with database.begin() as session:
        found = (await session.exec(select(MailingList))).one()
        edition = (await session.exec(select(Edition))).one()
    assert (found.approval, found.without_approval) == (Approval.NONE, WithoutApproval.HOLD)
    assert (edition.version, edition.composed, edition.starts_at, edition.held_about) == (0, None, None, {})
