"""Every command that a page shows exists with its options; `make docs-commands` also runs them."""

import re
import shlex
import subprocess
from typing import Any

import pytest
import typer

from digest.__main__ import app
from tests.commands.pages import PAGES, ROOT, Block, blocks

KNOWN = {
    "make",
    "digest",
    "python3",
    "python",
    "adduser",
    "install",
    "systemctl",
    "mkdir",
    "openssl",
    "echo",
    "cp",
    "export",
    "docker",
}


def parts(line: str) -> list[list[str]]:
    """Return the words of each program in a line."""
    words = iter(shlex.split(re.sub(r"\$\([^)]*\)", "VALUE", line)))
    found: list[list[str]] = [[]]
    for word in words:
        if word in {"<", ">"}:
            next(words)  # the file is no word of the program's
        elif word in {"|", "&&", ";"}:
            found.append([])
        else:
            found[-1].append(word)
    return [one for one in found if one]


def accepted(words: list[str]) -> None:
    """Let the command line read the words, without doing anything."""
    command: Any = typer.main.get_command(app)
    context = None
    while words and hasattr(command, "get_command"):
        name = words.pop(0)
        context = command.make_context(name, [], parent=context, resilient_parsing=True)
        found = command.get_command(context, name)
        assert found is not None, f"there is no command {name}"
        command = found
    command.parse_args(command.context_class(command, parent=context, info_name="digest"), words)


@pytest.mark.parametrize("block", blocks(), ids=str)
def test_every_command_of_a_page_exists_with_its_options(block: Block):
    for line in block.lines:
        for words in parts(line):
            program = words[0].rpartition("/")[2]
            assert program in KNOWN | {"pip"}, line
            if program == "make":
                targets = [word for word in words[1:] if "=" not in word]
                done = subprocess.run(["make", "-n", *targets], cwd=ROOT, capture_output=True, check=False)
                assert done.returncode == 0, line
            if program == "digest":
                accepted(words[1:])


def test_no_page_hides_a_command_in_an_indented_block():
    hidden = [
        f"{page.name}: {line.strip()}"
        for page in PAGES
        for line in re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL).splitlines()
        if re.match(r"    (?:digest|make|\.venv/bin|python3?) ", line)
    ]
    assert hidden == []
