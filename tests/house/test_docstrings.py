"""What a docstring names is there."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULES = [one for one in sorted((ROOT / "digest").rglob("*.py")) if "versions" not in one.parts]
NAMED = re.compile(r"`([A-Za-z_][\w.]*)(?:\(\))?`")
LAYERS = (
    "model",
    "storage",
    "services",
    "collect",
    "curate",
    "summarize",
    "render",
    "deliver",
    "text",
    "runtime",
)
LONGEST_WORD = 60


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def docstrings(module: ast.Module) -> Iterator[ast.Constant]:
    """Those of modules, classes and functions, and those below a constant or a field."""
    for node in ast.walk(module):
        for each in getattr(node, "body", ()) if not isinstance(node, ast.Lambda | ast.IfExp) else ():
            if (
                isinstance(each, ast.Expr)
                and isinstance(each.value, ast.Constant)
                and isinstance(each.value.value, str)
            ):
                yield each.value


def names(module: ast.Module) -> Iterator[str]:
    """All that a module calls something: names, members, arguments, and short strings (settings, columns)."""
    told = set(docstrings(module))
    for node in ast.walk(module):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg | ast.keyword):
            yield node.arg or ""
        elif isinstance(node, ast.alias):
            yield from (node.asname or node.name).split(".")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in told:
            yield from re.findall(r"\w+", node.value[:LONGEST_WORD])


@cache
def all_names(file: Path) -> frozenset[str]:
    return frozenset(names(tree(file)))


def is_there(dotted: str) -> bool:
    """Whether a name that begins at a layer leads to a module, or to what stands in one."""
    place, rest = ROOT / "digest", dotted.split(".")
    while rest and (place / rest[0]).is_dir():
        place /= rest.pop(0)
    if rest and (place / f"{rest[0]}.py").is_file():
        place /= f"{rest.pop(0)}.py"
    file = place if place.is_file() else place / "__init__.py"
    return not rest or rest[0] in all_names(file)


def test_no_docstring_names_what_there_is_not():
    known = {one for path in MODULES for one in all_names(path)}
    known |= {part for path in MODULES for part in path.with_suffix("").parts}
    known |= set(
        re.findall(r"\w+", " ".join(one.read_text("utf-8") for one in (ROOT / "digest").rglob("*.toml")))
    )
    lost = [
        (path.relative_to(ROOT).as_posix(), each.lineno, name)
        for path in MODULES
        for each in docstrings(tree(path))
        for name in NAMED.findall(each.value)
        if not all(part in known or part.isupper() or "NAME" in part for part in name.split("."))
    ]
    assert lost == []


def test_a_docstring_that_names_a_place_of_the_house_names_one_that_there_is():
    lost = [
        (path.relative_to(ROOT).as_posix(), each.lineno, name)
        for path in MODULES
        for each in docstrings(tree(path))
        for name in NAMED.findall(each.value)
        if (dotted := name.removeprefix("digest.")).count(".") > 1 and dotted.split(".")[0] in LAYERS
        if not is_there(dotted)
    ]
    assert lost == []
