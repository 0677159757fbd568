"""When it is too late to mail something: one rule for editions, batches, messages and alarms. Pure.

SQL repeats it where many editions are looked at (`storage.edition_states.in_time`); a test holds it against
this on both databases.
"""

from datetime import datetime, timedelta


def deadline_after(moment: datetime, hours: float) -> datetime:
    """Return until when something that was due at a moment may go out, by itself or because somebody let it
    go on then.
    """
    return moment + timedelta(hours=hours)


def latest(deadline: datetime, own: datetime | None) -> datetime:
    """Return until when a batch may go out: as long as its edition, or longer, when its readers' hour came
    later.
    """
    return deadline if own is None else max(deadline, own)


def is_late(deadline: datetime, now: datetime) -> bool:
    """Say whether a deadline has passed. At the very instant it has not."""
    return now > deadline


def minutes_late(deadline: datetime, moment: datetime) -> int:
    """Return how many whole minutes after a deadline a moment is; 0 before it."""
    return max(0, int((moment - deadline).total_seconds() // 60))
