"""The revision of kept answers and corrected stories, forth and back: what was kept before stays as it
was.
"""

from sqlalchemy import Connection, text
from sqlmodel import select

from digest.model import BlockedSignup, Erratum
from digest.storage.database.engine import Database
from tests.builders import NOW, a_list


def kept(connection: Connection) -> list[list[tuple[object, ...]]]:
    wanted = (
        "SELECT list_id, email, reason, page FROM blocked_signup",
        "SELECT list_id, edition_number, text FROM correction",
    )
    return [[tuple(row) for row in connection.execute(text(query))] for query in wanted]


async def test_what_was_kept_back_or_corrected_before_stays(database: Database):
    async with database.begin() as session:
        mailing_list = a_list()
        session.add(mailing_list)
        await session.flush()
        session.add(BlockedSignup(list_id=mailing_list.id, email="b@mujaz.example", at=NOW, reason="list"))
        session.add(Erratum(list_id=mailing_list.id, edition_number=1, text="٢٠٣ لا ٣٠٠", created_at=NOW))
    before = await database.write(kept)
    await database.go_back("0019")
    assert await database.write(kept) == before
    await database.upgrade()
    await database.require_current()
    assert await database.write(kept) == before
    async with database.begin() as session:
        assert (await session.exec(select(BlockedSignup))).one().answers == {}
        assert (await session.exec(select(Erratum))).one().story == ""
