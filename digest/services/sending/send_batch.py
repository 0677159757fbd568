"""Send one claimed batch: ledger, gate, server, ledger."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import timedelta
from typing import NamedTuple

from digest.deliver import policy
from digest.deliver.mailer import Job
from digest.deliver.outcome import Kind, Outcome
from digest.deliver.providers import group_of
from digest.errors import NothingToSendError
from digest.model import DeliveryStatus
from digest.model.editions.lateness import latest
from digest.model.people.choice import Choice
from digest.model.rows import row_id
from digest.render.message.mime import PreparedMessage
from digest.render.presenters.typesetting.greeting import greeter
from digest.services.mail_jobs import edition_jobs
from digest.services.sending.gate import window
from digest.services.sending.look_again import LookAgain
from digest.services.sending.pace.allowances import allot
from digest.services.sending.patience import through_outages
from digest.services.sending.recorder import (
    STOP_SECONDS,
    BatchRun,
    Recorder,
    apply_status,
    count,
    heartbeat,
    mark,
    record,
)
from digest.storage.audience import own_fields
from digest.storage.ledger.batch_members import Waiting
from digest.storage.ledger.outcomes import Result

NO_SECTION = "no section chosen"
SENT = DeliveryStatus.SENT

Messages = dict[Choice, PreparedMessage]
"""A message for each choice."""


async def send(sending: BatchRun, people: list[Waiting]) -> None:
    """Send to those whose turn it is, and record every outcome before its place at the gate is free again.

    Cancelled, it takes nothing more, waits for the replies to what is on the wire, records them, and ends.

    Raises:
        TemporaryDeliveryError: no connection to the server can be made.
    """
    prepared = await asyncio.to_thread(_prepared, sending, people)
    skipped = [_skipped(person) for person in people if person.skip or person.choice not in prepared]
    if skipped:
        status = await asyncio.to_thread(record, sending, skipped)
        apply_status(sending, status)
        count(sending, skipped)
    remaining = [person for person in people if not person.skip and person.choice in prepared]
    if not remaining or not sending.may_go_on():
        return
    app = sending.app
    allotted = await allot(app, sending.mailing_list, remaining)
    remaining, sending.left = allotted.people, allotted.until
    if not remaining:
        return
    by_id = {person.subscriber_id: person for person in remaining}
    marked: dict[int, Waiting] = {}
    result = _judging(sending)
    recorder = Recorder(sending)

    def settle(job: Job, outcome: Outcome) -> None:
        recorder.put(result(by_id[job.subscriber_id], outcome))

    heart = asyncio.create_task(heartbeat(sending))
    seen = _Seen(LookAgain(sending, remaining), recorder)
    jobs = _jobs(sending, prepared, remaining, marked, seen)
    wire = asyncio.create_task(app.mailer.send(jobs, settle, allotted.most))
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
            recorder.put(
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
        try:
            await recorder.finish()
        finally:
            await _ended(heart)


def _prepared(sending: BatchRun, people: list[Waiting]) -> Messages:
    """The message of each choice; a choice of which this edition has nothing is left out."""
    made: Messages = {}
    run = sending.app.renderer.messages_of(sending.mailing_list, sending.edition)
    for choice in {person.choice for person in people if not person.skip}:
        with suppress(NothingToSendError):
            made[choice] = run.prepared(choice)
    return made


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError, Exception):
        await task


class _Seen(NamedTuple):
    """Who may not be mailed any more, and where that is written."""

    look: LookAgain
    recorder: Recorder


async def _own_values(sending: BatchRun, people: list[Waiting]) -> dict[int, dict[str, str]]:
    """What people have in the list's own fields, where its greeting may name it."""
    app = sending.app
    if greeter(sending.mailing_list) is None:
        return {}
    ids, list_id = [one.subscriber_id for one in people], row_id(sending.mailing_list)
    return await through_outages(
        app,
        lambda: app.database.read_at_once(own_fields.values_of, ids, list_id),
        sending.outage_seconds,
    )


async def _jobs(
    sending: BatchRun,
    prepared: Messages,
    people: list[Waiting],
    marked: dict[int, Waiting],
    seen: _Seen,
) -> AsyncIterator[Job]:
    size = window(sending.app.settings.mail)
    own = await _own_values(sending, people)
    written = edition_jobs(sending.app, sending.edition, sending.mailing_list, own)
    for start in range(0, len(people), size):
        group = people[start : start + size]
        if not sending.may_go_on():
            return
        if sending.hold:
            # Marked before the wire: after a crash these are the ones in doubt, and nobody is mailed twice.
            ids = [person.subscriber_id for person in group]
            apply_status(sending, await asyncio.to_thread(mark, sending, ids))
            marked |= {person.subscriber_id: person for person in group}
        for place, person in enumerate(group, start):
            await sending.gate.entered()
            if not seen.look.is_fresh(place):
                await seen.look.again(place)
            if not sending.may_go_on():
                sending.gate.leave()
                return
            marked.pop(person.subscriber_id, None)
            reason = seen.look.reason(person)
            if reason is not None:
                # Its place at the gate is free with the record.
                seen.recorder.put(_skipped(person._replace(skip=reason), marked=sending.hold))
                continue
            yield written(prepared[person.choice], person)


def _skipped(person: Waiting, *, marked: bool = False) -> Result:
    return Result(
        person.subscriber_id,
        DeliveryStatus.SKIPPED,
        person.skip or NO_SECTION,
        None,
        "",
        None,
        person.attempts,
        marked,
    )


def _judging(sending: BatchRun) -> Callable[[Waiting, Outcome], Result]:
    """Return what says what became of a person."""
    app = sending.app
    waits = [timedelta(minutes=minutes) for minutes in app.settings.mail.retry_minutes]
    deadline = latest(sending.edition.send_deadline, sending.claim.send_deadline)
    on_unknown = sending.mailing_list.on_unknown
    hold = sending.hold

    def result(person: Waiting, outcome: Outcome) -> Result:
        tries = person.attempts + 1
        if outcome.kind is Kind.ACCEPTED:
            # What policy says, too; but nearly all are so, and these need neither the time nor the dice.
            return Result(person.subscriber_id, SENT, "", outcome.code, outcome.reply, None, tries, hold)
        verdict = policy.after(
            outcome,
            attempts=tries,
            now=app.clock.now(),
            deadline=deadline,
            waits=waits,
            jitter=app.random(),
            on_unknown=on_unknown,
        )
        if outcome.kind is Kind.RATE:
            sending.complained.add(group_of(person.email))
        if verdict.pause:
            sending.objection = outcome.answer
        return Result(
            person.subscriber_id,
            verdict.status,
            verdict.reason,
            outcome.code,
            outcome.reply,
            verdict.next_try_at,
            tries,
            marked=hold,
        )

    return result
