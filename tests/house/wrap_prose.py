"""Wrap docstrings and comments that are wider than the code: `python -m tests.house.wrap_prose FILE…`."""

import ast
import io
import re
import sys
import textwrap
import tokenize
from pathlib import Path

WIDTH = 110
PRAGMA = re.compile(r"#\s*(?:noqa|type:|pragma|fmt:)")


def too_wide(text: str) -> set[int]:
    """Return the numbers of the lines of docstrings and of comments that are too wide."""
    lines = text.splitlines()
    found = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        is_doc = token.type == tokenize.STRING and token.line.lstrip().startswith('"""')
        is_comment = token.type == tokenize.COMMENT and not PRAGMA.match(token.string)
        if is_doc or is_comment:
            found |= {
                number for number in range(token.start[0], token.end[0] + 1) if len(lines[number - 1]) > WIDTH
            }
    return found


def wrapped(text: str) -> str:
    """Return a module whose docstrings and own-line comments fit; its code is the same."""
    bad = too_wide(text)
    lines = text.splitlines()
    for token in reversed(list(tokenize.generate_tokens(io.StringIO(text).readline))):
        rows = range(token.start[0], token.end[0] + 1)
        if bad.isdisjoint(rows):
            continue
        first, last = token.start[0] - 1, token.end[0]
        indent = " " * token.start[1]
        if (
            token.type == tokenize.STRING
            and token.string.startswith('"""')
            and lines[first].startswith(f'{indent}"""')
        ):
            lines[first:last] = _docstring(token.string, indent)
        elif token.type == tokenize.COMMENT and lines[first].startswith(f"{indent}#"):
            lines[first:last] = textwrap.wrap(
                token.string[1:].strip(), WIDTH, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}# "
            )
    return "\n".join(lines) + "\n"


def _docstring(token: str, indent: str) -> list[str]:
    content = token[3:-3].rstrip()
    found: list[str] = []
    for number, paragraph in enumerate(re.split(r"\n[ \t]*\n", content)):
        own = paragraph.split("\n")
        if number == 0:
            own = [f'{indent}"""{own[0]}', *own[1:]]
        else:
            found.append("")
        found += _paragraph(own)
    if len(found) == 1:
        if len(found[0]) + 3 <= WIDTH:
            return [f'{found[0]}"""']
        # The formatter would put the quotes behind it again.
        found = textwrap.wrap(
            found[0], WIDTH - 4, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        )
    return [*found, f'{indent}"""']


def _paragraph(own: list[str]) -> list[str]:
    if all(len(line) <= WIDTH for line in own) and len(own) > 1:
        return own
    found: list[str] = []
    block: list[str] = []

    def flush() -> None:
        if block:
            indent = block[0][: len(block[0]) - len(block[0].lstrip())]
            hanging = block[1][: len(block[1]) - len(block[1].lstrip())] if len(block) > 1 else indent
            if re.match(r"\s*[A-Z]\w+(?:Error|Exception): ", block[0]):
                hanging = f"{indent}    "
            joined = " ".join(line.strip() for line in block)
            found.extend(
                textwrap.wrap(
                    joined,
                    WIDTH,
                    initial_indent=indent,
                    subsequent_indent=hanging,
                    break_long_words=False,
                    break_on_hyphens=False,
                )
            )
            block.clear()

    for line in own:
        if re.match(r"\s*(?:[-*|] |\d+\. |[A-Z]\w+(?:Error|Exception): |Raises:)", line):
            flush()
        block.append(line)
        if line.strip() == "Raises:":
            flush()
    flush()
    return found


def _code(text: str) -> str:
    """What the module does, whatever the white space in its texts."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            node.value.value = " ".join(node.value.value.split())
    return ast.dump(tree)


def main() -> None:
    """Wrap the files that are named."""
    for name in sys.argv[1:]:
        path = Path(name)
        text = path.read_text(encoding="utf-8")
        if too_wide(text):
            after = wrapped(text)
            assert _code(after) == _code(text), name
            path.write_text(after, encoding="utf-8")


if __name__ == "__main__":
    main()
