"""Which list a command means, and which sources a list reads, as typed at a terminal."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from digest.model import MailingList
from digest.storage.database.engine import Database
from tests.acceptance.conftest import ROOT, Command
from tests.builders import a_list

WITH_A_LIST = [
    ("subscribers", "add", "amal@mujaz.example"),
    ("subscribers", "import", "people.csv"),
    ("subscribers", "set", "amal@mujaz.example", "--frequency", "daily"),
    ("editions", "list"),
    ("why",),
    ("run", "--dry-run"),
]


@pytest.fixture
def two_lists(digest: Command, tmp_path: Path) -> Command:
    """A folder with the lists `daily` and `sport`, and a file of people."""
    (tmp_path / "people.csv").write_text("email\nbadr@mujaz.example\n", encoding="utf-8")
    asyncio.run(_made(tmp_path / "subscribers.db", a_list(slug="daily"), a_list(slug="sport")))
    return digest


async def _made(file: Path, *lists: MailingList) -> None:
    database = Database(f"sqlite:///{file}")
    await database.upgrade()
    async with database.begin() as session:
        session.add_all(lists)
    await database.close()


@pytest.mark.parametrize("words", WITH_A_LIST, ids=" ".join)
def test_with_several_lists_no_command_guesses_which_one_is_meant(two_lists: Command, words: tuple[str, ...]):
    done = two_lists(*words)
    assert done.returncode == 2
    assert "There are several lists: daily, sport." in done.stderr
    assert "--list" in done.stderr
    assert "digest lists default" in done.stderr


def test_a_default_list_is_taken_and_named(two_lists: Command):
    assert "The default list is sport." in two_lists("lists", "default", "sport").stdout
    done = two_lists("subscribers", "import", "people.csv")
    assert "the list sport" in done.stdout
    assert "List: sport, the default" in done.stderr
    assert "sport (default)" in two_lists("lists", "list").stdout


def test_a_named_list_needs_no_default(two_lists: Command):
    done = two_lists("subscribers", "add", "amal@mujaz.example", "--list", "daily")
    assert "the list daily" in done.stdout
    assert "List:" not in done.stderr
    assert two_lists("lists", "default", "weekly").returncode == 2


def test_looking_makes_no_list(digest: Command):
    assert digest("db", "upgrade").returncode == 0
    for words in (("editions", "list"), ("why",)):
        done = digest(*words)
        assert done.returncode == 2
        assert "There are no lists yet" in done.stderr
    assert "There are no lists yet" in digest("lists", "list").stdout


LOOKS = [
    ("editions", "list"),
    ("subscribers", "list"),
    ("subscribers", "export"),
    ("subscribers", "remove", "amal@mujaz.example"),
    ("sources", "list"),
    ("sources", "remove", "1"),
    ("lists", "list"),
    ("lists", "set", "daily", "layout=weekly"),
    ("why",),
    ("preview", "--port", "0"),
]


@pytest.mark.parametrize("words", LOOKS, ids=" ".join)
def test_looking_in_a_wrong_folder_makes_no_database(digest: Command, tmp_path: Path, words: tuple[str, ...]):
    done = digest(*words)
    assert done.returncode == 2
    assert "There is no database here" in done.stderr
    assert not list(tmp_path.glob("*.db*"))


def test_a_first_step_says_that_it_makes_a_database(digest: Command, tmp_path: Path):
    done = digest("lists", "add", "daily")
    assert done.returncode == 0
    assert f"Making a new database: {tmp_path / 'subscribers.db'}" in done.stderr
    assert "Making" not in digest("lists", "list").stderr


@pytest.mark.parametrize(
    ("location", "says"),
    [
        ("", "A source without a location is none."),
        ("  ", "A source without a location is none."),
        ("ftp://mujaz.example/feed", "Mujaz reads no ftp addresses"),
        ("file:///etc", "Write the path of the folder by itself."),
        ("news.mujaz.example/feed", "Did you mean https://news.mujaz.example/feed?"),
    ],
)
def test_what_is_no_source_is_never_kept(digest: Command, location: str, says: str):
    for words in (("sources", "add", location, "--yes"), ("run", "--source", location, "--dry-run")):
        done = digest(*words)
        assert done.returncode == 2
        assert says in done.stderr
    assert "There are no sources" in digest("sources", "list").stdout


def test_a_source_is_not_kept_when_standard_input_is_closed(digest: Command, drop_box: Path, tmp_path: Path):
    assert digest("db", "upgrade").returncode == 0
    command = f"exec {sys.executable} -m digest sources add {drop_box} <&-"
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "nobody could answer" in done.stderr
    assert "There are no sources" in digest("sources", "list").stdout


def test_an_unknown_section_is_refused_with_the_known_ones(digest: Command, drop_box: Path):
    done = digest("sources", "add", str(drop_box), "--section", "weird", "--yes")
    assert done.returncode == 2
    assert "There is no section 'weird'. There are: politics, economy" in " ".join(done.stderr.split())
    assert digest("lists", "add", "daily").returncode == 0
    done = digest("lists", "set", "daily", 'sections=[{"key": "weird", "title": "غريب"}]')
    assert done.returncode == 2
    assert "There is no section 'weird'." in done.stderr


def test_a_pin_that_matches_nothing_is_told(digest: Command):
    assert digest("lists", "add", "daily").returncode == 0
    done = digest("lists", "set", "daily", 'pins=["https://news.mujaz.example/1"]')
    assert done.returncode == 0
    assert "No article that was collected so far is https://news.mujaz.example/1" in done.stdout
