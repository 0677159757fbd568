"""The guard, the sections and the stories stay above their floors; guard and sections on texts and outlets that were held out."""

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.quality.pin import read

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("MUJAZ_SHARED", ROOT.parent / "shared"))
WEEK = SHARED / "data/replay_2018w20/articles.jsonl.gz"
HEADLINES = SHARED / "data/sections/train_three_outlets.jsonl.gz"


def _printed(*command: object) -> str:
    done = subprocess.run(
        [sys.executable, *map(str, command)], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.long
def test_the_guard_stays_above_its_floors():
    for file in (WEEK, HEADLINES):
        assert file.is_file(), f"There is no {file}; set MUJAZ_SHARED to the folder of tools and data."
    told = _printed("benchmarks/guard.py", "facts", WEEK, HEADLINES, "--half", 1)
    told += _printed("benchmarks/guard.py", "negations", WEEK, HEADLINES, "--half", 1)

    def share(line: str) -> float:
        found = re.search(rf"^headline: {line} +(\d+) of +(\d+)", told, re.MULTILINE)
        assert found, told
        return int(found[1]) / int(found[2])

    floors = {name: each["floor"] for name, each in read().items()}
    assert share("planted number, all kinds") >= floors["guard.numbers_caught"]
    assert 1 - share("true, refused for a number") >= floors["guard.numbers_kept"]
    assert share("planted name, all kinds") >= floors["guard.names_caught"]
    assert 1 - share("true, refused for a name") >= floors["guard.names_kept"]
    assert share("planted negation put in") >= floors["guard.negations_caught"]
    assert 1 - share("true, refused for a negation") >= floors["guard.negations_kept"]


@pytest.mark.long
@pytest.mark.parametrize(
    ("hints", "floor"), [((), "sections.accuracy"), (("--hints",), "sections.accuracy_with_addresses")]
)
def test_sections_of_unseen_outlets_stay_above_their_floors(
    tmp_path: Path, hints: tuple[str, ...], floor: str
):
    assert WEEK.is_file(), f"There is no {WEEK}; set MUJAZ_SHARED to the folder of tools and data."
    cases = tmp_path / "cases.jsonl"
    with gzip.open(WEEK, "rt", encoding="utf-8") as lines:
        found = [item for item in map(json.loads, lines) if item["src"] in {"BBC", "france24"}]
    cases.write_text("\n".join(json.dumps(item) for item in found), encoding="utf-8")
    judge = SHARED / "tools/judge_sections.py"
    told = _printed(judge, *hints, cases, "--", sys.executable, "-m", "digest", "tool", "classify")
    accuracy = re.search(r"accuracy ([\d.]+)", told)
    assert accuracy, told
    assert float(accuracy[1]) >= read()[floor]["floor"], told


@pytest.mark.long
def test_stories_stay_above_their_floors_and_make_no_chains():
    judge, pairs = SHARED / "tools/judge_stories.py", SHARED / "data/events/pairs_dev.jsonl"
    for file in (judge, pairs, WEEK):
        assert file.is_file(), f"There is no {file}; set MUJAZ_SHARED to the folder of tools and data."
    told = _printed(judge, pairs, WEEK, "--", sys.executable, "-m", "digest", "tool", "cluster")
    found = re.search(r"precision ([\d.]+)  recall ([\d.]+)", told)
    largest = re.search(r"largest \[(\d+)", told)
    assert found, told
    assert largest, told
    assert float(found[1]) >= read()["stories.precision"]["floor"], told
    assert float(found[2]) >= read()["stories.recall"]["floor"], told
    assert int(largest[1]) <= 20, told
