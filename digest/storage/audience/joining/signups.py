"""Sign-ups, confirmation allowances and consent events in the store."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, delete, func, literal, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import (
    BlockedSignup,
    BounceEvent,
    ConfirmationAllowance,
    ConsentEvent,
    ConsentText,
    Signup,
    Subscription,
    SubscriptionState,
)
from digest.model.rows import row_id
from digest.storage import outbox
from digest.storage.database.dialects import insert_for


async def waits(session: AsyncSession) -> bool:
    """Say whether a sign-up waits."""
    return (await session.exec(select(Signup.id).limit(1))).first() is not None


async def take(session: AsyncSession, limit: int) -> list[Signup]:
    """Take the oldest sign-ups out of the store; those that another process is taking are left to it."""
    oldest = select(Signup.id).order_by(col(Signup.id)).limit(limit).with_for_update(skip_locked=True)
    taken = await session.exec(delete(Signup).where(col(Signup.id).in_(oldest)).returning(Signup))
    return sorted((row[0] for row in taken.all()), key=row_id)


async def drop_of(session: AsyncSession, email: str, mailbox: str) -> int:
    """Forget the sign-ups of an address that wait or were kept back, and what its mailbox was mailed; returns
    how many waited.
    """
    await session.exec(delete(BlockedSignup).where(col(BlockedSignup.email) == email))
    waited = await session.exec(delete(Signup).where(col(Signup.email) == email))
    await session.exec(delete(ConfirmationAllowance).where(col(ConfirmationAllowance.mailbox) == mailbox))
    return waited.rowcount


async def allow_confirmation(
    session: AsyncSession, mailbox: str, now: datetime, *, pause: timedelta, most: int, ended: datetime | None
) -> bool:
    """Count one confirmation to a mailbox, in one statement, and say whether it may go.

    One goes each `pause`, `most` in all until the mailbox's owner confirms; a new count begins with an ending
    since the last one: a leaving, a bounce or an erasure.
    """
    table = ConfirmationAllowance
    made: Any = insert_for(session, table).values(mailbox=mailbox, asked_at=now, asked=1)
    begins_anew = literal(value=False) if ended is None else col(table.asked_at) <= ended
    fits = (col(table.asked_at) <= now - pause) & (col(table.asked) < most)
    statement = made.on_conflict_do_update(
        index_elements=["mailbox"],
        set_={"asked_at": now, "asked": case((begins_anew, 1), else_=col(table.asked) + 1)},
        where=or_(begins_anew, fits),
    ).returning(col(table.mailbox))
    return (await session.exec(statement)).first() is not None


async def confirmed(session: AsyncSession, mailbox: str) -> None:
    """Begin a new count for a mailbox whose owner pressed the button; the pause of a day stays."""
    kept = await session.get(ConfirmationAllowance, mailbox)
    if kept is not None:
        kept.asked = 0
        session.add(kept)


async def forget_allowances(session: AsyncSession, before: datetime) -> None:
    """Drop the allowances that were last used before then."""
    await session.exec(delete(ConfirmationAllowance).where(col(ConfirmationAllowance.asked_at) < before))


async def ended_at(session: AsyncSession, subscriber_id: int) -> datetime | None:
    """Return when a person last left a list, or when bounces stopped mail that the person had confirmed; or
    None.
    """
    left = (
        await session.exec(
            select(func.max(Subscription.left_at)).where(Subscription.subscriber_id == subscriber_id)
        )
    ).one()
    reads = (
        await session.exec(
            select(Subscription.list_id).where(
                Subscription.subscriber_id == subscriber_id, Subscription.state == SubscriptionState.CONFIRMED
            )
        )
    ).first()
    stopped = await first_stop(session, subscriber_id) if reads is not None else None
    return max((one for one in (left, stopped) if one is not None), default=None)


async def first_stop(session: AsyncSession, subscriber_id: int) -> datetime | None:
    """Return when bounces stopped mail to a person, the first time since it was last allowed again; or
    None.
    """
    events = select(BounceEvent.at).where(BounceEvent.subscriber_id == subscriber_id)
    enabled = (
        await session.exec(
            select(func.max(BounceEvent.at)).where(
                BounceEvent.subscriber_id == subscriber_id, BounceEvent.event == "enabled"
            )
        )
    ).one()
    stops = events.where(col(BounceEvent.step).in_(("disable", "suppress")))
    if enabled is not None:
        stops = stops.where(col(BounceEvent.at) > enabled)
    return (await session.exec(stops.order_by(col(BounceEvent.at)).limit(1))).first()


async def note(
    session: AsyncSession,
    subscription: Subscription,
    event: str,
    *,
    at: datetime,
    how: str,
    came_from: str = "",
    page: str = "",
    text_key: str = "",
) -> None:
    """Add an event of consent; nothing that was noted before changes."""
    session.add(
        ConsentEvent(
            list_id=subscription.list_id,
            subscriber_id=subscription.subscriber_id,
            at=at,
            event=event,
            how=how,
            came_from=came_from,
            page=page,
            text_key=text_key,
        )
    )
    await session.flush()
    await outbox.note_consent(session, subscription, event, at=at, how=how)


async def keep_text(session: AsyncSession, text: ConsentText) -> None:
    """Keep words that somebody agreed to; words that are kept stay as they are."""
    fields = {name: getattr(text, name) for name in ("key", "language", "words", "first_shown_at")}
    await session.exec(insert_for(session, ConsentText).values(fields).on_conflict_do_nothing())


async def texts(session: AsyncSession, keys: Collection[str]) -> dict[str, str]:
    """Return the words that are kept under keys."""
    found = await session.exec(select(ConsentText).where(col(ConsentText.key).in_(keys)))
    return {one.key: one.words for one in found.all()}


async def last_asked(session: AsyncSession, list_id: int, subscriber_id: int) -> ConsentEvent | None:
    """Return the newest sign-up of a person for a list, or None."""
    query = (
        select(ConsentEvent)
        .where(
            ConsentEvent.list_id == list_id,
            ConsentEvent.subscriber_id == subscriber_id,
            ConsentEvent.event == "asked",
        )
        .order_by(col(ConsentEvent.at).desc(), col(ConsentEvent.id).desc())
    )
    return (await session.exec(query.limit(1))).first()


async def history(session: AsyncSession, subscriber_id: int) -> Sequence[ConsentEvent]:
    """Return a person's events of consent, oldest first."""
    query = select(ConsentEvent).where(ConsentEvent.subscriber_id == subscriber_id)
    return (await session.exec(query.order_by(col(ConsentEvent.at), col(ConsentEvent.id)))).all()
