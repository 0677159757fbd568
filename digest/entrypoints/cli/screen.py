"""What all commands share: opening the App, tables, progress, complaints."""

import json
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Annotated, Any, Self, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from digest.errors import DigestError, InputError
from digest.settings import Loaded, load
from digest.settings.hidden import without_ours
from digest.text.direction.visible import escaped_json, one_line, visible

if TYPE_CHECKING:  # a command that needs no App must not wait for all that an App is made of
    from digest.services.app import App

Result = TypeVar("Result")

ListOption = Annotated[
    str | None,
    typer.Option("--list", help="Slug of the list; not needed while there is one list, or a default one."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer as JSON on stdout.")]

STAGES = {
    "collect": "Collecting",
    "curate": "Grouping",
    "summarize": "Summarizing",
    "send": "Sending",
    "read": "Reading",
    "write": "Writing",
}


def out() -> Console:
    """Return the console for answers."""
    return Console(highlight=False)


def err() -> Console:
    """Return the console for everything that is not the answer."""
    return Console(stderr=True, highlight=False)


def foreign(words: object) -> str:
    """Return words that a stranger may have chosen, fit to stand in a line of ours: nothing in them steers
    the terminal.
    """
    return one_line(without_ours(str(words)))


def say(text: str) -> None:
    """Print an answer, unwrapped and without markup. Its lines are ours: a stranger's words in them come by
    `foreign`.
    """
    sys.stdout.write(visible(without_ours(text)) + "\n")


def say_json(value: object, *, indent: int | None = 1) -> None:
    """Print an answer for programs: JSON in which whatever would steer a terminal is escaped, and means the
    same.
    """
    written = json.dumps(value, ensure_ascii=False, indent=indent)
    sys.stdout.write(escaped_json(without_ours(written)) + "\n")


def settings(*, lasting: bool = False) -> Loaded:
    """Load the settings and set up logging for a command.

    A command that ends by itself says what it did in its own words: its log begins at errors, unless a level
    is set.

    Raises:
        ConfigError: see `digest.settings.load`.
    """
    from digest.bootstrap import configure_logging

    loaded = load()
    run = loaded.settings.run
    if not lasting and "run.log_level" not in loaded.origins:
        run = run.model_copy(update={"log_level": "error"})
    configure_logging(run)
    return loaded


def with_app(
    work: "Callable[[App], Awaitable[Result]]",
    *,
    creates: bool = False,
    reads: bool = False,
    differs: "Callable[[Result], tuple[Mapping[str, Any], Mapping[str, Any]]] | None" = None,
) -> Result:
    """Open the App, do the work, close it. `creates`: the command may make the embedded database.

    A command that changes something is written into the audit log once its work is done. `reads`: this piece
    of its work changes nothing. `differs` says of its result what was there before and after.

    Raises:
        InputError: there is no database here, and the command makes none.
    """
    from digest.bootstrap import opened
    from digest.entrypoints.cli.database_here import require_database
    from digest.entrypoints.cli.recording import changes, current_command, record_command, subject_state
    from digest.entrypoints.loop import run

    loaded = settings()
    require_database(loaded.settings.database.url, creates=creates)

    command = current_command()

    async def go() -> Result:
        async with opened(loaded.settings) as app:
            if not changes(command) or reads:
                return await work(app)
            before = await subject_state(app, command)
            done = await work(app)
            said = differs(done) if differs else ({}, {})
            await record_command(app, command, before, said)
            return done

    return run(go, loaded.settings.run)


def write_down() -> None:
    """Write the command into the audit log that worked without the App; where there is none yet, nothing."""
    from contextlib import suppress

    async def nothing(app: "App") -> None:
        del app

    with suppress(DigestError):
        with_app(nothing)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str) -> None:
    """Print rows under their columns, or one line when there is none."""
    shown = Table(*columns, box=None, pad_edge=False, header_style="bold")
    count = 0
    for row in rows:
        shown.add_row(*(Text("" if cell is None else foreign(cell)) for cell in row))
        count += 1
    if count:
        out().print(shown)
    else:
        say(empty)


def stamp(moment: datetime | None) -> str:
    """Write an instant for people: UTC to the minute, or a dash."""
    return moment.strftime("%Y-%m-%d %H:%M") if moment else "—"


def local_date(text: str | None) -> date | None:
    """Read a date that a person typed; None when none was.

    Raises:
        InputError: it is no date.
    """
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError as error:
        raise InputError(f"{text!r} is no date.", remedy="Write it as YYYY-MM-DD.") from error


def read_file(path: Path) -> bytes:
    """Read a file that a person named; `-` is stdin.

    Raises:
        InputError: it cannot be read.
    """
    try:
        return sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error


class Bars:
    """A `ProgressReporter` that draws a bar a stage on stderr; on no terminal it is silent but for notes."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description:12}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=err(),
            disable=not sys.stderr.isatty(),
        )
        self._tasks: dict[str, TaskID] = {}

    def step(self, stage: str, done: int, total: int) -> None:
        """Draw how far a stage is."""
        if stage not in self._tasks:
            self._tasks[stage] = self._progress.add_task(STAGES.get(stage, stage), total=total)
        self._progress.update(self._tasks[stage], completed=done, total=total)

    def note(self, text: str) -> None:
        """Print a line above the bars."""
        self._progress.console.print(Text(foreign(text)))

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()


def as_row(**fields: Any) -> dict[str, Any]:
    """Return fields as JSON can take them."""
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in fields.items()}
