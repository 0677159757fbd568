"""Putting a copy back, as a person does it at the terminal."""

import shutil
from pathlib import Path

import pytest

from tests.acceptance.conftest import Command
from tests.acceptance.test_run import letters


@pytest.mark.red("restore-doubles")
def test_a_copy_that_is_put_back_mails_nobody_until_a_person_says_so(
    digest: Command, drop_box: Path, tmp_path: Path
):
    assert digest("subscribers", "add", "amal@mujaz.example").returncode == 0
    assert digest("run", "--source", str(drop_box), "--dry-run").returncode == 0
    assert digest("db", "backup", "night.db").returncode == 0
    assert digest("run", "--source", str(drop_box)).returncode == 0
    assert len(letters(tmp_path)) == 1

    done = digest("db", "restore", "night.db")
    assert done.returncode == 0, done.stderr
    assert "is kept as" in done.stdout
    assert "--went-out" in done.stdout
    assert "held      daily 1 of" in done.stdout
    assert len(list(tmp_path.glob("subscribers.db.before-*"))) == 1
    again = digest("run", "--source", str(drop_box))
    assert again.returncode == 5
    assert "digest db restore --verify" in again.stderr
    assert len(again.stderr.strip().splitlines()) == 1
    assert len(letters(tmp_path)) == 1


@pytest.mark.red("restore-doubles")
def test_a_copy_put_back_by_hand_is_noticed_too(digest: Command, drop_box: Path, tmp_path: Path):
    assert digest("subscribers", "add", "amal@mujaz.example").returncode == 0
    assert digest("run", "--source", str(drop_box), "--dry-run").returncode == 0
    shutil.copy(tmp_path / "subscribers.db", tmp_path / "night.db")
    assert digest("run", "--source", str(drop_box)).returncode == 0
    shutil.copy(tmp_path / "night.db", tmp_path / "subscribers.db")
    assert digest("run", "--source", str(drop_box)).returncode == 5
    assert len(letters(tmp_path)) == 1
    (tmp_path / "subscribers.db.mark").unlink()
    shutil.copy(tmp_path / "night.db", tmp_path / "subscribers.db")
    again = digest("run", "--source", str(drop_box))
    assert (again.returncode, "embedded mailbox" in again.stderr) == (5, True)
    assert len(letters(tmp_path)) == 1


def test_an_edition_that_is_not_there_is_said_before_anything_opens(digest: Command):
    assert digest("lists", "add", "daily").returncode == 0
    done = digest("preview", "--edition", "99", "--port", "0")
    assert (done.returncode, done.stdout) == (2, "")
    assert "has no edition 99" in done.stderr
    none = digest("preview", "--port", "0")
    assert (none.returncode, none.stdout) == (4, "")
    assert "has no edition yet" in none.stderr
