"""What libraries log (the web server, the queue, the connection pool, the scheduler), written as our own
events are.
"""

import logging
import sys
import time
from collections.abc import Sequence
from typing import TextIO

import structlog

EVERY_SECONDS = 60.0
MOST_KEPT = 500
AWAY = ("psycopg", "procrastinate", "sqlalchemy")
"""Packages whose errors say that the database is away: one line says it, without a trace of how it was found.
"""


def log_libraries(
    level: str, processors: Sequence[structlog.typing.Processor], renderer: structlog.typing.Processor
) -> None:
    """Write what libraries log to stderr, one line each, in the format of our own log; warnings and worse."""
    handler = _Stderr()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *processors],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    handler.addFilter(OnceAMinute())
    root = logging.getLogger()
    for old in [
        one for one in root.handlers if isinstance(one.formatter, structlog.stdlib.ProcessorFormatter)
    ]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(max(logging.WARNING, logging.getLevelName(level.upper())))


class _Stderr(logging.StreamHandler[TextIO]):
    """Writes to what is stderr at that moment: a test, or a supervisor, may have put another in its place."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        """Return where lines go."""
        return sys.stderr


class OnceAMinute(logging.Filter):
    """Lets what a library says again and again through once a minute, and takes away how an outage was
    found.
    """

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, int, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether a record is written."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and type(error).__module__.partition(".")[0] in AWAY:
            record.exc_info = record.exc_text = None
            record.msg, record.args = f"{record.getMessage().splitlines()[0]} ({error})", ()
        about = (record.name, record.levelno, str(record.msg)[:40])
        now = time.monotonic()
        if len(self._said) > MOST_KEPT:
            self._said.clear()
        if now - self._said.get(about, -EVERY_SECONDS) < EVERY_SECONDS:
            return False
        self._said[about] = now
        return True
