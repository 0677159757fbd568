"""Run the command `digest`: find the command named, and load only what it needs."""

import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from digest import __version__
from digest.entrypoints.cli.complaint import break_off, complain
from digest.errors import DigestError


def _run() -> Callable[..., Any] | typer.Typer:
    from digest.entrypoints.cli.run import run

    return run


def _serve() -> Callable[..., Any] | typer.Typer:
    from digest.entrypoints.serve import serve

    return serve


def _worker() -> Callable[..., Any] | typer.Typer:
    from digest.entrypoints.worker import worker

    return worker


def _mailbox() -> Callable[..., Any] | typer.Typer:
    from digest.entrypoints.serve import mailbox

    return mailbox


def _preview() -> Callable[..., Any] | typer.Typer:
    from digest.entrypoints.previewing import preview

    return preview


def _sources() -> Callable[..., Any] | typer.Typer:
    from digest.entrypoints.cli.sources import app

    return app


def _lists() -> Callable[..., Any] | typer.Typer:
    from digest.entrypoints.cli.audience.lists import app

    return app


def _signups() -> Callable[..., Any] | typer.Typer:
    from digest.entrypoints.cli.audience.signups import app

    return app


def _subscribers() -> Callable[..., Any] | typer.Typer:
    from digest.entrypoints.cli.audience.subscribers import app

    return app


def _segments() -> Callable[..., Any] | typer.Typer:
    from digest.entrypoints.cli.audience.segments import app

    return app


def _fields() -> Callable[..., Any] | typer.Typer:
    from digest.entrypoints.cli.audience.own_fields import app

    return app


def _tags() -> Callable[..., Any] | typer.Typer:
    from digest.entrypoints.cli.audience.own_fields import tags_app

    return tags_app


def _suppress() -> Callable[..., Any] | typer.Typer:
    from digest.entrypoints.cli.audience.suppress import app

    return app


def _editions() -> Callable[..., Any] | typer.Typer:
    from digest.entrypoints.cli.editions.editions import app

    return app


def _why() -> Callable[..., Any] | typer.Typer:
    from digest.entrypoints.cli.editions.why import why

    return why


def _lint() -> Callable[..., Any] | typer.Typer:
    from digest.entrypoints.cli.operate.lint import lint

    return lint


def _tool() -> Callable[..., Any] | typer.Typer:
    from digest.entrypoints.cli.tool import app

    return app


def _config() -> Callable[..., Any] | typer.Typer:
    from digest.entrypoints.cli.operate.config import config

    return config


def _doctor() -> Callable[..., Any] | typer.Typer:
    from digest.entrypoints.cli.operate.doctor import doctor

    return doctor


def _dkim() -> Callable[..., Any] | typer.Typer:
    from digest.entrypoints.cli.operate.dkim import app

    return app


def _keys() -> Callable[..., Any] | typer.Typer:
    from digest.entrypoints.cli.operate.keys import app

    return app


def _demo() -> Callable[..., Any] | typer.Typer:
    from digest.entrypoints.demo import demo

    return demo


def _desk() -> Callable[..., Any] | typer.Typer:
    from digest.entrypoints.cli.operate.desk import app

    return app


def _api() -> Callable[..., Any] | typer.Typer:
    from digest.entrypoints.cli.programs.api import app

    return app


def _webhooks() -> Callable[..., Any] | typer.Typer:
    from digest.entrypoints.cli.programs.webhooks import app

    return app


def _channels() -> Callable[..., Any] | typer.Typer:
    from digest.entrypoints.cli.programs.channels import app

    return app


def _db() -> Callable[..., Any] | typer.Typer:
    from digest.entrypoints.cli.operate.database import app

    return app


COMMANDS: Mapping[str, Callable[[], Callable[..., Any] | typer.Typer]] = {
    "run": _run,
    "serve": _serve,
    "worker": _worker,
    "mailbox": _mailbox,
    "preview": _preview,
    "sources": _sources,
    "lists": _lists,
    "signups": _signups,
    "subscribers": _subscribers,
    "segments": _segments,
    "fields": _fields,
    "tags": _tags,
    "suppress": _suppress,
    "editions": _editions,
    "why": _why,
    "lint": _lint,
    "tool": _tool,
    "config": _config,
    "doctor": _doctor,
    "dkim": _dkim,
    "keys": _keys,
    "desk": _desk,
    "demo": _demo,
    "api": _api,
    "webhooks": _webhooks,
    "channels": _channels,
    "db": _db,
}
"""Each command with what brings it in: a pipe must not wait for the web server's imports."""


class Commands(TyperGroup):
    """Brings a command in when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names in the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command, or None when there is none of that name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        found = COMMANDS[cmd_name]()
        if isinstance(found, typer.Typer):
            group = typer.main.get_group(found)
            group.name = cmd_name
            return group
        single = typer.Typer(add_completion=False)
        single.command(cmd_name)(found)
        return typer.main.get_command(single)


app = typer.Typer(
    name="digest",
    cls=Commands,
    help="Mujaz (موجز): collect news, summarize it by section, mail it as a right-to-left digest.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)


def _version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"mujaz {__version__}\n")
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command. Errors of ours end in one line on stderr and their exit code
    (docs/reference/exit-codes.md).
    """
    if not sys.warnoptions:
        # Libraries' warnings are for developers: the tests turn every one into an error.
        warnings.simplefilter("ignore")
    try:
        app(args=list(arguments) if arguments is not None else None)
    except DigestError as error:
        complain(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. What was recorded is kept; run again to go on.\n")
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)
    except Exception as error:  # noqa: BLE001 - its trace may hold a secret: it is printed without
        break_off(error)
        sys.exit(1)


if __name__ == "__main__":
    main()
