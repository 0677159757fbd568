"""One word, one meaning: what names and comments may say, looked up in the tree."""

import ast
import io
import re
import statistics
import tokenize
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.house.wrap_prose import too_wide

ROOT = Path(__file__).resolve().parents[2]
MODULES = [path for path in sorted((ROOT / "digest").rglob("*.py")) if "migrations/versions" not in str(path)]
SHARED_NAMES: dict[str, str] = {}
"""Class names that stand for two things, each with the reason why both keep it."""
ROW_IDS = "digest/model/rows.py"
NOT_YET_BY_ROW_ID: set[str] = set()


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
    """`row.id or 0` asks the store about row 0, which is nobody's: `row_id` says instead that the row is not
    stored.
    """
    found = {
        _name(path)
        for path in MODULES
        if re.search(r"(?:id|\bone|row\[\d\]) or 0\b", path.read_text(encoding="utf-8"))
    }
    assert found <= NOT_YET_BY_ROW_ID


METAPHORS = re.compile(r"\b(?:cages?|caged|doors?|shelf|shelves|plates?|wish|wishes|wished)\b", re.IGNORECASE)
"""Words that once stood for sandbox, entry point, cache, template and preference."""
NAMES = re.compile(
    r"(?:^|_)(?:cages?|caged|doors?|shelf|shelves|plates?|wish|wishes|letters?"
    r"|tells?|told|tellings?|turns?|turned|standings?)(?:_|$)",
    re.IGNORECASE,
)
PUBLIC = {"told_at", "told_in", "standing"}
"""Columns that are stored, one of them a command's option too."""
ALPHABET = {
    f"digest/{place}"
    for place in (
        "collect/clean/rules.py",
        "collect/parse/decode.py",
        "collect/parse/loose_json.py",
        "collect/parse/pages/dates.py",
        "deliver/bounces/parse/phrases.py",
        "services/audience/imports/columns.py",
        "settings/work.py",
    )
} | {
    str(path.relative_to(ROOT))
    for folder in ("text", "summarize", "curate", "render")
    for path in (ROOT / "digest" / folder).rglob("*.py")
}
"""Where letters are those of an alphabet, or the characters of a key."""
MOST_WORDS = 12


def _first_sentence(path: Path) -> str:
    doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return re.split(r"(?<=[.!?])\s", " ".join(doc.split("\n\n")[0].split()))[0]


def _names_in(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
    return found


def test_a_module_says_in_a_dozen_words_what_it_does():
    lengths = {_name(path): len(_first_sentence(path).split()) for path in MODULES}
    silent = [name for name, length in lengths.items() if not length]
    assert silent == []
    assert statistics.median(lengths.values()) <= MOST_WORDS


def test_no_docstring_and_no_comment_speaks_in_metaphors():
    found = {
        f"{_name(path)}:{number}"
        for path in MODULES
        for number, line in _prose(path)
        if METAPHORS.search(line)
    }
    assert found == set()


def test_no_name_is_a_metaphor_and_no_mail_a_letter():
    found = {
        f"{_name(path)}: {name}"
        for path in MODULES
        for name in _names_in(path)
        if (hit := NAMES.search(name)) and not ("letter" in hit[0].lower() and _name(path) in ALPHABET)
        if name not in PUBLIC
    }
    assert found == set()


def _prose(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of docstrings and comments with their numbers."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
        elif token.type == tokenize.STRING and token.string.startswith('"""'):
            for number in range(token.start[0], token.end[0] + 1):
                yield number, lines[number - 1]


def test_docstrings_and_comments_are_no_wider_than_the_code():
    wide = {_name(path) for path in MODULES if too_wide(path.read_text(encoding="utf-8"))}
    assert wide == set()
