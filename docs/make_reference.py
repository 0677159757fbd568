"""Write the generated pages of docs/reference/: settings, commands and exit codes, from the code itself.

`make docs` runs it; `tests/house/test_docs.py` fails when a page is older than the code.
"""

import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from pydantic import SecretStr
from pydantic_core import PydanticUndefined
from typer.core import TyperGroup

import digest.errors
from digest.__main__ import app
from digest.entrypoints.api.v1.routes import ROUTES
from digest.entrypoints.api.v1.table import ApiAccess
from digest.errors import DigestError
from digest.settings import Settings, names, variable

FOLDER = Path(__file__).parent / "reference"


def _promise(kind: type) -> str:
    """Return the first paragraph of a class's docstring, as one line."""
    return " ".join((inspect.getdoc(kind) or "").split("\n\n")[0].split())


def settings_page() -> str:
    """Return the page of all settings, a table a group."""
    lines = [
        "# Settings",
        "",
        "Defaults work on a laptop without a network. A file `digest.toml` in the working folder (or the one that",
        "`DIGEST_CONFIG` names) overrides them, and environment variables override the file. Every setting may come from a",
        "file instead: the variable with `_FILE` behind its name holds the path, as in `DIGEST_MAIL__PASSWORD_FILE`.",
        "`digest config` prints every value with its origin; secrets are hidden. A key that does not exist, or a value of the",
        "wrong kind, is refused with the name, the origin and what would be right.",
        "",
        "```toml",
        "[mail]",
        'host = "smtp.example.org"',
        'username = "digest"',
        "```",
    ]
    group_before = ""
    for name, group, field in names():
        if group != group_before:
            kind: Any = Settings.model_fields[group].annotation
            lines += ["", f"## {group}", "", _promise(kind), ""]
            lines += ["| setting | variable | default | what |", "|---|---|---|---|"]
            group_before = group
        info = kind.model_fields[field]
        lines.append(
            f"| `{name}` | `{variable(name)}` | {_default(info)} | {_cell(info.description or '')} |"
        )
    return "\n".join(lines) + "\n"


def _default(info: Any) -> str:
    value = info.get_default(call_default_factory=True)
    if value is PydanticUndefined:
        return "required"
    if value is None or (not value and value is not False and value != 0):
        return "empty"
    if isinstance(value, SecretStr):
        return "hidden"
    return f"`{_cell(str(value))}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def commands_page() -> str:
    """Return the page of all commands with their arguments and options."""
    root = typer.main.get_command(app)
    lines = [
        "# Commands",
        "",
        "`digest COMMAND --help` says the same. Answers go to stdout, everything else to stderr; [exit codes](exit-codes.md).",
        "",
    ]
    for path, command in _walk(root, "digest"):
        lines += [f"## `{path}`", "", _help(command), ""]
        rows = [_row(parameter) for parameter in command.params if parameter.name != "help"]
        if rows:
            lines += ["| | what | default |", "|---|---|---|", *rows, ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _walk(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    if not isinstance(command, TyperGroup):
        yield path, command
        return
    context = typer.Context(command)
    for name in sorted(command.list_commands(context)):
        yield from _walk(command.get_command(context, name), f"{path} {name}")


def _help(command: Any) -> str:
    return inspect.cleandoc(command.help or "").replace("\f", "")


def _row(parameter: Any) -> str:
    is_option = parameter.param_type_name == "option"
    flags = ", ".join(f"`{flag}`" for flag in (*parameter.opts, *parameter.secondary_opts))
    label = flags if is_option else f"`{(parameter.name or '').upper()}`"
    default = parameter.default
    empty = default is None or default is False or callable(default) or str(default).startswith("Sentinel")
    shown = "required" if parameter.required else "" if empty or default == "" else f"`{default}`"
    return f"| {label} | {_cell(getattr(parameter, 'help', None) or '')} | {shown} |"


def exit_codes_page() -> str:
    """Return the page of exit codes, from the tree of errors."""
    lines = [
        "# Exit codes",
        "",
        "| code | error | when |",
        "|---|---|---|",
        "| 0 | | done; also when everybody had been mailed before |",
    ]
    kinds = [
        kind
        for _, kind in inspect.getmembers(digest.errors, inspect.isclass)
        if issubclass(kind, DigestError) and DigestError in (kind, *kind.__bases__)
    ]
    for kind in sorted(kinds, key=lambda kind: (kind.exit_code, kind.__name__)):
        first = _promise(kind)
        lines.append(f"| {kind.exit_code} | `{kind.__name__}` | {_cell(first)} |")
    lines += [
        "| 2 | | the command line itself is wrong |",
        "| 2 | | `subscribers import` refused some lines of the file; the others are imported |",
        "| 130 | | stopped by Ctrl-C; what was recorded is kept |",
        "| 141 | | whoever read the output went away |",
        "",
        "An error is one line on stderr: what happened, and what to do.",
    ]
    return "\n".join(lines) + "\n"


def api_page() -> str:
    """Return the page of the JSON interface: each route with its scope and what it answers."""
    lines = [
        "# The JSON interface",
        "",
        "All routes of `/api/v1`, with the scope that a key needs. `GET /api/v1/openapi.json` describes their shapes",
        "(OpenAPI 3.1). How keys, pages and errors work: [how to](../howto/api.md).",
        "",
        "| route | what | scope | answers |",
        "|---|---|---|---|",
    ]
    for one in ROUTES:
        path = re.sub(r":\w+}", "}", one.path)
        scope = "anybody" if one.needs is ApiAccess.ANYBODY else f"`{one.needs}`"
        good = ", ".join(str(status) for status in sorted({one.status, *one.also}))
        lines.append(f"| `{one.method} {path}` | {_cell(one.says)} | {scope} | {good} |")
    return "\n".join(lines) + "\n"


PAGES = {
    "settings.md": settings_page,
    "commands.md": commands_page,
    "exit-codes.md": exit_codes_page,
    "api.md": api_page,
}


def main() -> None:
    """Write all pages."""
    FOLDER.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")
    sys.stdout.write(f"Wrote {', '.join(PAGES)} to {FOLDER.name}/\n")


if __name__ == "__main__":
    main()
