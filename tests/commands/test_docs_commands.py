"""Run what the pages show, each block in a folder of its own with a drop box, a list and its readers (make
docs-commands).

The program is a wheel in a fresh virtual environment, which finds its dependencies in ours, so that nothing
is downloaded.
"""

import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.acceptance.forking import ForkServer
from tests.commands.pages import ROOT, Block, blocks

pytestmark = [pytest.mark.commands, pytest.mark.timeout(300)]

BRIDGE = (
    "افتتاح جسر المرفأ الجديد أمام الشاحنات\n\nافتتحت هيئة الطرق صباح اليوم جسر المرفأ الجديد بطول ١٢٠٠ متر بعد ثلاث سنوات من العمل، "
    "وقالت إنه سيخفف الزحام عن وسط المدينة.\n\nوبلغت كلفة الجسر ٤٥ مليون دينار، مولت الحكومة نصفها، وأسهم صندوق التنمية بالنصف الآخر.\n"
)
QUAKE = (
    "زلزال بقوة خمس درجات يهز مدن الساحل\n\nهز زلزال بقوة خمس درجات مدن الساحل فجر اليوم، وقالت هيئة الرصد إن مركزه يقع في البحر.\n\n"
    "ولم تسجل إصابات، وعادت الكهرباء إلى الأحياء بعد ساعتين.\n"
)
BEGUN = (
    "digest subscribers add amal@mujaz.example",
    "digest subscribers add amal@example.org",
    "digest subscribers add badr@example.org",
    "digest tags add press amal@example.org",
    "digest sources add inbox --name inbox --yes",
    "digest sources add marfa --name المرفأ --yes",
)
LONG_AGO = "2025-01-05 04:00:00.000000"
SHELL = frozenset("$|<>&;*~`()")
"""What only a shell understands."""


@dataclass(frozen=True)
class Installation:
    """The program as somebody installed it, and a server from which its commands are forked."""

    programs: Path
    server: ForkServer

    def run(self, line: str, folder: Path) -> "subprocess.CompletedProcess[str]":
        """Run a line of a page in a folder; the places that pages name lie in it."""
        line = line.replace("/srv/", f"{folder}/srv/")
        kept = {key: value for key, value in os.environ.items() if not key.startswith("DIGEST_")}
        kept["PATH"] = f"{self.programs}:{kept['PATH']}"
        words = shlex.split(line)
        if words[0] in {"digest", ".venv/bin/digest"} and not SHELL & set("".join(words)):
            return self.server.run(words[1:], folder, kept, None)
        return subprocess.run(
            line,
            shell=True,
            cwd=folder,
            env=kept,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
            timeout=110,
        )


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The wheel of this checkout, installed."""
    place = tmp_path_factory.mktemp("installed")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = place.glob("mujaz-*.whl")
    fresh = place / "venv"
    venv.create(fresh, symlinks=True)
    python = fresh / "bin/python"
    (library,) = fresh.glob("lib/*/site-packages")
    ours = [one for one in sys.path if one.endswith("site-packages")]
    (library / "ours.pth").write_text("\n".join(ours), encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    installing = [*pip, "install", "--quiet", "--no-deps", "--no-index", "--force-reinstall", str(wheel)]
    subprocess.run(installing, check=True, capture_output=True)
    where = [str(python), "-c", "import digest; print(digest.__file__)"]
    found = subprocess.run(where, cwd=place, check=True, capture_output=True, text=True).stdout
    assert found.startswith(str(library)), found
    server = ForkServer(python)
    yield Installation(python.parent, server)
    server.close()


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory, installation: Installation) -> Path:
    """Where somebody began long ago: two sources, the list `daily`, some readers, a file of more."""
    place = tmp_path_factory.mktemp("begun")
    (place / ".venv").symlink_to(installation.programs.parent)
    for name, story in (("inbox", BRIDGE), ("marfa", QUAKE)):
        (place / name).mkdir()
        (place / name / "story.txt").write_text(story, encoding="utf-8")
    (place / "people.csv").write_text("email\nbadr@mujaz.example\n", encoding="utf-8")
    for line in BEGUN:
        done = installation.run(line, place)
        assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(place / "subscribers.db")) as database, database:
        database.execute("UPDATE subscription SET requested_at = :at, confirmed_at = :at", {"at": LONG_AGO})
    shutil.copytree(place, place.with_name("kept"), symlinks=True)
    return place


@pytest.fixture
def folder(begun: Path) -> Path:
    """That folder as it was, at the same place: elsewhere it would be a copy, which mails nobody."""
    shutil.rmtree(begun)
    return Path(shutil.copytree(begun.with_name("kept"), begun, symlinks=True))


def only_targets(block: Block) -> bool:
    """Whether a block has nothing but `make …`: the targets are what this runs in."""
    return all(line.startswith("make ") for line in block.lines)


@pytest.mark.parametrize(
    "block", [one for one in blocks() if not one.excuse and not only_targets(one)], ids=str
)
def test_every_command_of_a_page_works_as_it_stands(block: Block, folder: Path, installation: Installation):
    for line in (*block.first, *block.lines):
        done = installation.run(line, folder)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"


def test_the_first_lines_of_the_deployment_work_with_pythons_own_pip(tmp_path: Path):
    """Nothing is downloaded: pip must take the file, and find what is installed to be what it pins."""
    install = next(
        line
        for block in blocks()
        if block.page.endswith("deploy.md")
        for line in block.lines
        if "requirements.txt" in line
    )
    assert "--no-deps --require-hashes" in install
    words = install.replace("/opt/mujaz/bin/python", sys.executable).replace(
        "pip install", "pip install --dry-run"
    )
    done = subprocess.run(words, shell=True, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
