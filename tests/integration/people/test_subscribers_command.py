"""`digest subscribers show` and `enable`, as an operator types them."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from digest.entrypoints.cli.audience.subscribers import app as commands
from digest.services.editions import publish
from digest.services.sending.batches import deliver_edition
from digest.storage.database.engine import Database
from tests.fakes_delivery import FakeMailer, an_app, keep_an_edition

REFUSED = "reader2@mujaz.example"


@pytest.fixture
def _a_refused_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path}/digest.db"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIGEST_DATABASE__URL", url)
    monkeypatch.setenv("DIGEST_WEB__SECRET", "s" * 32)
    monkeypatch.setenv("COLUMNS", "200")

    async def go() -> None:
        database = Database(url)
        await database.upgrade()
        mailer = FakeMailer()
        mailer.refuses(REFUSED, 550, "5.1.1 لا يوجد هذا الصندوق")
        app = an_app(database, mailer)
        edition = await keep_an_edition(database, 3)
        await publish.start(app, edition)
        await deliver_edition(app, edition.id, lambda _: None)
        await database.close()

    asyncio.run(go())


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, arguments)


@pytest.mark.usefixtures("_a_refused_reader")
def test_an_operator_sees_the_evidence_and_lets_the_address_be_mailed_again():
    shown = run("show", REFUSED).stdout
    assert f"{REFUSED}: no such address: 550 5.1.1 لا يوجد هذا الصندوق" in shown
    assert "never mailed since" in shown
    assert "suppress" in shown
    assert run("enable", REFUSED).stdout == f"{REFUSED} is mailed again.\n"
    after = run("show", REFUSED).stdout
    assert f"{REFUSED}: is mailed" in after
    assert "enabled" in after
    assert "score 0 of 5" in after
    assert run("enable", REFUSED).stdout == f"Nothing had stopped mail to {REFUSED}.\n"
    assert "Nothing ever came back." in run("show", "reader1@mujaz.example").stdout
