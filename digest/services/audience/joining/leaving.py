"""Leaving a list, or all lists: by the page, by a provider's one click, and by mail; and taking it back."""

from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import InputError
from digest.model import BounceEvent, Subscription, SubscriptionState
from digest.model.rows import row_id
from digest.render.links import UNDO_LIFE
from digest.services.app import App
from digest.services.audience.joining.memberships import (
    ConsentEvidence,
    Membership,
    membership,
    to_the_second,
)
from digest.storage.audience import subscribers, suppressions
from digest.storage.audience.joining import signups
from digest.storage.editions import editions

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


async def leave_all(app: App, slug: str, token: str, evidence: ConsentEvidence = BY_LINK) -> Membership:
    """End all subscriptions and sign-ups of the owner of a link by which one list is left.

    Raises:
        InputError: as `membership`.
    """
    found = await membership(app, slug, token, purpose="unsubscribe")
    async with app.database.begin() as session:
        await end_all(session, row_id(found.person), app.clock.now(), evidence)
    return await membership(app, slug, token, purpose="unsubscribe")


async def end_all(
    session: AsyncSession, subscriber_id: int, now: datetime, evidence: ConsentEvidence
) -> None:
    """End all of a person's subscriptions and sign-ups, each with a row that says by what."""
    for _, known in await subscribers.of_person(session, subscriber_id):
        await end(session, known, now, evidence)


async def note_stopped(session: AsyncSession, subscriber_id: int, now: datetime, *, how: str) -> None:
    """Note of each list that a person gets that mail to the address was stopped."""
    for _, known in await subscribers.of_person(session, subscriber_id):
        if known.state is SubscriptionState.CONFIRMED:
            await signups.note(session, known, "stopped", at=now, how=how)


@dataclass(frozen=True, slots=True)
class LeavingChoices:
    """What the page of leaving offers: how many other lists its reader gets, and a link to take it back, or
    "".
    """

    other_lists: int
    undo_url: str


async def choices(app: App, found: Membership) -> LeavingChoices:
    """Return what can be done besides leaving one list; who complained, or was stopped, can take nothing
    back.
    """
    known, person = found.subscription, found.person
    async with app.database.read() as session:
        every = await subscribers.of_person(session, row_id(person))
        banned = await suppressions.suppression_of(session, app.keys.suppression_hashes(person.email))
    other = sum(one.state is not SubscriptionState.LEFT for _, one in every if one.list_id != known.list_id)
    may_undo = (
        known.state is SubscriptionState.LEFT
        and known.left_at is not None
        and known.confirmed_at is not None
        and app.clock.now() - known.left_at <= UNDO_LIFE
        and banned is None
        and not person.disabled_reason
    )
    left_at = known.left_at if may_undo else None
    undo_url = app.links.undo(found.mailing_list.slug, person.key, left_at) if left_at else ""
    return LeavingChoices(other, undo_url)


async def undo(app: App, slug: str, token: str, *, came_from: str) -> Membership:
    """Take back a leaving within the hour: all lists that were left in that moment, with the choices made
    there.

    Doing it twice changes nothing; a later leaving is not taken back by an older link.

    Raises:
        InputError: as `membership`, or there is nothing to take back any more.
    """
    found = await membership(app, slug, token, purpose="undo")
    moment, now = datetime.fromtimestamp(int(token.split(".")[1]), UTC), app.clock.now()
    if found.subscription.state is SubscriptionState.CONFIRMED:
        return found
    if not (await choices(app, found)).undo_url:
        raise InputError("This leaving cannot be taken back.", remedy="Subscribe again.")
    evidence = ConsentEvidence(how="undo", came_from=came_from, page=f"/l/{slug}/undo")
    async with app.database.begin() as session:
        for _, known in await subscribers.of_person(session, row_id(found.person)):
            await _take_back(session, known, moment, now, evidence)
    return await membership(app, slug, token, purpose="undo")


async def _take_back(
    session: AsyncSession, known: Subscription, moment: datetime, now: datetime, evidence: ConsentEvidence
) -> None:
    locked = await subscribers.locked_subscription(session, known.list_id, known.subscriber_id)
    if locked is None or locked.left_at is None or locked.confirmed_at is None:
        return
    if locked.state is SubscriptionState.LEFT and to_the_second(locked.left_at) == moment:
        locked.state, locked.left_at, locked.asked_again_at = SubscriptionState.CONFIRMED, None, None
        await subscribers.save_subscription(session, locked)
        await signups.note(
            session, locked, "returned", at=now, how="undo", came_from=evidence.came_from, page=evidence.page
        )


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
    """Write that a subscription has ended, and by what; False: it had already, or is gone.

    Under the row's lock, so that of two presses at once one is noted.
    """
    locked = await subscribers.locked_subscription(session, known.list_id, known.subscriber_id)
    if locked is None:
        return False
    known = locked
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
