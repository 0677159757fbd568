"""The commands in the audit log: all that may change something are written down, those that only read are
not.
"""

import getpass
import platform
import re
from collections.abc import Mapping
from typing import Any

from digest.services import audit
from digest.services.app import App
from digest.services.audit import Actor

try:  # typer brings a click of its own, and the other one knows nothing of its commands
    from typer._click.globals import get_current_context
except ImportError:  # pragma: no cover - before that it used click
    from click import get_current_context  # type: ignore[assignment, no-redef, unused-ignore]

READING = frozenset(
    {
        "api keys list",
        "channels list",
        "channels log",
        "desk accounts",
        "desk audit",
        "desk guide",
        "doctor",
        "editions edit show",
        "editions failed",
        "editions list",
        "editions status",
        "editions who",
        "fields list",
        "keys list",
        "lists funnel",
        "lists list",
        "lists show",
        "segments fields",
        "segments list",
        "segments show",
        "segments try",
        "sources check",
        "sources export",
        "sources health",
        "sources history",
        "sources list",
        "sources try",
        "subscribers export",
        "subscribers imports",
        "subscribers list",
        "subscribers search",
        "subscribers show",
        "suppress list",
        "suppress show",
        "tags list",
        "webhooks list",
        "webhooks log",
        "why",
    }
)
"""Commands that change nothing. A command that is not named here is written down."""
PEOPLES = frozenset({"address", "addresses", "email", "file", "name_", "to", "values"})
"""Parameters that may hold a reader's address: who is erased must be gone from the log, too."""
QUIET = frozenset(
    {"as_json", "as_csv", "yes", "limit", "list_slug", "slug", "open_it", "as_json_", "url", "target"}
)
"""Parameters that say how a command answers, the list, which has a column of its own, and addresses whose
path may hold a secret: the subject's state says their host.
"""


NO_READERS = frozenset({"api", "channels", "desk", "lists", "sources", "webhooks"})
"""Groups whose commands name no reader: an address in them is a sender's, an outlet's or an account's."""
_ADDRESS = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")


def current_command() -> str:
    """Return the command that runs, "lists set"; "" where none does."""
    names, context = [], get_current_context(silent=True)
    while context is not None and context.parent is not None:
        names.append(str(context.info_name))
        context = context.parent
    return " ".join(reversed(names))


def changes(command: str) -> bool:
    """Say whether a command is written down."""
    return bool(command) and command not in READING


async def subject_state(app: App, command: str) -> dict[str, Any]:
    """Return how that stands which a command is about."""
    # Large, and for commands that change something alone: the others start without it.
    from digest.services.subjects import state_of

    return await state_of(app, command, _given())


def _given() -> dict[str, Any]:
    context = get_current_context(silent=True)
    return dict(context.params) if context is not None else {}


async def record_command(
    app: App,
    command: str,
    before: Mapping[str, Any] | None = None,
    said: tuple[Mapping[str, Any], Mapping[str, Any]] = ({}, {}),
) -> None:
    """Write down that a command was run: with what it was given, and what it changed.

    `before` is how its subject stood; `said` is what it says itself of before and after.
    """
    given = _given()
    slug = given.get("list_slug") or (given.get("slug") if command.startswith("lists ") else None) or ""
    shown = {
        name: _shown(command, value)
        for name, value in given.items()
        if name not in QUIET and value not in (None, False, (), [], "") and not _is_peoples(command, name)
    }
    was, is_now = dict(before or {}), await subject_state(app, command)
    number = is_now.get("number") or was.get("number")
    about = str(number or given.get("number") or given.get("slug") or given.get("name") or "")
    if command.startswith("desk "):
        about = str(given.get("email") or "")
    elif command.startswith("subscribers"):
        about = str(number or "")
    changed = {name: value for name, value in is_now.items() if name not in was or was[name] != value}
    gone = {name: value for name, value in was.items() if name not in is_now or is_now[name] != value}
    await audit.record(
        app,
        terminal_actor(),
        command,
        about=about,
        list_slug=str(slug),
        before={**gone, **said[0]},
        after={**shown, **changed, **said[1]},
    )


def _shown(command: str, value: Any) -> Any:
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [_shown(command, one) for one in value]
    is_open = command.partition(" ")[0] in NO_READERS
    return str(value) if is_open else _ADDRESS.sub("(address)", str(value))


def _is_peoples(command: str, name: str) -> bool:
    return name in PEOPLES or (command.startswith("subscribers") and name == "name")


def terminal_actor() -> Actor:
    """Return who sits at the terminal: the user of this machine."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = "?"
    return Actor(f"cli:{user}@{platform.node()}", "terminal")
