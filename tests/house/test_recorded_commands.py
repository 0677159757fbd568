"""Every command that may change something is written into the audit log: whoever adds one need do nothing for it."""

import inspect
from collections.abc import Iterator
from typing import Any

import typer
from typer.core import TyperGroup

from digest.__main__ import app
from digest.entrypoints.cli.recording import READING, changes

LASTING = {"serve", "worker", "mailbox", "preview", "demo"}
"""They run until they are stopped; what they do by themselves is in the tables of editions and sources."""
WITHOUT_THE_DATABASE = {"config", "db backup", "db status", "dkim keygen", "dkim record", "lint"}
OF_THE_SCHEMA = {"db upgrade"}
"""It may run before there is a log."""


def _commands(command: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if not isinstance(command, TyperGroup):
        yield path, command
        return
    context = typer.Context(command)
    for name in command.list_commands(context):
        yield from _commands(command.get_command(context, name), f"{path} {name}".strip())


def test_every_command_is_written_down_or_named_as_one_that_only_reads():
    found = dict(_commands(typer.main.get_command(app)))
    assert len(found) > 40
    assert set(found) >= READING, "a command that is gone"
    beside = {
        name
        for name in found
        if name in LASTING | WITHOUT_THE_DATABASE | OF_THE_SCHEMA or name.startswith("tool ")
    }
    written = {name for name in found if changes(name)} - beside
    assert len(written) >= 28
    silent = {name for name in written if not _writes(found[name])}
    assert silent == set(), "these never come by `with_app` or `write_down`, which keep the log"


def _writes(command: Any) -> bool:
    """Whether a command's module opens the App where the log is kept."""
    module = inspect.getmodule(inspect.unwrap(command.callback))
    source = inspect.getsource(module) if module else ""
    return "with_app(" in source or "write_down(" in source
