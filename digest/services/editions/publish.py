"""Editions: freezing what was composed, testing it on one address, finding it again."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256

import structlog
from sqlalchemy.exc import IntegrityError

from digest.deliver.mailer import Job, send_one
from digest.deliver.outcome import Kind
from digest.errors import (
    ConfigError,
    EditionHeldError,
    InputError,
    NothingToSendError,
    PermanentDeliveryError,
)
from digest.model import Edition, EditionContent, EditionKind, EditionState, MailingList
from digest.render.message.mime import Recipient, message_id, prepare
from digest.services.app import App, Quiet
from digest.services.editions.compose import Window, compose
from digest.services.schedule.kinds import is_review, looks_back, regular_kind, topic_of
from digest.services.schedule.slots import next_turn
from digest.services.sending import deliveries
from digest.services.sending.signing import built
from digest.storage import batches, corrections, editions, lists
from digest.text.email_address import normalised

log = structlog.get_logger()

EDITABLE = (EditionState.DRAFT, EditionState.HELD)
MANY = 1_000_000
TRIES = 3  # another process may be quicker to take an edition's place, or its number
TEST_MARK = "[تجربة] "


def fingerprint(content: EditionContent) -> str:
    """Return the SHA-256 of an edition's content, in hex."""
    return sha256(
        json.dumps(content.model_dump(mode="json"), sort_keys=True, ensure_ascii=False).encode()
    ).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """What is to be frozen: the content, when it must be out by, and why it is held, if it is."""

    content: EditionContent
    deadline: datetime
    held_reason: str | None = None
    for_weekly_readers: bool = False


async def approve(app: App, mailing: MailingList, issue: Issue) -> Edition | None:
    """Freeze an edition. None when one of that list, kind, date and topic exists already and has been approved.

    It is rendered first, and held with the reason when it cannot be; one that is held anyway is not rendered. The
    corrections that it carries are told with it, in the same transaction. Any number of processes may try at once: one
    of them makes it.
    """
    issue, subject = await _proofread(app, mailing, issue)
    for _ in range(TRIES):
        with suppress(IntegrityError):
            return await _freeze(app, mailing, issue, subject)
    return None


async def _proofread(app: App, mailing: MailingList, issue: Issue) -> tuple[Issue, str]:
    """Make the mail once, and return its subject; what cannot be sent comes back held with the reason."""
    if issue.held_reason:
        return issue, ""
    if not issue.content.stories:
        return replace(issue, held_reason="it has no story"), ""
    try:
        return issue, await asyncio.to_thread(_proof, app, mailing, issue.content)
    except (ConfigError, EditionHeldError) as error:
        return replace(issue, held_reason=str(error)), ""


def _proof(app: App, mailing: MailingList, content: EditionContent) -> str:
    rendered = app.renderer.render(mailing, content)
    prepare(rendered, app.renderer.head(mailing, content.number, content.window_end))
    return rendered.subject


async def _freeze(app: App, mailing: MailingList, issue: Issue, subject: str) -> Edition | None:
    content, list_id = issue.content, mailing.id or 0
    kind, topic = EditionKind(content.kind), topic_of(content)
    async with app.database.begin() as session:
        edition = await editions.by_day(session, list_id, kind, content.local_date, topic)
        if edition is not None and (
            edition.state not in EDITABLE or edition.started_at is not None or issue.held_reason
        ):
            return None
        if edition is None:
            edition = Edition(
                list_id=list_id,
                kind=kind,
                local_date=content.local_date,
                topic=topic,
                number=await editions.next_number(session, list_id),
                window_start=content.window_start,
                window_end=content.window_end,
                send_deadline=issue.deadline,
                created_at=app.clock.now(),
            )
        edition.state = EditionState.HELD if issue.held_reason else EditionState.APPROVED
        edition.held_reason = issue.held_reason
        edition.subject = subject
        edition.window_start, edition.window_end = content.window_start, content.window_end
        edition.send_deadline = issue.deadline
        edition.for_weekly_readers = issue.for_weekly_readers
        await editions.add(session, edition)
        told = content.corrections
        if not (issue.held_reason or issue.for_weekly_readers):
            untold = await corrections.tell(session, edition, told)
            told = told if is_review(mailing, kind) else untold
        frozen = content.model_copy(update={"number": edition.number, "corrections": told})
        edition.content = frozen.model_dump(mode="json")
        edition.fingerprint = fingerprint(frozen)
        await editions.add(session, edition)
    if issue.held_reason:
        log.warning("edition.held", list=mailing.slug, number=edition.number, reason=issue.held_reason)
    return edition


async def make_due(app: App, list_id: int) -> Edition | None:
    """Make the edition of a list that is due now, if it is: compose, freeze, start. None when there is none to make.

    Missed for longer than the list allows, with too little to say, or not to be rendered, it is held with the reason.
    """
    now = app.clock.now()
    async with app.database.begin() as session:
        mailing = await lists.by_id(session, list_id)
        due = await next_turn(session, mailing, now) if mailing else None
        if mailing is None or due is None:
            return None
        turn, day, moment = due
        kind = turn.kind
        number = await editions.next_number(session, list_id)
    window = Window(day=day, start=moment - looks_back(mailing, kind), end=moment)
    composed = await compose(app, mailing, window, number=number, kind=kind, report=Quiet())
    deadline = moment + timedelta(hours=mailing.misfire_hours)
    held = None
    if now > deadline:
        held = f"missed: it was due at {moment.isoformat()} and may go out {mailing.misfire_hours} hours late at most"
    elif len(composed.content.stories) < mailing.min_stories:
        held = f"only {len(composed.content.stories)} stories, the list asks for {mailing.min_stories}"
    edition = await approve(
        app,
        mailing,
        Issue(
            content=composed.content,
            deadline=deadline,
            held_reason=held,
            for_weekly_readers=turn.for_weekly_readers,
        ),
    )
    if edition is not None and edition.state is EditionState.APPROVED:
        await start(app, edition)
    return edition


async def start(app: App, edition: Edition) -> int:
    """Freeze the audience and ask for its batches to be sent. Returns how many are planned; starting twice is harmless."""
    now = app.clock.now()
    async with app.database.begin() as session:
        planned = await batches.freeze(session, edition.id or 0, now, app.settings.run.batch_size)
        due = await batches.due_batches(session, now, MANY, edition.id)
        # In the same transaction: an edition that is rolled back leaves no job, and one that is not has them all.
        await app.queue.enqueue_with(session, "send_batch", due)
    return planned


async def start_approved(app: App, edition_id: int) -> bool:
    """Start an edition that was approved by a process that died before it could. False when there is none to start."""
    async with app.database.begin() as session:
        edition = await editions.by_id(session, edition_id)
    if edition is None or edition.state is not EditionState.APPROVED:
        return False
    await start(app, edition)
    return True


async def resume(app: App, edition: Edition) -> Edition:
    """Let a paused or held edition go on; one that was held before it began is started.

    It may go out for as long again as its list allows, however late it is: a person has decided that.

    Raises:
        InputError: it is neither paused nor held, or has no story.
        EditionHeldError: it still cannot be rendered, and stays held.
    """
    if edition.state is EditionState.HELD and edition.started_at is None:
        await _let_go(app, edition)
    else:
        await deliveries.change_state(app, edition, EditionState.SENDING)
        await _enqueue_due(app, edition)
    async with app.database.begin() as session:
        return await editions.by_id(session, edition.id or 0) or edition


async def _let_go(app: App, edition: Edition) -> None:
    content = EditionContent.model_validate(edition.content)
    if not content.stories:
        raise InputError(f"Edition {edition.number} has no story.", remedy="`digest run` makes one that has.")
    async with app.database.begin() as session:
        mailing = await lists.by_id(session, edition.list_id)
    if mailing is None:
        raise InputError(f"The list of edition {edition.number} is gone.")
    deadline = max(edition.send_deadline, app.clock.now() + timedelta(hours=mailing.misfire_hours))
    issue, subject = await _proofread(
        app, mailing, Issue(content=content, deadline=deadline, for_weekly_readers=edition.for_weekly_readers)
    )
    if issue.held_reason:
        raise EditionHeldError(f"Edition {edition.number} stays held: {issue.held_reason}")
    approved = await _freeze(app, mailing, issue, subject)
    if approved is not None:
        await start(app, approved)


async def _enqueue_due(app: App, edition: Edition) -> None:
    async with app.database.begin() as session:
        due = await batches.due_batches(session, app.clock.now(), MANY, edition.id)
        await app.queue.enqueue_with(session, "send_batch", due)


async def send_test(app: App, mailing: MailingList, content: EditionContent, address: str) -> str:
    """Send an edition to one address, marked as a test and outside the ledger. Returns the server's words.

    Raises:
        InputError: it is no address.
        DeliveryError: the server refused it or could not be reached.
        NothingToSendError: the edition is empty.
    """
    email = normalised(address)
    if not content.stories:
        raise NothingToSendError("There is nothing to send.", remedy="Collect articles first.")
    now = app.clock.now()
    rendered = await asyncio.to_thread(app.renderer.render, mailing, content)
    marked = rendered.model_copy(update={"subject": TEST_MARK + rendered.subject})
    prepared = prepare(marked, app.renderer.head(mailing, content.number, now))
    domain = app.renderer.domain(mailing)
    recipient = Recipient(
        email=email,
        name="",
        message_id=message_id(f"test:{now.isoformat()}", email, domain),
        unsubscribe_url=app.links.unsubscribe(mailing.slug, "test"),
        unsubscribe_mailto=app.renderer.mail_style(mailing, content.number).from_address,
        preferences_url=app.links.preferences(mailing.slug, "test"),
    )
    sender = app.renderer.mail_style(mailing, content.number).from_address
    outcome = await send_one(
        app.mailer,
        Job(subscriber_id=0, sender=sender, recipient=email, build=lambda: built(app, prepared, recipient)),
    )
    if outcome.kind is not Kind.ACCEPTED:
        raise PermanentDeliveryError(
            f"The server refused {email}: {outcome.code} {outcome.reply}",
            code=outcome.code,
            reply=outcome.reply,
            recipient=email,
        )
    return f"{outcome.code} {outcome.reply}"


async def of_day(
    app: App, mailing: MailingList, day: date, kind: EditionKind | None = None
) -> Edition | None:
    """Return the edition of a date and kind (None: the list's regular one), or None. Alerts are found by `alert.like`."""
    async with app.database.begin() as session:
        return await editions.by_day(session, mailing.id or 0, kind or regular_kind(mailing), day)


async def latest(app: App, mailing: MailingList, limit: int = 30) -> list[Edition]:
    """Return the newest editions of a list, newest first."""
    async with app.database.begin() as session:
        return await editions.latest(session, mailing.id or 0, limit)


async def by_number(app: App, mailing: MailingList, number: int) -> Edition:
    """Return an edition of a list.

    Raises:
        InputError: there is no edition of that number.
    """
    async with app.database.begin() as session:
        edition = await editions.by_number(session, mailing.id or 0, number)
    if edition is None:
        raise InputError(
            f"The list {mailing.slug} has no edition {number}.",
            remedy="`digest editions list` shows which there are.",
        )
    return edition
