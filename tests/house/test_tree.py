"""Our own rules about the tree, so that nobody has to remember them."""

import re
import subprocess
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_MODULE = 300
MOST_MODULES_TOGETHER = 14
MOST_TESTS_TOGETHER = 16
UNSEEN = {
    "aiosqlite": "SQLAlchemy's way to SQLite",
    "lxml-html-clean": "trafilatura and readability import it and do not ask for it",
    "python-multipart": "Starlette reads forms with it",
    "tzdata": "the zones, where a machine has none",
}
"""Dependencies that no module of ours imports."""
HOSTS = re.compile(
    r"--(?:extra-)?index-url|--find-links|--trusted-host|files\.pythonhosted|pypi\.org|registry\.npmjs"
)


def _tracked() -> list[Path]:
    """Files that are, or would be, committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [ROOT / name for name in listed if (ROOT / name).is_file()]


def test_no_module_is_longer_than_a_newcomer_can_hold():
    long = {
        str(path.relative_to(ROOT)): count
        for folder in ("digest", "tests")
        for path in (ROOT / folder).rglob("*.py")
        if "migrations/versions" not in str(path)
        and (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_MODULE
    }
    assert long == {}


def test_a_folder_of_the_code_gets_rooms_before_it_is_full():
    full = {
        str(folder.relative_to(ROOT)): count
        for folder in (ROOT / "digest").rglob("*")
        if folder.is_dir()
        and folder.name != "versions"  # docs/decisions/migrations-in-one-folder.md
        and (count := len([one for one in folder.glob("*.py") if one.name != "__init__.py"]))
        > MOST_MODULES_TOGETHER
    }
    assert full == {}


def test_each_mail_is_three_files():
    folders = [
        path for path in (ROOT / "templates" / "email").iterdir() if path.is_dir() and path.name != "_base"
    ]
    assert len(folders) >= 2
    for folder in folders:
        assert {path.name for path in folder.iterdir()} == {"subject.txt", "body.txt", "body.html"}, (
            folder.name
        )


def test_no_database_and_no_key_is_in_the_tree():
    bad = [
        path for path in _tracked() if path.suffix in {".db", ".pem", ".key"} or path.name.endswith(".db-wal")
    ]
    assert bad == []


def test_no_file_names_a_package_host():
    found = [
        f"{path.relative_to(ROOT)}"
        for path in _tracked()
        if path.suffix in {".txt", ".in", ".toml", ".md", ".py", ".sh", ".cfg", ".json", ""}
        and path != Path(__file__)
        and HOSTS.search(path.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert found == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_with_its_hashes(name: str):
    blocks = re.split(r"\n(?=\S)", (ROOT / name).read_text(encoding="utf-8"))
    pins = [block for block in blocks if re.match(r"[a-z0-9]", block, re.IGNORECASE)]
    assert len(pins) > 50
    assert [
        block.split("\n")[0] for block in pins if "==" not in block or "--hash=sha256:" not in block
    ] == []


def test_what_the_project_declares_is_what_the_requirements_list():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    listed = (ROOT / "requirements.in").read_text(encoding="utf-8").splitlines()
    assert sorted(declared) == sorted(line for line in listed if line)


def test_every_dependency_is_imported_or_is_known_to_be_needed():
    modules: dict[str, set[str]] = {}
    for module, names in packages_distributions().items():
        for name in names:
            modules.setdefault(re.sub(r"[-_.]+", "-", name).lower(), set()).add(module)
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "digest").rglob("*.py"))
    listed = (ROOT / "requirements.in").read_text(encoding="utf-8")
    declared = {name.replace("_", "-") for name in re.findall(r"^[\w-]+", listed, re.MULTILINE)}
    unused = {
        name
        for name in declared - set(UNSEEN)
        if not any(re.search(rf"^\s*(?:from|import) {one}\b", code, re.MULTILINE) for one in modules[name])
    }
    assert unused == set()


def test_security_floors_are_kept():
    pins = dict(
        re.findall(
            r"^([a-z0-9_.-]+)(?:\[[^]]*\])?==([0-9.]+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE
        )
    )
    floors = {
        "aiosmtplib": (5, 1, 2),
        "starlette": (1, 3, 1),
        "python-multipart": (0, 0, 30),
        "jinja2": (3, 1, 6),
        "lxml": (6, 0, 0),
        "apscheduler": (3, 11, 3),
    }
    low = {
        name: pins.get(name)
        for name, floor in floors.items()
        if tuple(int(part) for part in pins.get(name, "0").split(".")) < floor
    }
    assert low == {}


def test_no_test_is_skipped_or_expected_to_fail():
    pattern = re.compile(r"pytest\.(?:skip|mark\.skip|mark\.xfail|importorskip)")
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "tests").rglob("*.py")
        if path != Path(__file__) and pattern.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_what_tests_take_from_each_other_is_where_they_look():
    """Modules of tests are not type checked, and a test that is not run does not say that its helper moved."""
    imported = re.compile(r"^\s*from (tests\.[\w.]+) import \(?([\w, ]+)", re.MULTILINE)
    lost = [
        f"{path.relative_to(ROOT)}: {module}"
        for folder in ("tests", "benchmarks", "docs")
        for path in (ROOT / folder).rglob("*.py")
        for module, names in imported.findall(path.read_text(encoding="utf-8"))
        if not (place := ROOT / module.replace(".", "/")).with_suffix(".py").is_file()
        and not all((place / f"{name.strip()}.py").is_file() for name in names.split(","))
    ]
    assert lost == []


def test_a_folder_of_tests_gets_rooms_before_it_is_full():
    full = {
        str(folder.relative_to(ROOT)): count
        for folder in [ROOT / "tests", *(ROOT / "tests").rglob("*")]
        if folder.is_dir() and (count := len(list(folder.glob("*.py")))) > MOST_TESTS_TOGETHER
    }
    assert full == {}
