"""`digest editions edit …`, `approve`, `stop` and `schedule` as somebody types them; all are in the audit log."""

import asyncio
import json
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner, Result

from digest.__main__ import app as commands
from digest.errors import RefusedError
from digest.model import Approval, AuditEntry, EditionState, Section
from digest.storage.database.engine import Database
from tests.builders import a_list, a_story, an_edition, an_edition_content

BRIDGE, CUP = "افتتاح جسر المرفأ الجديد", "نسور الواحة يفوز بكأس الشتاء"


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path}/digest.db"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIGEST_DATABASE__URL", url)
    monkeypatch.setenv("DIGEST_RUN__LOG_LEVEL", "error")
    monkeypatch.setenv("DIGEST_WEB__SECRET", "s" * 32)
    asyncio.run(_a_draft(url))
    return url


async def _a_draft(url: str) -> None:
    from digest.clock import SystemClock

    now = SystemClock().now()
    database = Database(url)
    await database.upgrade()
    stories = (a_story(BRIDGE, key="aaaa1111"), a_story(CUP, key="bbbb2222"))
    content = an_edition_content(sections=(Section(key="economy", title="الاقتصاد", stories=stories),))
    async with database.begin() as session:
        mailing_list = a_list(approval=Approval.REQUIRED)
        session.add(mailing_list)
        await session.flush()
        session.add(
            an_edition(
                mailing_list.id or 0,
                state=EditionState.DRAFT,
                due_at=now,
                send_deadline=now,
                content=content.model_dump(mode="json"),
            )
        )
    await database.close()


async def _log(url: str) -> list[AuditEntry]:
    database = Database(url)
    async with database.begin() as session:
        found = list((await session.exec(select(AuditEntry).order_by(AuditEntry.id))).all())  # type: ignore[arg-type]
    await database.close()
    return found


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["editions", *arguments])


def said(*arguments: str) -> dict[str, object]:
    return dict(json.loads(run("edit", *arguments, "--json").output))


def test_an_edition_is_edited_approved_and_stopped_from_the_terminal(url: str):
    assert "aaaa1111" in run("edit", "show", "1").output
    moved = said("down", "1", "aaaa")
    assert moved["before"] == {"move": "economy 1"}
    said("words", "1", "bbbb2222", "--headline", "نسور الواحة يفوز")
    said("pin", "1", "bbbb2222")
    said("add", "1", "إعلان", "--text", "نص الإعلان.", "--section", "economy")
    said("opening", "1", "صباح الخير.")
    said("subject", "1", "عنوان الرسالة")
    shown = json.loads(run("edit", "show", "1", "--json").output)
    assert shown["content"]["subject"] == "عنوان الرسالة"
    assert [one["kind"] for one in shown["edits"]] == [
        "move", "headline", "pin", "add", "opening", "subject",
    ]  # fmt: skip
    said("undo", "1")
    assert json.loads(run("edit", "show", "1", "--json").output)["content"]["subject"] == ""
    said("drop", "1", "aaaa1111")
    assert "dropped aaaa1111" in run("edit", "show", "1").output
    said("restore", "1", "aaaa1111")
    said("merge", "1", "aaaa1111", "bbbb2222")
    assert "is approved" in run("approve", "1").output
    assert isinstance(run("approve", "1").exception, RefusedError)
    assert isinstance(run("edit", "drop", "1", "aaaa1111").exception, RefusedError)
    assert "is stopped" in run("stop", "1").output
    assert "goes out at" in run("schedule", "1", "23:59").output
    log = asyncio.run(_log(url))
    acts = [one.act for one in log]
    assert acts[:3] == ["editions edit down", "editions edit words", "editions edit pin"]
    assert "editions edit show" not in acts
    assert {"editions approve", "editions stop", "editions schedule", "editions edit undo"} <= set(acts)
    assert (log[1].before["headline"], log[1].after["headline"]) == (CUP, "نسور الواحة يفوز")
