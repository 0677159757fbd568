"""Pausing, resuming, stopping, refusing, forgetting: in whatever order, everybody is mailed once and the books balance."""

import asyncio
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from digest.clock import FixedClock
from digest.errors import InputError, TemporaryDeliveryError
from digest.model import DeliveryStatus, Edition, EditionState, OnUnknown
from digest.model.editions.edition_moves import Move
from digest.services.editions import publish
from digest.services.sending import deliveries
from digest.services.sending.batches import deliver_edition
from digest.storage.database.engine import Database
from tests.builders import NOW, a_list, a_subscriber, a_subscription, an_edition
from tests.fakes_delivery import FakeMailer, an_app

READERS = 12
SMALL = {"run": {"batch_size": 5, "lease_seconds": 60}, "mail": {"gate": 3, "connections": 1}}
REFUSALS = ((451, "4.3.0 later"), (550, "5.1.1 no such user"), (554, "5.6.0 no"), (452, "4.2.2 mailbox full"))


class Sending(RuleBasedStateMachine):
    """One edition on its way. There is no crash here: what was told to stop recorded what it had on the wire."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = FixedClock(NOW)
        self.mailer = FakeMailer()
        self.edition_id = 0

    def do(self, work: Any) -> Any:
        """Wait for a piece of work."""
        return self.loop.run_until_complete(work)

    @initialize(on_unknown=st.sampled_from(list(OnUnknown)))
    def freeze(self, on_unknown: OnUnknown) -> None:
        self.database = Database(f"sqlite:///{self.folder}/digest.db")
        self.app = an_app(self.database, self.mailer, self.clock, SMALL)

        async def go() -> int:
            await self.database.upgrade()
            async with self.database.begin() as session:
                mailing_list = a_list(on_unknown=on_unknown)
                session.add(mailing_list)
                people = [a_subscriber(number) for number in range(READERS)]
                session.add_all(people)
                await session.flush()
                session.add_all(a_subscription(mailing_list.id, person.id) for person in people)
                edition = an_edition(mailing_list.id, send_deadline=NOW + timedelta(days=9))
                session.add(edition)
                await session.flush()
            await publish.start(self.app, edition)
            return edition.id

        self.edition_id = self.do(go())

    def edition(self) -> Edition:
        """The edition as it is."""

        async def go() -> Edition:
            async with self.database.begin() as session:
                return await session.get(Edition, self.edition_id)

        return self.do(go())

    @rule()
    def send(self) -> None:
        try:
            self.do(deliver_edition(self.app, self.edition_id, lambda _: None))
        except TemporaryDeliveryError:
            self.clock.forward(timedelta(minutes=2))

    @rule(after=st.integers(0, 4))
    def stop_in_the_middle(self, after: int) -> None:
        async def go() -> None:
            work = asyncio.create_task(deliver_edition(self.app, self.edition_id, lambda _: None))
            start = sum(self.mailer.taken.values())
            self.mailer.after_each = lambda _: (
                work.cancel() if sum(self.mailer.taken.values()) - start >= after else None
            )
            await asyncio.gather(work, return_exceptions=True)
            self.mailer.after_each = lambda _: None

        self.do(go())

    @rule(after=st.integers(0, 4))
    def pause_in_the_middle(self, after: int) -> None:
        async def go() -> None:
            tasks: list[asyncio.Task[Any]] = []
            start = sum(self.mailer.taken.values())

            async def pause() -> None:
                edition = self.edition_
                try:
                    await deliveries.move_by_hand(self.app, edition, Move.PAUSE)
                except InputError:
                    return

            def each(_: Any) -> None:
                if sum(self.mailer.taken.values()) - start == after:
                    tasks.append(asyncio.create_task(pause()))

            self.mailer.after_each = each
            try:
                await deliver_edition(self.app, self.edition_id, lambda _: None)
            except TemporaryDeliveryError:
                self.clock.forward(timedelta(minutes=2))
            await asyncio.gather(*tasks)
            self.mailer.after_each = lambda _: None

        self.edition_ = self.edition()
        self.do(go())

    @rule(statuses=st.sets(st.sampled_from([DeliveryStatus.FAILED, DeliveryStatus.BOUNCED])))
    def retry(self, statuses: set[DeliveryStatus]) -> None:
        self.do(deliveries.retry(self.app, self.edition(), statuses))

    @precondition(lambda self: self.edition_id and self.edition().state is EditionState.PAUSED)
    @rule()
    def resume(self) -> None:
        self.do(publish.resume(self.app, self.edition()))

    @rule(number=st.integers(0, READERS - 1), refusal=st.sampled_from(REFUSALS))
    def refuse(self, number: int, refusal: tuple[int, str]) -> None:
        self.mailer.refuses(f"reader{number}@mujaz.example", *refusal)

    @rule(number=st.integers(0, READERS - 1))
    def accept(self, number: int) -> None:
        self.mailer.accepts(f"reader{number}@mujaz.example")

    @rule(minutes=st.integers(1, 200))
    def wait(self, minutes: int) -> None:
        self.clock.forward(timedelta(minutes=minutes))

    @rule(away=st.booleans())
    def the_server_goes_or_comes(self, *, away: bool) -> None:
        if away:
            self.mailer.is_away()
        else:
            self.mailer.is_back()

    @invariant()
    def nobody_is_mailed_twice_and_the_books_balance(self) -> None:
        if not self.edition_id:
            return
        books = self.do(deliveries.balance(self.app, self.edition_id))
        assert max(self.mailer.taken.values(), default=0) <= 1
        assert books.sent == sum(self.mailer.taken.values())
        assert books.planned == READERS
        assert books.holds
        assert books.in_doubt == 0
        assert self.do(deliveries.audit(self.app, self.edition_id))
        if self.edition().state is EditionState.FINISHED:
            assert books.waiting == 0

    def teardown(self) -> None:
        if self.edition_id:
            self.do(self.database.close())
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()
        shutil.rmtree(self.folder)


TestSending = Sending.TestCase
TestSending.settings = settings(max_examples=8, stateful_step_count=12, deadline=None)
