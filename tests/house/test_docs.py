"""Whatever can be set, typed or opened is in the docs."""

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Route

from digest.entrypoints.api.metrics import metrics_site
from digest.entrypoints.api.routes import machine_routes
from digest.entrypoints.desk.app import build_desk
from digest.entrypoints.web.app import build
from digest.settings import names, variable

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
FILE = re.compile(r"`((?:digest|tests|docs|benchmarks|templates|deploy)/[^`\s{]+)`")
EXAMPLE = re.compile(r"NAME|NNNN|TARGET|xx\b|…|secrets|_templates")
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\((?!https?://|mailto:|#)([^)#\s]+)")


def _reference() -> Any:
    spec = importlib.util.spec_from_file_location("make_reference", DOCS / "make_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["settings.md", "commands.md", "exit-codes.md", "api.md"])
def test_a_generated_page_says_what_the_code_says(name: str):
    page = _reference().PAGES[name]()
    assert (DOCS / "reference" / name).read_text(encoding="utf-8") == page, "run `make docs`"


def test_every_setting_stands_in_the_reference_with_its_variable():
    page = (DOCS / "reference" / "settings.md").read_text(encoding="utf-8")
    missing = [name for name, _, _ in names() if f"`{name}` | `{variable(name)}`" not in page]
    assert missing == []


def test_every_route_stands_in_the_reference():
    page = (DOCS / "reference" / "routes.md").read_text(encoding="utf-8")
    sites = (
        build(_Nothing(), machine_routes()),  # type: ignore[arg-type]
        metrics_site(_Nothing()),  # type: ignore[arg-type]
        build_desk(_Nothing()),  # type: ignore[arg-type]
    )
    routes = [route for site in sites for route in site.routes if isinstance(route, Route)]
    assert len(routes) >= 45
    missing = [route.path for route in routes if f"`{re.sub(':[a-z]+', '', route.path)}`" not in page]
    assert missing == []


class _Nothing:
    """Stands for any part of the App while only the routes are looked at."""

    def __getattr__(self, name: str) -> Any:
        return {"signups_an_hour": 1, "trusted_proxies": (), "public_url": "http://x.example"}.get(name, self)


@pytest.mark.parametrize(
    "page",
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))],
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_no_link_in_the_docs_is_broken(page: Path):
    text = page.read_text(encoding="utf-8")
    broken = [link for link in LINK.findall(text) if not (page.parent / link).exists()]
    assert broken == []


@pytest.mark.parametrize(
    "page",
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))],
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_every_file_that_a_page_names_exists(page: Path):
    named = FILE.findall(page.read_text(encoding="utf-8"))
    assert [name for name in named if not EXAMPLE.search(name) and not any(ROOT.glob(name.rstrip("/")))] == []


def test_what_the_pages_on_adding_name_is_in_the_tree():
    """Functions, constants and places that a newcomer is led to, on the pages that are followed literally."""
    folders = (("digest", "*.py"), ("tests", "*.py"), ("digest", "*.toml"))
    known = {one for folder, kind in folders for path in (ROOT / folder).rglob(kind) for one in _words(path)}
    lost = [
        (page.name, name)
        for page in sorted((DOCS / "howto").glob("add-*.md"))
        for named in INLINE.findall(re.sub(r"(?s)```.*?```", "", page.read_text(encoding="utf-8")))
        if "/" not in named and not EXAMPLE.search(named) and "." not in named
        for name in re.findall(r"\w{3,}", named)
        if name not in known
    ]
    assert lost == []


def _words(path: Path) -> list[str]:
    return re.findall(r"\w{3,}", path.read_text(encoding="utf-8"))


def test_one_search_finds_what_the_architecture_says_it_finds():
    page = (DOCS / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| [^|]+ \| `([^`]+)` \| \[`([^`]+)`", page.split("## How to find things")[1], re.MULTILINE
    )
    assert len(rows) >= 7
    for words, file in rows:
        found = [
            path.relative_to(ROOT / "digest").as_posix()
            for path in (ROOT / "digest").rglob("*.py")
            if any(
                re.search(words, line, re.IGNORECASE)
                for line in path.read_text(encoding="utf-8").splitlines()
            )
        ]
        assert found == [file], words


def test_every_room_stands_in_the_architecture():
    page = (DOCS / "architecture.md").read_text(encoding="utf-8").split("## Where each rule lives")[0]
    layers = [one for one in (ROOT / "digest").iterdir() if (one / "__init__.py").exists()]
    rooms = {f"{room.name}/" for one in layers for room in one.iterdir() if (room / "__init__.py").exists()}
    rooms |= {one.name for one in (ROOT / "digest" / "services").glob("*.py") if one.name != "__init__.py"}
    assert len(rooms) > 50
    assert sorted(one for one in rooms if f"`{one}" not in page) == []


def test_every_page_of_why_and_decisions_is_listed_in_its_index():
    for folder in ("why", "decisions", "howto"):
        index = (DOCS / folder / "README.md").read_text(encoding="utf-8")
        pages = [page.name for page in (DOCS / folder).glob("*.md") if page.name != "README.md"]
        assert [page for page in pages if f"({page})" not in index] == [], folder


def test_the_first_screen_of_the_readme_has_the_picture_and_the_two_commands():
    head = "\n".join((ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:40])
    assert "make digest" in head
    assert "make test" in head
    assert "docs/images/" in head
    assert 'dir="rtl"' in head
