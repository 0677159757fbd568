"""What is done at the terminal is in the audit log: who, what, with what; never a reader's address."""

import json
from contextlib import suppress
from pathlib import Path

import pytest

from digest.__main__ import main


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def digest(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with suppress(SystemExit):
        main(list(arguments))
    return capsys.readouterr().out


def test_commands_that_change_are_in_the_log_and_those_that_read_are_not(capsys: pytest.CaptureFixture[str]):
    digest(capsys, "lists", "add", "daily", "--name", "موجز اليوم")
    digest(capsys, "lists", "set", "daily", "min_stories=2")
    digest(capsys, "subscribers", "add", "zed@mujaz.example", "--name", "Zed Ali")
    digest(capsys, "subscribers", "show", "zed@mujaz.example")
    digest(capsys, "lists", "list")
    link = digest(capsys, "desk", "invite", "amal@news.example", "--role", "editor")
    log = json.loads(digest(capsys, "desk", "audit", "--json"))
    acts = [one["act"] for one in reversed(log)]
    assert acts == ["lists add", "lists set", "subscribers add", "desk invite"]
    assert all(one["actor"].startswith("cli:") for one in log)
    changed = next(one for one in log if one["act"] == "lists set")
    assert changed["list_slug"] == "daily"
    assert changed["before"] == {"min_stories": 3}
    assert changed["after"] == {"changes": ["min_stories=2"], "min_stories": 2}
    written = json.dumps(log)
    assert "zed@" not in written
    assert "Zed" not in written
    assert link.strip().rpartition("/")[2] not in written


def test_a_command_that_failed_is_not_in_the_log(capsys: pytest.CaptureFixture[str]):
    digest(capsys, "lists", "add", "daily")
    with pytest.raises(SystemExit):
        main(["lists", "set", "daily", "nosuch=2"])
    capsys.readouterr()
    assert [one["act"] for one in json.loads(digest(capsys, "desk", "audit", "--json"))] == ["lists add"]


def test_the_first_link_is_printed_and_no_password_stands_anywhere(capsys: pytest.CaptureFixture[str]):
    assert "/desk/invitation/" in digest(capsys, "desk", "invite", "--owner")
    assert "Nobody may log in yet" in digest(capsys, "desk", "accounts")
