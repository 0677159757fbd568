"""One claimed batch on its way: from the ledger through the gate to the server, and back into the ledger."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import timedelta

from sqlalchemy import Connection

from digest.deliver import policy
from digest.deliver.mailer import Job
from digest.deliver.outcome import Kind, Outcome
from digest.errors import NothingToSendError
from digest.model import DeliveryStatus
from digest.render.mime import PreparedMessage, Recipient, message_id, return_path
from digest.services.allotting import allot
from digest.services.pacing import group_of
from digest.services.press import Choice
from digest.services.recording import (
    STOP_SECONDS,
    Sending,
    heartbeat,
    heed,
    patiently,
    record,
    recorder,
    told,
    window,
)
from digest.storage import ledger
from digest.storage.batches import Waiting
from digest.storage.ledger import Result, Standing

NO_SECTION = "no section chosen"

Messages = dict[tuple[str, ...] | None, PreparedMessage]
"""A message for each choice of sections; None: all of them."""


async def send(sending: Sending, people: list[Waiting]) -> None:
    """Send to those whose turn it is, and record every outcome before its place at the gate is free again.

    Cancelled, it takes nothing more, waits for the replies to what is on the wire, records them, and ends.

    Raises:
        TemporaryDeliveryError: no connection to the server can be made.
    """
    prepared = await asyncio.to_thread(_prepared, sending, people)
    skipped = [_skipped(person) for person in people if person.skip or person.sections not in prepared]
    if skipped:
        standing = await asyncio.to_thread(record, sending, skipped)
        heed(sending, standing)
        told(sending, skipped)
    remaining = [person for person in people if not person.skip and person.sections in prepared]
    if not remaining or not sending.may_go_on():
        return
    app = sending.app
    remaining, sending.left = await allot(app, sending.mailing, remaining)
    if not remaining:
        return
    by_id = {person.subscriber_id: person for person in remaining}
    marked: dict[int, Waiting] = {}

    def settle(job: Job, outcome: Outcome) -> None:
        sending.settled.put(_result(sending, by_id[job.subscriber_id], outcome))

    recording = asyncio.create_task(asyncio.to_thread(recorder, sending, asyncio.get_running_loop()))
    heart = asyncio.create_task(heartbeat(sending))
    wire = asyncio.create_task(app.mailer.send(_jobs(sending, prepared, remaining, marked), settle))
    try:
        await asyncio.shield(wire)
    except asyncio.CancelledError:
        sending.stopped = sending.leaving = True
        await asyncio.wait({wire}, timeout=STOP_SECONDS)
        raise
    finally:
        await _ended(wire)
        for person in marked.values():
            # Marked, but never given to the mailer: nothing is in doubt about these.
            sending.settled.put(
                Result(
                    person.subscriber_id,
                    DeliveryStatus.WAITING,
                    "",
                    None,
                    "",
                    None,
                    person.attempts,
                    marked=True,
                )
            )
        sending.settled.put(None)
        await recording
        await _ended(heart)


def _prepared(sending: Sending, people: list[Waiting]) -> Messages:
    """The message of each choice of sections; a choice of which this edition has nothing is left out."""
    made: Messages = {}
    run = sending.app.press.print_run(sending.mailing, sending.edition)
    for sections in {person.sections for person in people if not person.skip}:
        with suppress(NothingToSendError):
            made[sections] = run.prepared(Choice(sections=sections))
    return made


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError, Exception):
        await task


async def _jobs(
    sending: Sending, prepared: Messages, people: list[Waiting], marked: dict[int, Waiting]
) -> AsyncIterator[Job]:
    size = window(sending.app.settings.mail)
    for start in range(0, len(people), size):
        group = people[start : start + size]
        if not sending.may_go_on():
            return
        if sending.hold:
            # Marked before the wire: after a crash these are the ones in doubt, and nobody is mailed twice.
            ids = [person.subscriber_id for person in group]
            heed(sending, await asyncio.to_thread(patiently, sending, _marking(sending, ids)))
            marked |= {person.subscriber_id: person for person in group}
        for person in group:
            await sending.gate.acquire()
            if not sending.may_go_on():
                sending.gate.release()
                return
            marked.pop(person.subscriber_id, None)
            yield _job(sending, prepared[person.sections], person)


def _marking(sending: Sending, ids: list[int]) -> Callable[[Connection], Standing]:
    now = sending.app.clock.now()
    return lambda connection: ledger.mark(connection, sending.claim, ids, now)


def _job(sending: Sending, prepared: PreparedMessage, person: Waiting) -> Job:
    app, edition, mailing = sending.app, sending.edition, sending.mailing
    links = app.links
    domain = app.press.domain(mailing)
    bounce_domain = app.settings.mail.bounce_domain or domain
    address = mailing.from_address or app.settings.mail.from_address

    recipient = Recipient(
        email=person.email,
        name=person.name,
        message_id=message_id(f"{edition.id}:{edition.fingerprint}", person.key, domain),
        unsubscribe_url=links.unsubscribe(mailing.slug, person.key),
        unsubscribe_mailto=address,
        preferences_url=links.preferences(mailing.slug, person.key),
    )
    return Job(
        subscriber_id=person.subscriber_id,
        sender=return_path(edition.id or 0, person.subscriber_id, links.secret, bounce_domain),
        recipient=person.email,
        build=lambda: prepared.build(recipient),
        build_eight_bit=lambda: prepared.build(recipient, eight_bit=True),
        route=mailing.slug,
    )


def _skipped(person: Waiting) -> Result:
    return Result(
        person.subscriber_id,
        DeliveryStatus.SKIPPED,
        person.skip or NO_SECTION,
        None,
        "",
        None,
        person.attempts,
    )


def _result(sending: Sending, person: Waiting, outcome: Outcome) -> Result:
    tries = person.attempts + 1
    verdict = policy.after(
        outcome,
        attempts=tries,
        now=sending.app.clock.now(),
        deadline=sending.edition.send_deadline,
        waits=[timedelta(minutes=minutes) for minutes in sending.app.settings.mail.retry_minutes],
        jitter=sending.app.random(),
        on_unknown=sending.mailing.on_unknown,
    )
    if outcome.kind is Kind.RATE:
        sending.complained.add(group_of(person.email))
    if verdict.pause:
        sending.objection = f"{outcome.code or ''} {outcome.reply}".strip()
    return Result(
        person.subscriber_id,
        verdict.status,
        verdict.reason,
        outcome.code,
        outcome.reply,
        verdict.next_try_at,
        tries,
        marked=sending.hold,
    )
