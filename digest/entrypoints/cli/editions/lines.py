"""The lines and rows in which the command line shows an edition."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from digest.entrypoints.cli.screen import as_row, stamp
from digest.model import Edition, EditionKind, EditionState
from digest.services.sending.progress import Progress

BAR = 30
"""Characters of the bar that shows how far a send is."""


def state_of(edition: Edition) -> str:
    """The state, and in whose words it stands there."""
    return f"{edition.state.value}: {edition.held_reason}" if edition.held_reason else edition.state.value


def date_of(edition: Edition) -> str:
    """The date, and the kind when it is not the usual one."""
    kind = "" if edition.kind is EditionKind.DAILY else f" {edition.kind.value}"
    return f"{edition.local_date.isoformat()}{kind}"


def on_its_way(edition: Edition, now: Progress) -> Iterator[str]:
    """Yield how far a send is, how fast it goes and when it will end; nothing for an edition that is not
    being sent.
    """
    if edition.state not in {EditionState.SENDING, EditionState.PAUSED}:
        return
    full = int(now.share * BAR)
    yield f"progress  {'█' * full}{'░' * (BAR - full)} {now.share:.1%}, {now.settled:,} of {now.books.planned:,}"
    if edition.state is EditionState.SENDING:
        end = (
            f"about {_long(now.left)} left, until {stamp(now.at + now.left)}"
            if now.left
            else "no end in sight"
        )
        yield f"speed     {now.per_minute:,.0f} a minute; {end if now.books.waiting else 'all are settled'}"
    waiting = now.batches - now.batches_done - now.batches_on_their_way
    yield f"batches   {now.batches_done} done, {now.batches_on_their_way} on their way, {waiting} to come"
    if now.deferred:
        yield f"deferred  {now.deferred:,} wait for another try"
    if now.for_their_hour:
        hours = f"from {stamp(now.first_hour)} to {stamp(now.last_hour)} (UTC)"
        yield f"hours     {now.for_their_hour:,} wait for the hour that they chose, {hours}"


def _long(left: timedelta) -> str:
    minutes, seconds = divmod(max(1, round(left.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    return (
        f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
    )


def status_row(edition: Edition, now: Progress, doubtful: list[str], *, agrees: bool) -> dict[str, Any]:
    """Return what `digest editions status --json` prints."""
    books = now.books
    return as_row(
        number=edition.number,
        kind=edition.kind.value,
        date=edition.local_date.isoformat(),
        subject=edition.subject,
        state=edition.state.value,
        reason=edition.held_reason,
        due_at=edition.due_at,
        approved_by=edition.approved_by,
        starts_at=edition.starts_at,
        started_at=edition.started_at,
        finished_at=edition.finished_at,
        planned=books.planned,
        sent=books.sent,
        bounced=books.bounced,
        failed=books.failed,
        skipped=dict(books.skipped),
        in_doubt=doubtful,
        waiting=books.waiting,
        deferred=now.deferred,
        for_their_hour=now.for_their_hour,
        last_hour=now.last_hour,
        per_minute=round(now.per_minute, 1),
        seconds_left=round(now.left.total_seconds()) if now.left is not None else None,
        batches=now.batches,
        batches_done=now.batches_done,
        agrees=agrees,
    )
