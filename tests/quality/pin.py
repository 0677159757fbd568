"""Pin a floor of text quality.

    python -m tests.quality.pin NAME VALUE [--lower]

A floor may be raised freely. Lowering one needs `--lower` and a line of CHANGELOG.md that names the floor and the new value.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path

FLOORS = Path(__file__).with_name("floors.json")
CHANGELOG = Path(__file__).parents[2] / "CHANGELOG.md"

Floors = Mapping[str, Mapping[str, float]]


def read() -> dict[str, dict[str, float]]:
    return json.loads(FLOORS.read_text(encoding="utf-8"))


def is_explained(name: str, value: float, changelog: str) -> bool:
    return any(name in line and f"{value:g}" in line for line in changelog.splitlines())


def pinned(
    floors: Floors, name: str, value: float, *, may_lower: bool, changelog: str
) -> dict[str, dict[str, float]]:
    """Return the floors with one of them moved.

    Raises:
        ValueError: it would be lowered without the flag, or without a word in the changelog.
    """
    known = floors.get(name, {"floor": value, "highest": value})
    if value < known["floor"]:
        if not may_lower:
            raise ValueError(f"{name} is {known['floor']:g}; lowering it to {value:g} needs --lower")
        if not is_explained(name, value, changelog):
            raise ValueError(f"no line of CHANGELOG.md names {name} and {value:g}")
    moved = {"floor": value, "highest": max(value, known["highest"])}
    return {**{key: dict(each) for key, each in floors.items()}, name: moved}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("name")
    options.add_argument("value", type=float)
    options.add_argument("--lower", action="store_true")
    given = options.parse_args()
    changelog = CHANGELOG.read_text(encoding="utf-8")
    try:
        floors = pinned(read(), given.name, given.value, may_lower=given.lower, changelog=changelog)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    FLOORS.write_text(json.dumps(floors, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
