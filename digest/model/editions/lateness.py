"""When it is too late to mail something: one rule for editions, batches, messages and alarms. Pure.

SQL repeats it where many editions are looked at (`storage.editions.states`); a test holds it against this on
both databases.
"""

from datetime import datetime, timedelta


def deadline_after(moment: datetime, hours: float) -> datetime:
    """Return until when something that was due at a moment may go out, by itself or because somebody let it
    go on then.
    """
    return moment + timedelta(hours=hours)


def put_further(deadline: datetime, moment: datetime, hours: float) -> datetime:
    """Return a deadline after somebody let something go on at a moment: never an earlier one."""
    return max(deadline, deadline_after(moment, hours))


def latest(deadline: datetime, own: datetime | None) -> datetime:
    """Return the later of an edition's deadline and another one, such as that of a batch whose readers' hour
    came later. None: there is no other.
    """
    return deadline if own is None else max(deadline, own)


def is_late(deadline: datetime, now: datetime) -> bool:
    """Say whether a deadline has passed. At the very instant it has not."""
    return now > deadline


def minutes_late(deadline: datetime, moment: datetime) -> int:
    """Return how many whole minutes after a deadline a moment is; 0 before it."""
    return max(0, int((moment - deadline).total_seconds() // 60))
