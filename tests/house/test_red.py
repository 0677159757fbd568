"""Every attack that we know of is tried by some test, and no test tries one that the list does not name."""

import re
from pathlib import Path

from tests.red.cases import CASES

TESTS = Path(__file__).resolve().parents[1]


def test_every_case_has_tests_and_every_mark_a_case():
    found = {
        case
        for path in TESTS.rglob("test_*.py")
        for case in re.findall(r'mark\.red\("([^"]+)"\)', path.read_text(encoding="utf-8"))
    }
    assert found == set(CASES)
