"""The revision of the figures and of sources' rules, forth and back: sources and accounts stay as they were."""

from digest.model import Account
from digest.storage.database.engine import Database
from tests.builders import NOW, a_list, a_source
from tests.migration.forth_and_back import answers, goes_back_and_comes

NEW = {"day_count", "domain_count", "choice_count", "guide_step"}


async def test_the_figures_come_and_go_and_the_sources_stay(database: Database):
    async with database.begin() as session:
        account = Account(email="amal@news.example", password_hash="none", created_at=NOW)
        session.add_all([a_source(), a_list(), account])
    await goes_back_and_comes(database, "0017", new=NEW, kept=("SELECT id, location, name FROM source",))
    assert await answers(database, ["SELECT calendar FROM account"]) == [[("gregorian",)]]
