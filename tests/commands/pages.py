"""The commands that the documentation shows, page by page.

A block that starts with ```sh is run line by line, unless a comment before it, <!-- commands: why not -->, says why it is not; then it is
read, as all are: its commands and options must exist.
"""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")))
_BLOCK = re.compile(r"(?:<!-- commands: ([^>]+) -->\n)?```(?:sh|bash|console)\n(.*?)```", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of one block, without their comments, and why it is not run, if so."""

    page: str
    lines: tuple[str, ...]
    excuse: str

    def __str__(self) -> str:
        return f"{self.page}: {self.lines[0]}"


def blocks() -> list[Block]:
    """Return the blocks of all pages in order."""
    return [
        Block(str(page.relative_to(ROOT)), lines, match[1] or "")
        for page in PAGES
        for match in _BLOCK.finditer(page.read_text(encoding="utf-8"))
        if (
            lines := tuple(
                bare for line in match[2].splitlines() if (bare := re.sub(r"(^|\s+)#.*", "", line).strip())
            )
        )
    ]
