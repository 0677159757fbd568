"""The event loop that work runs on: uvloop where it is installed (the extra `fast`), else Python's own."""

import asyncio
from collections.abc import Callable, Coroutine
from importlib.util import find_spec
from typing import Any, TypeVar

from digest.errors import ConfigError
from digest.settings import RunSettings

Done = TypeVar("Done")


def run(work: Callable[[], Coroutine[Any, Any, Done]], chosen: RunSettings) -> Done:
    """Run work to its end, on the loop that `run.loop` names.

    Raises:
        ConfigError: it names uvloop, which is not installed.
    """
    factory = loop_factory(chosen)
    with asyncio.Runner(loop_factory=factory) as runner:
        return runner.run(work())


def loop_factory(chosen: RunSettings) -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return what makes the loop; None: Python's own.

    Raises:
        ConfigError: as `run`.
    """
    there = find_spec("uvloop") is not None
    if chosen.loop == "uvloop" and not there:
        raise ConfigError(
            "run.loop is uvloop, which is not installed.",
            remedy="Install it with `pip install 'mujaz[fast]'`, or set run.loop to auto.",
        )
    if chosen.loop == "asyncio" or not there:
        return None
    import uvloop

    made: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return made
