"""What says that it is pure is, and the contract that checks it names it."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = "What promises purity does no I/O"
IO = {"aiohttp", "aiosmtplib", "asyncio", "os", "pathlib", "smtplib", "socket", "sqlalchemy", "sqlmodel"}
VALUES = {"digest.model", "digest.settings"}
"""Packages whose classes are values, though they are declared with, or read by, what does I/O."""


def _contracts() -> dict[str, dict[str, Any]]:
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    return {one["name"]: one for one in tool["importlinter"]["contracts"]}


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def promising(root: Path) -> set[str]:
    """Return the modules below a folder whose docstring says that they are pure."""
    return {
        _module(path)
        for path in root.rglob("*.py")
        if re.search(
            r"\bpure\b", ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "", re.IGNORECASE
        )
    }


def test_every_module_that_says_it_is_pure_is_under_the_contract():
    named = _contracts()[CONTRACT]["source_modules"]
    promises = promising(ROOT / "digest")
    assert len(promises) >= 25
    assert {one for one in promises if not any(f"{one}.".startswith(f"{name}.") for name in named)} == set()


def test_the_contract_of_purity_bars_all_io_and_forgives_only_the_classes_of_values():
    contract = _contracts()[CONTRACT]
    assert set(contract["forbidden_modules"]) >= IO
    assert {one.split(" -> ")[0] for one in contract["ignore_imports"]} == {f"{one}.**" for one in VALUES}


def test_every_folder_of_the_stages_has_its_place_in_the_order():
    ordered = {
        container: contract
        for contract in _contracts().values()
        for container in contract.get("containers", ())
        if contract["type"] == "layers"
    }
    wanted = {"digest", "digest.services", "digest.collect", "digest.deliver", "digest.render"}
    assert wanted <= set(ordered)
    assert all(ordered[one]["exhaustive"] for one in wanted)


def test_the_contracts_between_the_rooms_are_kept():
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
