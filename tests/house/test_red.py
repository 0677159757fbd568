"""Every attack that we know of is tried by some test, and no test tries one that the list does not name."""

import re
from pathlib import Path

from tests.red.cases import CASES
from tests.red.rivals import HOLES

TESTS = Path(__file__).resolve().parents[1]


def test_every_case_has_tests_and_every_mark_a_case():
    found = {
        case
        for path in TESTS.rglob("test_*.py")
        for case in re.findall(r'mark\.red\("([^"]+)"\)', path.read_text(encoding="utf-8"))
    }
    assert found == set(CASES)


def test_every_hole_that_others_had_is_tried_by_tests_that_are_there():
    named = {one for hole in HOLES.values() for one in hole.tests}
    assert all(hole.tests and hole.found_in for hole in HOLES.values())
    gone = [
        one
        for one in sorted(named)
        if not re.search(
            rf"def {one.partition('::')[2]}\(", (TESTS / one.partition("::")[0]).read_text(encoding="utf-8")
        )
    ]
    assert gone == []
