"""Skip subscribers who left, or may not be mailed any more, while a batch is sent.

Who leaves, is removed, disabled or suppressed after the claim is skipped, from the next look on. A look costs
one read for many readers, so that one is due only where the last is older than FRESH_SECONDS: a quick
server's batch is over by then, and at a slow one every message is looked at just before it goes.
"""

import time
from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model.people.eligibility import SUPPRESSED
from digest.model.rows import row_id
from digest.services.sending.gate import window
from digest.services.sending.patience import through_outages
from digest.services.sending.recorder import BatchRun
from digest.storage.audience import suppressions
from digest.storage.ledger import batch_members
from digest.storage.ledger.batch_members import Waiting

FRESH_SECONDS = 0.1


class LookAgain:
    """What was seen of a batch's readers, and when. Asked for one after the other, in their order."""

    def __init__(self, sending: BatchRun, people: Sequence[Waiting]) -> None:
        self._sending = sending
        self._people = people
        self._window = window(sending.app.settings.mail)
        self._at = sending.read_at
        self._from, self._to = 0, len(people)
        self._stopped: dict[int, str] = {}

    def is_fresh(self, place: int) -> bool:
        """Say whether the last look is new enough for the reader at a place."""
        return place < self._to and time.monotonic() - self._at <= FRESH_SECONDS

    def reason(self, person: Waiting) -> str | None:
        """Say why a reader may not be mailed any more, as far as was seen; None: they may."""
        return self._stopped.get(person.subscriber_id)

    async def again(self, place: int) -> None:
        """Look at the reader at a place, and at as many after as will go before the next look, by how many
        went since the last.
        """
        went = place - self._from
        ahead = max(self._window, went + went // 4)
        some = self._people[place : place + ahead]
        app, begun = self._sending.app, time.monotonic()

        async def seen(session: AsyncSession) -> dict[int, str]:
            never = await self._never(session, some)
            ids = [one.subscriber_id for one in some]
            left = await batch_members.stopped(
                session,
                row_id(self._sending.edition),
                ids,
                real=bool(app.settings.mail.all_servers),
                now=app.clock.now(),
            )
            return dict.fromkeys(never, SUPPRESSED) | left

        self._stopped = await through_outages(
            app, lambda: app.database.read_at_once(seen), self._sending.outage_seconds
        )
        self._from, self._to, self._at = place, place + len(some), begun

    async def _never(self, session: AsyncSession, some: Sequence[Waiting]) -> list[int]:
        """Return who is suppressed, by the hashes of the claim. By when something was suppressed they are not
        asked: another machine's clock wrote that.
        """
        known, keys = self._sending.hashes, self._sending.app.keys
        whose = {
            each: one.subscriber_id
            for one in some
            for each in known.get(one.subscriber_id) or keys.suppression_hashes(one.email)
        }
        return [whose[one] for one in await suppressions.suppressed(session, list(whose))]
