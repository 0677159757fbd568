"""The revision of kept answers and corrected stories, forth and back: what was kept before stays as it
was.
"""

from sqlmodel import select

from digest.model import BlockedSignup, Erratum
from digest.storage.database.engine import Database
from tests.builders import NOW
from tests.migration.forth_and_back import a_house, goes_back_and_comes


async def test_what_was_kept_back_or_corrected_before_stays(database: Database):
    mailing_list = await a_house(database)
    async with database.begin() as session:
        session.add(BlockedSignup(list_id=mailing_list.id, email="b@mujaz.example", at=NOW, reason="list"))
        session.add(Erratum(list_id=mailing_list.id, edition_number=1, text="٢٠٣ لا ٣٠٠", created_at=NOW))
    await goes_back_and_comes(
        database,
        "0019",
        kept=(
            "SELECT list_id, email, reason, page FROM blocked_signup",
            "SELECT list_id, edition_number, text FROM correction",
        ),
    )
    async with database.begin() as session:
        assert (await session.exec(select(BlockedSignup))).one().answers == {}
        assert (await session.exec(select(Erratum))).one().story == ""
