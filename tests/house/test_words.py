"""One word, one meaning: what names and comments may say, looked up in the tree."""

import ast
import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULES = [path for path in sorted((ROOT / "digest").rglob("*.py")) if "migrations/versions" not in str(path)]
SHARED_NAMES: dict[str, str] = {}
"""Class names that stand for two things, each with the reason why both keep it."""
ROW_IDS = "digest/model/rows.py"
NOT_YET_BY_ROW_ID = {f"digest/services/editions/{name}.py" for name in ("breaking", "compose", "explain")}


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_class_name_stands_for_two_things():
    places = defaultdict(list)
    for path in MODULES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                places[node.name].append(_name(path))
    assert len(places) > 200
    shared = {name: found for name, found in places.items() if len(found) > 1}
    assert {name: found for name, found in shared.items() if name not in SHARED_NAMES} == {}
    assert set(SHARED_NAMES) <= set(shared), "an exception that is not needed any more"


def test_no_row_is_asked_for_by_an_id_that_it_may_not_have():
    """`row.id or 0` asks the store about row 0, which is nobody's: `row_id` says instead that the row is not stored."""
    found = {_name(path) for path in MODULES if re.search(r"id or 0\b", path.read_text(encoding="utf-8"))}
    assert found <= NOT_YET_BY_ROW_ID
