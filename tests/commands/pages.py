"""The commands that the documentation shows, page by page.

A block that starts with ```sh is run line by line, after the lines of a comment before it, if there is one:
<!-- commands after: … -->. A comment <!-- commands: why not --> says why it is not run; then it is read, as
all are: its commands and options must exist.
"""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")))
_BLOCK = re.compile(
    r"(?:<!-- commands(?:: (?P<excuse>[^>]+?)| after:\s(?P<first>(?:(?!-->).)+?))\s-->\n)?"
    r"```(?:sh|bash|console)\n(?P<lines>.*?)```",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of one block, without their comments; what is run before them, and why they are not run, if
    so.
    """

    page: str
    lines: tuple[str, ...]
    first: tuple[str, ...] = ()
    excuse: str = ""

    def __str__(self) -> str:
        return f"{self.page}: {self.lines[0]}"


def blocks() -> list[Block]:
    """Return the blocks of all pages in order."""
    return [
        Block(str(page.relative_to(ROOT)), lines, _bare(match["first"] or ""), match["excuse"] or "")
        for page in PAGES
        for match in _BLOCK.finditer(page.read_text(encoding="utf-8"))
        if (lines := _bare(match["lines"]))
    ]


def _bare(text: str) -> tuple[str, ...]:
    lines = (re.sub(r"(^|\s+)#.*", "", line).strip() for line in text.splitlines())
    return tuple(line for line in lines if line)
