"""Run what the pages show, each block in a folder of its own with a drop box, a list and its readers (make docs-commands)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.pages import ROOT, Block, blocks

pytestmark = [pytest.mark.commands, pytest.mark.timeout(600)]

STORY = (
    "افتتاح جسر المرفأ الجديد أمام الشاحنات\n\nافتتحت هيئة الطرق صباح اليوم جسر المرفأ الجديد بطول ١٢٠٠ متر بعد ثلاث سنوات من العمل، "
    "وقالت إنه سيخفف الزحام عن وسط المدينة.\n\nوبلغت كلفة الجسر ٤٥ مليون دينار، مولت الحكومة نصفها، وأسهم صندوق التنمية بالنصف الآخر.\n"
)


def run(line: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DIGEST_")}
    kept["PATH"] = f"{folder / '.venv/bin'}:{kept['PATH']}"
    return subprocess.run(
        line,
        shell=True,
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=300,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder where somebody has begun: a source, the list `daily`, one reader, a file of more."""
    programs = tmp_path / ".venv/bin"
    programs.mkdir(parents=True)
    digest = programs / "digest"
    digest.write_text(f'#!/bin/sh\nexec {sys.executable} -m digest "$@"\n', encoding="utf-8")
    digest.chmod(0o755)
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox/bridge.txt").write_text(STORY, encoding="utf-8")
    (tmp_path / "people.csv").write_text("email\nbadr@mujaz.example\n", encoding="utf-8")
    for line in (
        "digest subscribers add amal@mujaz.example",
        "digest sources add inbox --name inbox --yes",
    ):
        done = run(line, tmp_path)
        assert done.returncode == 0, done.stderr
    return tmp_path


@pytest.mark.parametrize("block", [one for one in blocks() if not one.excuse], ids=str)
def test_every_command_of_a_page_works_as_it_stands(block: Block, folder: Path):
    for line in block.lines:
        if line.startswith("make "):  # the targets are what this runs in
            continue
        done = run(line, folder)
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
    assert run(f"cd {ROOT} && {words}", tmp_path).returncode == 0
