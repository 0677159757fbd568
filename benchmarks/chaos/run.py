"""One run: senders are killed (or stopped past their lease) at moments from a seed, then the books are compared."""

import asyncio
import multiprocessing
import os
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from multiprocessing.context import ForkServerContext
from random import Random
from typing import Any

from sqlmodel import col, select

from benchmarks.chaos import scene, sender, sink
from benchmarks.chaos.sink import Sink, Taken
from digest.model import Delivery, DeliveryStatus, Edition, EditionState, OnUnknown
from digest.services.app import App
from digest.services.sending import deliveries

AHEAD = 3
"""Editions that are being sent at any moment, so that there is always something to kill."""
LONGEST_FINISH = 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to do. The moments of the kills are counted in messages: between 1 and `recipients` after the last."""

    kills: int
    recipients: int
    seed: int
    database: str = "sqlite"
    mode: OnUnknown = OnUnknown.RESEND
    engine: str = "inprocess"
    processes: int = 1
    stops: int = 0
    gate: int = 64
    batch_size: int = 100
    lease_seconds: float = 3.0


@dataclass(frozen=True, slots=True)
class Kill:
    """A sender that was killed, or stopped past its lease, and when (`time.monotonic`)."""

    slot: int
    at: float
    stop: bool = False

    def explains(self, first: Taken, again: Taken) -> bool:
        """Whether a message may have gone out twice because of this.

        Its first copy left the sender before it was killed; or the sender slept, and what it had on the wire came after
        another's copy.
        """
        slept = self.stop and self.slot == again.slot and self.at <= again.at
        return slept or (self.slot == first.slot and self.at >= first.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of it. `by_kill`: how many messages each kill caused to be sent again."""

    plan: Plan
    editions: int
    planned: int
    lost: int
    in_doubt: int
    by_kill: tuple[int, ...]
    unexplained: int
    balanced: bool
    seconds: float

    @property
    def repeated(self) -> int:
        """Messages that a reader got more than once."""
        return sum(self.by_kill) + self.unexplained

    @property
    def kept(self) -> bool:
        """Whether every promise was kept."""
        resend = self.plan.mode is OnUnknown.RESEND
        bound = self.plan.gate if resend else 0
        doubt = self.in_doubt == 0 if resend else True
        return (
            self.lost == 0
            and self.balanced
            and doubt
            and not self.unexplained
            and max(self.by_kill, default=0) <= bound
        )

    def line(self) -> str:
        """The last line of a run."""
        kills = len(self.by_kill)
        mean = sum(self.by_kill) / kills if kills else 0.0
        return (
            f"kills {kills}  lost {self.lost}  repeated {self.repeated}  in doubt {self.in_doubt}  "
            f"worst a kill {max(self.by_kill, default=0)}  mean a kill {mean:.1f}  gate {self.plan.gate}  "
            + (f"not explained by a kill {self.unexplained}  " if self.unexplained else "")
            + ("" if self.balanced else "books wrong  ")
            + f"messages {self.planned}  {'KEPT' if self.kept else 'BROKEN'}"
        )


@dataclass(slots=True)
class _Cast:
    """The processes of a run."""

    context: ForkServerContext
    plan: Plan
    url: str
    sink: Sink
    over: Any
    senders: list[Any]

    def start(self, slot: int) -> None:
        """Put a new sender into a slot."""
        options = {
            "gate": self.plan.gate,
            "batch_size": self.plan.batch_size,
            "lease_seconds": self.plan.lease_seconds,
            "engine": self.plan.engine,
            "tick_seconds": 1.0,
        }
        process = self.context.Process(
            target=sender.run, args=(self.url, self.sink.ports[slot], options, self.over), daemon=True
        )
        process.start()
        self.senders[slot] = process


def run(plan: Plan) -> Verdict:
    """Play a plan."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["benchmarks.chaos.sender"])
    begun = time.monotonic()
    with scene.a_database(plan.database) as url:
        cast = _Cast(
            context,
            plan,
            url,
            sink.started(context, plan.processes),
            context.Event(),
            [None] * plan.processes,
        )
        try:
            return asyncio.run(_play(cast, begun))
        finally:
            cast.over.set()
            for process in cast.senders:
                if process is not None and process.is_alive():
                    process.kill()


async def _play(cast: _Cast, begun: float) -> Verdict:
    plan = cast.plan
    chosen = scene.settings(cast.url, cast.sink.ports[0], batch_size=plan.batch_size)
    async with scene.ready(chosen, plan.engine) as app:
        await scene.prepare(app, plan.recipients, plan.mode)
        made = [await scene.one_more(app, number) for number in range(1, AHEAD + 1)]
        for slot in range(plan.processes):
            cast.start(slot)
        kills: list[Kill] = []
        random = Random(plan.seed)
        for number in range(plan.kills + plan.stops):
            await _letters(cast.sink, random.randint(1, plan.recipients), partial(_keep_ahead, app, made))
            await asyncio.sleep(random.random() / 100)
            slot = random.randrange(plan.processes)
            stop = number % (plan.kills + plan.stops) < plan.stops
            await _disturb(cast, slot, kills, stop=stop)
        await _finished(app, made)
        cast.over.set()
        taken = cast.sink.stop()
        return await _verdict(app, plan, made, taken, kills, seconds=time.monotonic() - begun)


async def _letters(server: Sink, count: int, keep_ahead: Callable[[], Awaitable[None]]) -> None:
    """Wait until the sink has taken that many messages more; there is always an edition to take them from."""
    target, patience = server.count.value + count, time.monotonic() + 60
    looked = 0.0
    while server.count.value < target:
        if time.monotonic() > patience:
            raise TimeoutError(f"No messages came for a minute: {server.count.value} of {target}.")
        if time.monotonic() - looked > 1:
            # What is left of the running editions may be less than what is waited for: some of it is in doubt for good.
            await keep_ahead()
            looked = time.monotonic()
        await asyncio.sleep(0.001)


async def _disturb(cast: _Cast, slot: int, kills: list[Kill], *, stop: bool) -> None:
    process = cast.senders[slot]
    if stop:
        os.kill(process.pid, signal.SIGSTOP)
        kills.append(Kill(slot, time.monotonic(), stop=True))
        await asyncio.sleep(cast.plan.lease_seconds * 2)
        os.kill(process.pid, signal.SIGCONT)
        return
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    kills.append(Kill(slot, time.monotonic()))
    cast.start(slot)


async def _keep_ahead(app: App, made: list[Edition]) -> None:
    async with app.database.begin() as session:
        query = select(Edition.id).where(Edition.state == EditionState.SENDING)
        running = len((await session.exec(query)).all())
    for _ in range(AHEAD - running):
        made.append(await scene.one_more(app, len(made) + 1))


async def _finished(app: App, made: Sequence[Edition]) -> None:
    patience = time.monotonic() + LONGEST_FINISH
    while True:
        async with app.database.begin() as session:
            query = select(Edition.id).where(Edition.state == EditionState.FINISHED)
            if len((await session.exec(query)).all()) == len(made):
                return
        if time.monotonic() > patience:
            raise TimeoutError("The editions were not finished in time.")
        await asyncio.sleep(0.2)


async def _verdict(
    app: App,
    plan: Plan,
    made: Sequence[Edition],
    taken: dict[bytes, list[Taken]],
    kills: Sequence[Kill],
    *,
    seconds: float,
) -> Verdict:
    got = {(one.edition_id, one.subscriber_id) for messages in taken.values() for one in messages}
    async with app.database.begin() as session:
        rows = await session.exec(
            select(Delivery.edition_id, Delivery.subscriber_id).where(
                Delivery.status == DeliveryStatus.IN_DOUBT
            )
        )
        in_doubt = set(rows.all())
        sent = (
            await session.exec(
                select(Delivery.edition_id, Delivery.subscriber_id).where(
                    col(Delivery.status) == DeliveryStatus.SENT
                )
            )
        ).all()
    everybody = {(edition.id, number) for edition in made for number in range(1, plan.recipients + 1)}
    missing = {pair for pair in everybody if pair not in got}
    lost = {pair for pair in missing if pair not in in_doubt} | {
        pair for pair in sent if tuple(pair) not in got
    }
    blamed: Counter[int] = Counter()
    unexplained = 0
    for messages in taken.values():
        for first, again in pairwise(messages):
            cause = next((place for place, kill in enumerate(kills) if kill.explains(first, again)), None)
            if cause is None:
                unexplained += 1
            else:
                blamed[cause] += 1
    balanced = all([await deliveries.audit(app, edition.id or 0) for edition in made])
    return Verdict(
        plan=plan,
        editions=len(made),
        planned=len(everybody),
        lost=len(lost),
        in_doubt=len(in_doubt),
        by_kill=tuple(blamed[place] for place in range(len(kills))),
        unexplained=unexplained,
        balanced=balanced,
        seconds=seconds,
    )
