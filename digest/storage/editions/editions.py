"""Editions in the store."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from digest.errors import NotFoundError
from digest.model import Batch, Edition, EditionContent, EditionKind, EditionState, WebhookEvent
from digest.model.editions import lateness
from digest.model.editions.edition_moves import Move, targets_of
from digest.model.news.published import PublishedBefore
from digest.storage import outbox
from digest.storage.editions.states import in_time, move_one, moving, past_deadline

PUBLISHED = frozenset(
    {EditionState.APPROVED, EditionState.SENDING, EditionState.PAUSED, EditionState.FINISHED}
)
"""Its readers know what it tells, or will soon."""
LATE = "late"
WHY_LATE = "its deadline passed before everybody was mailed"
"""Code and reason of editions that are held because their deadline passed."""
NO_STORY = "no_story"
CANNOT_GO = "cannot_go"
"""Code of editions that cannot be rendered: the list's layout is wrong, or the mail too large."""
SEGMENT = "segment"
BY_HAND = "by_hand"
"""Code of drafts that somebody asked for before their time, until they are approved."""
TOO_FEW = "few"
"""Code of editions that are held for too little to say; they are made anew when there is more."""


async def by_id(session: AsyncSession, edition_id: int) -> Edition | None:
    """Return the edition of that id, or None."""
    return await session.get(Edition, edition_id)


async def by_day(
    session: AsyncSession, list_id: int, kind: EditionKind, day: date, topic: str = ""
) -> Edition | None:
    """Return the edition of that list, kind and local date (of an alert: on that topic), or None."""
    query = select(Edition).where(
        Edition.list_id == list_id,
        Edition.kind == kind,
        Edition.local_date == day,
        Edition.topic == topic,
    )
    return (await session.exec(query)).first()


async def alerts(session: AsyncSession, list_id: int, day: date) -> list[Edition]:
    """Return the alerts of a local date, oldest first; corrections of alerts are none."""
    query = select(Edition).where(
        Edition.list_id == list_id,
        Edition.kind == EditionKind.BREAKING,
        Edition.local_date == day,
        col(Edition.corrects).is_(None),
    )
    return list((await session.exec(query.order_by(col(Edition.number)))).all())


async def by_number(session: AsyncSession, list_id: int, number: int) -> Edition | None:
    """Return the edition of that number, or None."""
    query = select(Edition).where(Edition.list_id == list_id, Edition.number == number)
    return (await session.exec(query)).first()


async def next_number(session: AsyncSession, list_id: int) -> int:
    """Return the number that the list's next edition will have."""
    query = select(func.max(Edition.number)).where(Edition.list_id == list_id)
    return ((await session.exec(query)).one() or 0) + 1


async def add(session: AsyncSession, edition: Edition) -> Edition:
    """Write an edition, new or changed."""
    session.add(edition)
    await session.flush()
    return edition


async def latest(session: AsyncSession, list_id: int, limit: int) -> list[Edition]:
    """Return the newest editions of a list, newest first."""
    query = (
        select(Edition).where(Edition.list_id == list_id).order_by(col(Edition.number).desc()).limit(limit)
    )
    return list((await session.exec(query)).all())


async def published_before(
    session: AsyncSession,
    list_id: int,
    since: datetime,
    but: date,
    kinds: Collection[EditionKind] = (EditionKind.DAILY,),
) -> PublishedBefore:
    """Return what the list's editions of these kinds told since, up to a local date.

    Of that date itself only alerts count, and those only beside other kinds: the rest is made anew.
    """
    earlier: ColumnElement[bool] = col(Edition.local_date) < but
    if EditionKind.BREAKING in kinds and len(kinds) > 1:
        alert = and_(col(Edition.kind) == EditionKind.BREAKING, col(Edition.local_date) == but)
        earlier = or_(earlier, alert)
    stories = [
        story
        for kind in kinds
        for edition in (await session.exec(_published(list_id, kind, since).where(earlier))).all()
        for story in EditionContent.model_validate(edition.content).stories
    ]
    return PublishedBefore(
        addresses=frozenset(article.url for story in stories for article in story.articles if article.url),
        headlines=frozenset(story.headline for story in stories),
        sentences=frozenset(one.text for story in stories for one in story.summary.sentences),
    )


async def published_urls(
    session: AsyncSession,
    list_id: int,
    since: datetime,
    but: date,
    kind: EditionKind = EditionKind.DAILY,
) -> set[str]:
    """Return the addresses of articles that the list's editions of a kind told since, before a local date."""
    return set((await published_before(session, list_id, since, but, (kind,))).addresses)


async def published_corrections(
    session: AsyncSession, list_id: int, kind: EditionKind, since: datetime
) -> set[tuple[int | None, str]]:
    """Return the corrections, by edition and text, that the list's editions of a kind told since."""
    found = await session.exec(_published(list_id, kind, since))
    contents = [EditionContent.model_validate(edition.content) for edition in found.all()]
    return {(one.edition_number, one.text) for content in contents for one in content.corrections}


async def published_alerts(session: AsyncSession, list_id: int, since: datetime) -> list[Edition]:
    """Return the alerts that the list's readers were told since, oldest first; corrections of alerts are
    none.
    """
    query = _published(list_id, EditionKind.BREAKING, since).where(col(Edition.corrects).is_(None))
    return list((await session.exec(query.order_by(col(Edition.number)))).all())


async def has_any(session: AsyncSession, list_id: int, kind: EditionKind) -> bool:
    """Say whether the list has ever made an edition of a kind."""
    query = select(Edition.id).where(Edition.list_id == list_id, Edition.kind == kind).limit(1)
    return (await session.exec(query)).first() is not None


def _published(list_id: int, kind: EditionKind, since: datetime) -> SelectOfScalar[Edition]:
    return select(Edition).where(
        Edition.list_id == list_id,
        Edition.kind == kind,
        col(Edition.segment).is_(None),
        col(Edition.window_end) > since,
        or_(col(Edition.state).in_(PUBLISHED), was_mailed()),
    )


def was_mailed() -> ColumnElement[bool]:
    """Return the condition under which somebody got an edition, wherever it stands now."""
    return exists().where(col(Batch.edition_id) == col(Edition.id), col(Batch.sent) > 0)


async def hold(session: AsyncSession, edition_id: int, reason: str, code: str, now: datetime) -> None:
    """Hold an edition that is to be sent or is being sent; one that stands elsewhere stays there."""
    held = await session.exec(
        moving(Move.HOLD, col(Edition.id) == edition_id, held_reason=reason, held_code=code).returning(
            col(Edition.id)
        )
    )
    await outbox.note_editions(session, WebhookEvent.HELD, [row[0] for row in held.all()], now)


async def hold_late(session: AsyncSession, now: datetime) -> list[int]:
    """Hold the editions that should be out and are past their deadline; returns their ids.

    That is what keeps a machine that slept from mailing yesterday's news.
    """
    held = await session.exec(
        moving(
            Move.HOLD,
            or_(col(Edition.state) != EditionState.DRAFT, col(Edition.due_at).is_not(None)),
            past_deadline(now),
            held_reason=WHY_LATE,
            held_code=LATE,
        ).returning(col(Edition.id))
    )
    ids = sorted(row[0] for row in held.all())
    await outbox.note_editions(session, WebhookEvent.HELD, ids, now)
    return ids


async def approved(session: AsyncSession, now: datetime) -> list[int]:
    """Return the editions that were approved, may begin now, have not, and may still go out."""
    begins = or_(col(Edition.starts_at).is_(None), col(Edition.starts_at) <= now)
    query = select(Edition.id).where(Edition.state == EditionState.APPROVED, begins, in_time(now))
    return [one for one in (await session.exec(query)).all() if one is not None]


async def move_by_hand(
    session: AsyncSession, edition_id: int, move: Move, now: datetime, deadline: datetime | None = None
) -> Edition:
    """Pause, resume or cancel an edition by hand. With a deadline, it may go out until then at least. One
    that is there already stays as it is.

    Raises:
        InputError: it cannot go there from where it is.
    """
    edition = await session.get(Edition, edition_id, populate_existing=True)
    if edition is None:
        raise NotFoundError("The edition is gone.")
    if edition.state in targets_of(move):
        return edition
    until = lateness.latest(edition.send_deadline, deadline)
    values: dict[str, object] = {"held_reason": None, "held_code": "", "send_deadline": until}
    if move is Move.RESUME:
        values["resumed_at"] = now
    return await move_one(session, edition_id, move, **values)
