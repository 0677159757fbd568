"""Leaving a list: by the page, by a provider's one click, and by mail."""

from datetime import datetime

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import BounceEvent, Subscription, SubscriptionState
from digest.services.app import App
from digest.services.audience.joining.memberships import ConsentEvidence, Membership, membership
from digest.storage.audience import signups, subscribers
from digest.storage.editions import content as editions

log = structlog.get_logger()

BY_LINK = ConsentEvidence(how="link")


async def leave(app: App, slug: str, token: str, evidence: ConsentEvidence = BY_LINK) -> Membership:
    """End a subscription; doing it twice changes nothing. What is still waiting for this person is skipped.

    Raises:
        InputError: as `membership`.
    """
    found = await membership(app, slug, token, purpose="unsubscribe")
    async with app.database.begin() as session:
        await end(session, found.subscription, app.clock.now(), evidence)
    return found


async def leave_by_mail(app: App, edition_id: int, subscriber_id: int, *, words: str) -> bool:
    """End the subscription that an edition came by, because a mail to its address of leaving asks for it.

    The address's seal has been checked. `words` are kept as evidence. False: there is nothing to end.
    """
    now = app.clock.now()
    async with app.database.begin() as session:
        edition = await editions.by_id(session, edition_id)
        known = await subscribers.subscription(session, edition.list_id, subscriber_id) if edition else None
        done = known is not None and await end(session, known, now, ConsentEvidence(how="mail"))
        if done:
            session.add(
                BounceEvent(
                    subscriber_id=subscriber_id,
                    at=now,
                    event="left",
                    words=words.replace("\x00", ""),
                    read_by="mail",
                )
            )
    log.info("subscriber.left_by_mail", edition=edition_id, subscriber=subscriber_id, known=done)
    return done


async def end(session: AsyncSession, known: Subscription, now: datetime, evidence: ConsentEvidence) -> bool:
    """Write that a subscription has ended, and by what; False: it had already."""
    if known.state is SubscriptionState.LEFT and known.asked_again_at is None:
        return False
    was_left = known.state is SubscriptionState.LEFT
    known.state, known.left_at, known.asked_again_at = SubscriptionState.LEFT, now, None
    await subscribers.save_subscription(session, known)
    await signups.note(
        session,
        known,
        "left",
        at=now,
        how=evidence.how,
        came_from=evidence.came_from,
        page=evidence.page,
    )
    return not was_left
