"""What tests, benchmarks and the makers of the docs take from the house is there: they are not type checked."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@cache
def told(path: Path) -> frozenset[str]:
    """All names that a module binds anywhere."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).partition(".")[0])
    return frozenset(found)


def lost(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("digest"):
            continue
        place = ROOT.joinpath(*(node.module or "").split("."))
        file = place.with_suffix(".py") if place.with_suffix(".py").is_file() else place / "__init__.py"
        for one in node.names:
            is_module = (place / f"{one.name}.py").is_file() or (place / one.name).is_dir()
            if not is_module and not (file.is_file() and one.name in told(file)):
                yield f"{path.relative_to(ROOT).as_posix()}: {node.module}.{one.name}"


@pytest.mark.parametrize("folder", ["tests", "benchmarks", "docs"])
def test_what_is_imported_of_the_house_is_there(folder: str):
    assert [one for path in sorted((ROOT / folder).rglob("*.py")) for one in lost(path)] == []
