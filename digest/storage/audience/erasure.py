"""Remove a deleted person's address from words that servers said."""

from collections.abc import Callable

from sqlalchemy import String, cast, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import Alarm, BounceEvent, Delivery, Edition, Notice


async def scrub(
    session: AsyncSession, subscriber_id: int | None, address: str, without: Callable[[str], str]
) -> None:
    """Take an address out of replies, reasons, alarms and evidence about others; `without` returns words
    without it. `subscriber_id` None: nobody has it.

    New replies are kept without it already (`Outcome.without`); these are older ones, and words that named it
    otherwise.
    """
    mine = await session.exec(select(Delivery).where(Delivery.subscriber_id == subscriber_id))
    for one in mine.all():
        one.reply, one.reason = without(one.reply), without(one.reason)
        one.history = [(at, code, without(words)) for at, code, words in one.history]
        session.add(one)
    named = func.lower(cast(col(Delivery.reply), String)).contains(address, autoescape=True)
    for one in (await session.exec(select(Delivery).where(named))).all():
        one.reply = without(one.reply)
        session.add(one)
    reason = func.lower(col(Edition.held_reason)).contains(address, autoescape=True)
    for edition in (await session.exec(select(Edition).where(reason))).all():
        edition.held_reason = without(edition.held_reason or "")
        session.add(edition)
    words = func.lower(col(Alarm.words)).contains(address, autoescape=True)
    for alarm in (await session.exec(select(Alarm).where(words))).all():
        alarm.words = without(alarm.words)
        session.add(alarm)
    evidence = func.lower(col(BounceEvent.words)).contains(address, autoescape=True)
    for event in (await session.exec(select(BounceEvent).where(evidence))).all():
        event.words = without(event.words)
        session.add(event)
    answered = func.lower(col(Notice.reply)).contains(address, autoescape=True)
    for notice in (await session.exec(select(Notice).where(answered))).all():
        notice.reply = without(notice.reply)
        session.add(notice)
    await session.flush()
