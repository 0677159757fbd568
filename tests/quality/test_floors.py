"""Text quality does not sink unseen: every figure has a floor, and a lowered floor has its line in the changelog."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.quality.pin import CHANGELOG, is_explained, pinned, read

ROOT = Path(__file__).parents[2]
KNOWN = {"x.R1": {"floor": 0.5, "highest": 0.5}}


def test_every_floor_that_was_lowered_is_explained_in_the_changelog():
    changelog = CHANGELOG.read_text(encoding="utf-8")
    for name, each in read().items():
        assert each["floor"] <= each["highest"]
        assert each["floor"] == each["highest"] or is_explained(name, each["floor"], changelog), name


def test_a_floor_is_raised_freely():
    assert pinned(KNOWN, "x.R1", 0.6, may_lower=False, changelog="")["x.R1"] == {"floor": 0.6, "highest": 0.6}


def test_lowering_needs_the_flag():
    with pytest.raises(ValueError, match="--lower"):
        pinned(KNOWN, "x.R1", 0.4, may_lower=False, changelog="- x.R1 is 0.4 now")


def test_lowering_needs_a_line_in_the_changelog():
    with pytest.raises(ValueError, match=r"CHANGELOG\.md"):
        pinned(KNOWN, "x.R1", 0.4, may_lower=True, changelog="nothing")
    lowered = pinned(KNOWN, "x.R1", 0.4, may_lower=True, changelog="- x.R1 is 0.4 now: the rules read better")
    assert lowered["x.R1"] == {"floor": 0.4, "highest": 0.5}


@pytest.mark.long
@pytest.mark.parametrize(
    ("data", "figures"),
    [
        ("easc", {"summaries.one_article.R1": r"^this +R1 ([\d.]+)"}),
        (
            "events",
            {
                "summaries.one_event.R1": r"^this +R1 ([\d.]+)",
                "summaries.headline.R1": r"^headline R1:.*this ([\d.]+)",
            },
        ),
    ],
)
def test_summaries_stay_above_their_floors(data: str, figures: dict[str, str]):
    shared = Path(os.environ.get("MUJAZ_SHARED", ROOT.parent / "shared"))
    judge, cases = shared / "tools/judge_summaries.py", shared / "data" / data / "dev.jsonl"
    assert judge.is_file(), f"There is no {judge}; set MUJAZ_SHARED to the folder of tools and data."
    assert cases.is_file(), f"There is no {cases}; set MUJAZ_SHARED to the folder of tools and data."
    command = [
        sys.executable,
        str(judge),
        str(cases),
        "--",
        sys.executable,
        "-m",
        "digest",
        "tool",
        "summarize",
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "missing 0  invented 0  repeated 0" in done.stdout
    for name, pattern in figures.items():
        found = re.search(pattern, done.stdout, re.MULTILINE)
        assert found, done.stdout
        assert float(found[1]) >= read()[name]["floor"], f"{name}: {found[1]}"


@pytest.mark.long
def test_editions_of_a_real_week_stay_above_their_floors():
    shared = Path(os.environ.get("MUJAZ_SHARED", ROOT.parent / "shared"))
    judge, week = shared / "tools/judge_editor.py", shared / "data/replay_2018w20"
    assert judge.is_file(), f"There is no {judge}; set MUJAZ_SHARED to the folder of tools and data."
    labels, floors = shared / "data/editor/gold_dev.json", ROOT / "tests/quality/real_week.json"
    command = [
        sys.executable,
        judge,
        week,
        labels,
        "--floors",
        floors,
        "--",
        sys.executable,
        ROOT / "run_digest.py",
    ]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
