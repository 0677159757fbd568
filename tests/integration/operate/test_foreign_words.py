"""Words that strangers chose are shown by every command as words: they are no markup and steer no terminal."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from digest.__main__ import app as digest
from digest.bootstrap import opened
from digest.entrypoints.cli.complaint import complain
from digest.errors import InputError
from digest.model import Delivery, DeliveryStatus, EditionState
from digest.settings import load
from digest.text.direction.visible import STEERING, visible
from tests.builders import NOW, a_list, a_source, a_subscriber, a_subscription, an_edition

HOSTILE = "[/b] [bold]x[/red] \x1b]0;owned\x07\x1b[2J \x9b2J\nstate     finished \u202egnp.exe\u2066 \x00\x08"
KEPT = HOSTILE.replace("\x00", "")
WHO = "reader1@mujaz.example"


@pytest.fixture
def _words_of_strangers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIGEST_DATABASE__URL", f"sqlite:///{tmp_path}/digest.db")
    monkeypatch.setenv("COLUMNS", "300")

    async def go() -> None:
        async with opened(load().settings) as app, app.database.begin() as session:
            session.add_all(
                [mailing_list := a_list(), person := a_subscriber(name=KEPT, disabled_reason=KEPT)]
            )
            session.add(a_source(name=KEPT, last_error=KEPT))
            await session.flush()
            session.add(a_subscription(mailing_list.id or 0, person.id or 0, consent_how=KEPT))
            session.add(
                made := an_edition(
                    mailing_list.id or 0, state=EditionState.PAUSED, held_reason=KEPT, subject=f"اليوم {KEPT}"
                )
            )
            await session.flush()
            session.add(
                Delivery(
                    edition_id=made.id or 0, subscriber_id=person.id or 0, status=DeliveryStatus.FAILED,
                    reason=KEPT, code=550, reply=KEPT, at=NOW, history=[(NOW.isoformat(), 450, KEPT)],
                )
            )  # fmt: skip

    asyncio.run(go())


@pytest.mark.red("cli-markup-escapes")
@pytest.mark.usefixtures("_words_of_strangers")
@pytest.mark.parametrize(
    "command",
    [
        "subscribers list",
        f"subscribers show {WHO}",
        "subscribers export",
        "editions list",
        "editions status 1",
        "editions status 1 --json",
        f"editions who {WHO}",
        "sources list",
        "sources list --json",
        "sources health",
        "sources history 1",
        "sources export",
        "lists list",
        "lists show daily",
    ],
)
def test_a_command_shows_strangers_words_as_words(command: str):
    done = CliRunner().invoke(digest, command.split())
    assert done.exit_code == 0, done.exception
    assert not STEERING.search(done.stdout.replace("\r\n", "\n"))
    if command in {"subscribers list", f"editions who {WHO}", "sources list"}:
        assert "[/b] [bold]x[/red]" in done.stdout
    if "--json" not in command and "export" not in command:
        assert not any(line.startswith("state     finished") for line in done.stdout.splitlines())


@pytest.mark.red("cli-markup-escapes")
def test_an_error_shows_strangers_words_as_words(capsys: pytest.CaptureFixture[str]):
    complain(InputError(f"The server said {HOSTILE}"))
    said = capsys.readouterr().err
    assert not STEERING.search(said)
    assert said.count("\n") == 1
    assert "[/b]" in said


def test_arabic_with_its_marks_is_left_as_it_is():
    text = "مؤسّسة «المَرفأ» ـ ٢٠٢٦، نیم‌فاصله \u200f(TollPay)\u200e\n\tسطر"
    assert visible(text) == text
