"""`digest db restore` as a person types it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from digest.entrypoints.cli.operate.database import app as commands
from digest.errors import InputError


@pytest.fixture(autouse=True)
def _a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIGEST_DATABASE__URL", f"sqlite:///{tmp_path}/digest.db")
    assert "revision" in run("upgrade").output


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        ("text.db",),
        ("none.db",),
        ("foreign.db",),
        (),
        ("none.db", "--verify"),
        ("--went-out",),
        ("--go-on",),
        ("--verify", "--went-out", "--go-on"),
        ("--verify", "--went-out"),
        ("--verify", "--go-on"),
        ("digest.db",),
    ],
    ids=" ".join,
)
def test_what_cannot_be_restored_is_said_and_changes_nothing(tmp_path: Path, arguments: tuple[str, ...]):
    (tmp_path / "text.db").write_text("no database" * 1000, encoding="utf-8")
    with closing(sqlite3.connect(tmp_path / "foreign.db")) as opened:
        opened.execute("CREATE TABLE thing (id INTEGER)")
    refused = run("restore", *arguments).exception
    assert isinstance(refused, InputError)
    assert refused.remedy
    assert not list(tmp_path.glob("*.before-*"))
    assert not list(tmp_path.glob("*.restoring"))


def test_a_copy_is_put_back_and_the_old_file_kept(tmp_path: Path):
    assert "is a copy" in run("backup", "copy.db").output
    assert "The one before is kept as" in run("restore", "copy.db").output
    assert len(list(tmp_path.glob("digest.db.before-*"))) == 1
    assert "nothing is held" in run("restore", "--verify").output
