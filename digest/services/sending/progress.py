"""Progress, speed and expected end of a send."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.model import Edition, EditionState
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.sending import deliveries
from digest.storage.ledger import progress as stored
from digest.storage.ledger.deliveries import Balance

LOOKED_BACK = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How an edition stands at an instant.

    `per_minute` is how many were settled in the last minute; less than a minute after the beginning, at that
    pace. `left` is how long the rest takes at that pace, retries at their time; None when nothing moves.
    `deferred` wait for a later try, and `for_their_hour` for an hour that they chose, of which the first and
    the last are told. Batches: all, done, and being sent at this moment.
    """

    books: Balance
    at: datetime
    per_minute: float = 0.0
    deferred: int = 0
    left: timedelta | None = None
    batches: int = 0
    batches_done: int = 0
    batches_on_their_way: int = 0
    for_their_hour: int = 0
    first_hour: datetime | None = None
    last_hour: datetime | None = None

    @property
    def settled(self) -> int:
        """How many of those planned do not wait any more."""
        return self.books.planned - self.books.waiting

    @property
    def share(self) -> float:
        """The part that is settled, from 0 to 1."""
        return self.settled / self.books.planned if self.books.planned else 1.0


async def progress(app: App, edition: Edition) -> Progress:
    """Return how an edition stands now."""
    now = app.clock.now()
    books = await deliveries.balance(app, row_id(edition))
    began = max(edition.started_at or now, edition.resumed_at or edition.started_at or now)
    window = min(LOOKED_BACK, max(now - began, timedelta(seconds=1)))
    async with app.database.begin() as session:
        every, done, on_their_way = await stored.batches(session, row_id(edition), now)
        hours = await stored.for_their_hour(session, row_id(edition), now)
        if edition.state is not EditionState.SENDING:
            return Progress(
                books=books,
                at=now,
                batches=every,
                batches_done=done,
                for_their_hour=hours[0],
                first_hour=hours[1],
                last_hour=hours[2],
            )
        recent = await stored.settled_since(session, row_id(edition), now - window)
        deferred, last = await stored.deferred(session, row_id(edition), now)
    rate = recent / (window / timedelta(minutes=1))
    return Progress(
        books=books,
        at=now,
        per_minute=rate,
        deferred=deferred,
        left=_left(books.waiting - deferred - hours[0], rate, max(filter(None, (now, last, hours[2]))) - now),
        batches=every,
        batches_done=done,
        batches_on_their_way=on_their_way,
        for_their_hour=hours[0],
        first_hour=hours[1],
        last_hour=hours[2],
    )


def _left(waiting: int, per_minute: float, until_last_try: timedelta) -> timedelta | None:
    if waiting <= 0:
        return until_last_try
    if per_minute <= 0:
        return None
    return max(timedelta(minutes=waiting / per_minute), until_last_try)
