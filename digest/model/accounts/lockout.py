"""When a login is refused for having failed too often. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta


def locked_until(failures: Sequence[datetime], most: int, span: timedelta) -> datetime | None:
    """Return until when no login is taken, None when one may be tried.

    `failures` are those within `span` of now, newest first. So many as `most` lock, until the oldest of the
    newest `most` is `span` ago: who waits is let in again, whoever else goes on trying.
    """
    return failures[most - 1] + span if len(failures) >= most else None
