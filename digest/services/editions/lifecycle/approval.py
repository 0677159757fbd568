"""Freezing what was composed, and starting what was approved."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

import structlog
from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import ConfigError, EditionHeldError
from digest.model import (
    Edition,
    EditionContent,
    EditionKind,
    EditionSegment,
    EditionState,
    MailingList,
    WebhookEvent,
)
from digest.model.editions.edition_moves import Move, state_after
from digest.model.people.timetable import Timetable
from digest.model.rows import row_id
from digest.render.message.mime import prepare
from digest.services.app import App
from digest.services.copies import watch
from digest.services.editions.lifecycle.segments import for_segment
from digest.services.editions.public import searched_text
from digest.services.schedule.kinds import is_review, topic_of
from digest.services.schedule.local_time import zone
from digest.services.schedule.quiet import QuietHours
from digest.services.schedule.reader_times import timetable
from digest.storage import outbox
from digest.storage.audience import eligible, lists
from digest.storage.editions import archive, corrections, editions
from digest.storage.editions.states import take
from digest.storage.ledger import batches

log = structlog.get_logger()

MANY = 1_000_000
EVENT_OF = {
    EditionState.DRAFT: WebhookEvent.COMPOSED,
    EditionState.HELD: WebhookEvent.HELD,
    EditionState.APPROVED: WebhookEvent.APPROVED,
}
TRIES = 3  # another process may be quicker to take an edition's place, or its number


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
    held_code: str = ""
    held_about: Mapping[str, str] = field(default_factory=dict)
    for_weekly_readers: bool = False
    for_any_day: bool = True
    is_draft: bool = False
    """Composed and kept, not approved: a person still looks at it."""
    due_at: datetime | None = None
    """When a draft is to go out."""
    stopped_by: str = ""
    """Who asked for a draft that goes out only when somebody approves it."""
    composed: EditionContent | None = None
    """What was composed, where people have edited it since; `content` has their edits."""
    is_big: bool = True
    corrects: int | None = None
    segment: EditionSegment | None = None
    """Whom alone it is for; None: whoever reads the list."""
    still_mine: Callable[[AsyncSession], Awaitable[bool]] | None = None
    """Asked in the transaction that freezes it: whether its maker may still make it."""


async def approve(app: App, mailing_list: MailingList, issue: Issue) -> Edition | None:
    """Freeze an edition. None when one of that list, kind, date and topic exists already and is not to be
    made anew.

    A draft is made anew, and one that was held before it began; a hold only replaces a hold for too little to
    say. It is rendered first, and held with the reason when it cannot be; one that is held anyway is not
    rendered. The corrections that it carries are told with it, in the same transaction. Any number of
    processes may try at once: one of them makes it.
    """
    issue, subject = await proofread(app, mailing_list, issue)
    for _ in range(TRIES):
        with suppress(IntegrityError):
            return await freeze(app, mailing_list, issue, subject)
    return None


async def proofread(app: App, mailing_list: MailingList, issue: Issue) -> tuple[Issue, str]:
    """Make the mail once, and return its subject; what cannot be sent comes back held with the reason."""
    if issue.held_reason:
        return issue, ""
    if not issue.content.stories:
        return replace(issue, held_reason="it has no story", held_code=editions.NO_STORY), ""
    try:
        return issue, await asyncio.to_thread(_proof, app, mailing_list, issue.content)
    except (ConfigError, EditionHeldError) as error:
        return replace(issue, held_reason=str(error), held_code=editions.CANNOT_GO), ""


def _proof(app: App, mailing_list: MailingList, content: EditionContent) -> str:
    rendered = app.renderer.render(mailing_list, content)
    prepare(rendered, app.renderer.head(mailing_list, content.number, content.window_end))
    return rendered.subject


async def freeze(app: App, mailing_list: MailingList, issue: Issue, subject: str) -> Edition | None:
    content, list_id = issue.content, row_id(mailing_list)
    kind = content.kind
    topic = issue.segment.topic if issue.segment else topic_of(content)
    async with app.database.begin() as session:
        if issue.still_mine is not None and not await issue.still_mine(session):
            return None
        edition = await editions.by_day(session, list_id, kind, content.local_date, topic)
        if edition is not None:
            await session.refresh(edition, with_for_update=True)
        if edition is not None and not _may_be_made_anew(edition, issue):
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
        _stand(edition, issue)
        edition.composed_at = app.clock.now()
        edition.version += 1
        if issue.due_at is not None:
            edition.due_at = issue.due_at
        if issue.composed is not None:
            edition.composed = issue.composed.model_dump(mode="json")
        edition.window_start, edition.window_end = content.window_start, content.window_end
        edition.send_deadline = issue.deadline
        edition.for_weekly_readers, edition.for_any_day = issue.for_weekly_readers, issue.for_any_day
        edition.is_big, edition.corrects = issue.is_big, issue.corrects
        edition.segment = issue.segment.model_dump(mode="json") if issue.segment else None
        await editions.add(session, edition)
        await keep_content(session, mailing_list, edition, content, subject)
        await outbox.note_editions(session, EVENT_OF[edition.state], [row_id(edition)], app.clock.now())
        if edition.state is EditionState.DRAFT and edition.due_at is not None:
            await outbox.note_awaiting(session, edition, app.clock.now())
    if issue.held_reason:
        log.warning("edition.held", list=mailing_list.slug, number=edition.number, reason=issue.held_reason)
    return edition


async def keep_content(
    session: AsyncSession, mailing_list: MailingList, edition: Edition, content: EditionContent, subject: str
) -> None:
    """Keep what an edition says. An approved one tells its corrections, unless another was quicker to."""
    listed = content.corrections
    is_for_all = not (edition.for_weekly_readers or edition.segment)
    if edition.state is EditionState.APPROVED and is_for_all:
        unpublished = await corrections.mark_published(session, edition, listed)
        listed = listed if is_review(mailing_list, edition.kind) else unpublished
    frozen = content.model_copy(update={"number": edition.number, "corrections": listed})
    edition.subject = subject
    edition.content = frozen.model_dump(mode="json")
    edition.fingerprint = fingerprint(frozen)
    await editions.add(session, edition)
    await archive.keep_text(session, row_id(edition), searched_text(subject, frozen))


def _may_be_made_anew(edition: Edition, issue: Issue) -> bool:
    began = edition.started_at is not None
    if issue.held_reason or issue.is_draft:
        again = edition.state is EditionState.DRAFT or edition.held_code == editions.TOO_FEW
        return again and state_after(edition.state, Move.COMPOSE, started=began) is not None
    return state_after(edition.state, Move.APPROVE, started=began) is not None


def _stand(edition: Edition, issue: Issue) -> None:
    """Bring an edition, new or made anew, to where the issue says."""
    if issue.held_reason:
        take(edition, Move.COMPOSE if edition.state is EditionState.HELD else Move.HOLD)
    else:
        draft = Move.ASK if edition.state is EditionState.HELD else Move.COMPOSE
        take(edition, draft if issue.is_draft else Move.APPROVE)
    edition.held_reason, edition.held_code = issue.held_reason, issue.held_code
    edition.held_about = dict(issue.held_about)
    if issue.stopped_by:
        edition.stopped_by = issue.stopped_by


async def start(app: App, edition: Edition) -> int:
    """Freeze the audience and ask for its batches to be sent. Returns how many are planned; starting twice is
    harmless.

    Raises:
        EditionHeldError: the database went back in time, or is a copy; or its segment asks for a field that
            the list has no more: then it is held.
    """
    if sentence := await watch.look(app):
        raise EditionHeldError(sentence)
    now = app.clock.now()
    among = await for_segment(app, edition)
    async with app.database.begin() as session:
        planned = await batches.freeze(
            session,
            row_id(edition),
            now,
            app.settings.run.batch_size,
            asleep=await _asleep(session, edition, now),
            among=among,
            timetable=await _timetable(session, edition, now),
        )
        due = await batches.due_batches(session, now, MANY, edition.id)
        # In the same transaction: an edition that is rolled back leaves no job, and one that is not has them
        # all.
        await app.queue.enqueue_with(session, sending_task(edition.kind), due)
    return planned


def sending_task(kind: EditionKind) -> str:
    """Return which task sends an edition's batches: an alert's do not stand behind those of a large
    edition.
    """
    return "send_alert" if kind is EditionKind.BREAKING else "send_batch"


async def _asleep(session: AsyncSession, edition: Edition, now: datetime) -> tuple[str, ...]:
    """Return those quiet hours, of all that the list's readers have, that an alert would fall into now."""
    mailing_list = await lists.by_id(session, edition.list_id)
    if edition.kind is not EditionKind.BREAKING or mailing_list is None:
        return ()
    where = zone(mailing_list.timezone)
    every = await eligible.quiet_hours(session, edition.list_id)
    return tuple(one for one in every if (hours := QuietHours.read(one)) and hours.until(now, where))


async def _timetable(session: AsyncSession, edition: Edition, now: datetime) -> Timetable | None:
    """Return when an edition is due for those of its readers who chose a time of their own; an alert is at
    once.
    """
    mailing_list = await lists.by_id(session, edition.list_id)
    if edition.kind is EditionKind.BREAKING or mailing_list is None:
        return None
    owns = await eligible.own_times(session, edition.list_id)
    return timetable(mailing_list, edition.local_date, now, owns)


async def start_approved(app: App, edition_id: int) -> bool:
    """Start an edition that was approved by a process that died before it could. False when there is none to
    start.
    """
    async with app.database.begin() as session:
        edition = await editions.by_id(session, edition_id)
    if edition is None or edition.state is not EditionState.APPROVED:
        return False
    await start(app, edition)
    return True
