"""Sign-ups: what the form takes, and what becomes of it a moment later.

The form writes one row for everybody and answers. Only later is it looked up whether the address is known,
suppressed or asked already: the answer tells a stranger nothing, by its words or by its time, and sign-ups of
one address at once do not meet.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import NotFoundError
from digest.model import (
    MailingList,
    Notice,
    NoticeKind,
    Signup,
    Subscriber,
    Subscription,
    SubscriptionState,
)
from digest.model.people.eligibility import may_receive
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience.joining import agreed, defence, funnel
from digest.services.audience.joining.defence import HIDDEN_FIELD, UNSTAMPED
from digest.services.audience.joining.limits import NEAR, NETWORK
from digest.services.audience.returning import (
    CONFIRMATION_PAUSE,
    MOST_CONFIRMATIONS,
    mailbox_hash,
    yields,
)
from digest.services.audience.segments import fields
from digest.storage.audience import lists, own_fields, subscribers, suppressions
from digest.storage.audience.joining import signups
from digest.text.addresses.email_address import normalised

log = structlog.get_logger()

LONGEST_PAGE = 500
AT_ONCE = 100
"""How many sign-ups one transaction looks at."""


class FormAnswer(StrEnum):
    """What becomes of a form: taken (or kept back, which nobody is told), or what its sender is asked to
    do.
    """

    TAKEN = "taken"
    BUSY = "busy"
    AGAIN = "again"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentForm:
    """A form besides its address. `came_from` is an address of the network; `words` are what the form said.

    `stamp` is when it was shown, sealed; None where there was no form. `trapped`: the field that people do
    not see is filled in. `answers` are what it was told in the list's own fields, as `fields.answers_to`
    returns them.
    """

    came_from: str
    page: str = ""
    words: str = ""
    stamp: str | None = None
    trapped: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)


async def take(app: App, slug: str, address: str, *, came_from: str) -> FormAnswer:
    """Take an address that no form of ours asked for, as `take_form`."""
    return await take_form(app, slug, address, SentForm(came_from=came_from))


async def take_form(app: App, slug: str, address: str, form: SentForm) -> FormAnswer:
    """Take a form that was sent in; it is looked at within a tick of the scheduler.

    What a limit keeps back, a person can look at for seven days. Nothing is looked up of the address, so that
    the answer takes as long for everybody.

    Raises:
        InputError: it is no address, or there is no such public list.
    """
    email = normalised(address)
    async with app.database.begin() as session:
        mailing_list = await lists.by_slug(session, slug)
        if not mailing_list.public:
            raise NotFoundError(f"There is no list {slug}.")
        asked = Signup(
            list_id=row_id(mailing_list),
            email=email,
            came_from=form.came_from,
            at=app.clock.now(),
            page=form.page[:LONGEST_PAGE],
            answers=dict(form.answers),
            text_key=await agreed.keep(app, session, mailing_list, form.words),
        )
        reason = await defence.reason_against(app, session, mailing_list, asked, form.stamp)
        reason = HIDDEN_FIELD if form.trapped else reason
        if reason == UNSTAMPED:
            return FormAnswer.AGAIN
        if reason:
            await defence.keep_back(app, session, asked, reason)
        else:
            session.add(asked)
    return FormAnswer.BUSY if reason in {NEAR, NETWORK} else FormAnswer.TAKEN


async def request(app: App, slug: str, address: str, *, came_from: str) -> None:
    """Take a sign-up and look at it at once, for callers who need not hide how long that takes.

    Raises:
        InputError: as `take`.
    """
    await take(app, slug, address, came_from=came_from)
    await settle(app)


async def settle(app: App) -> int:
    """Look at the sign-ups that wait, and have confirmations mailed where they are due; returns how many
    there were.

    A process that dies meanwhile leaves them for the next.
    """

    async def looked_at(session: AsyncSession) -> int:
        waiting = await signups.take(session, AT_ONCE)
        # Of one address, the first: the others are made in the same moment and would get nothing.
        for one in {(one.list_id, one.email): one for one in reversed(waiting)}.values():
            mailing_list = await lists.by_id(session, one.list_id)
            if mailing_list is not None:
                await _settled(app, session, mailing_list, one)
        return len(waiting)

    async with app.database.begin() as session:
        if not await signups.waits(session):
            return 0
    return await app.database.at_once(looked_at)


async def _settled(app: App, session: AsyncSession, mailing_list: MailingList, asked: Signup) -> None:
    now = app.clock.now()
    banned = await suppressions.suppression_of(session, app.keys.suppression_hashes(asked.email))
    if banned and not yields(banned.reason):
        return
    person = await subscribers.by_email(session, asked.email)
    known = await subscribers.subscription(session, row_id(mailing_list), row_id(person)) if person else None
    if may_receive(known, person, suppressed=banned is not None) is None:
        return
    if known and known.asked_again_at:
        ended = None  # asked since the leaving
    elif person is not None:
        ended = await signups.ended_at(session, row_id(person))
    else:
        ended = banned.created_at if banned else None
    if not await _allowed(app, session, asked.email, ended):
        return
    if person is None:
        person = await subscribers.add(
            session, asked.email, name="", locale=mailing_list.language, key=secrets.token_hex(16), now=now
        )
    subscription = _asked(known, mailing_list, person, asked, now)
    session.add(subscription)
    await session.flush()
    await signups.note(
        session,
        subscription,
        "asked",
        at=asked.at,
        how="form",
        came_from=asked.came_from,
        page=asked.page,
        text_key=asked.text_key,
    )
    if known is None and asked.answers:
        # Of who is here already a form, which anybody may fill in, changes nothing.
        own = await own_fields.of_list(session, row_id(mailing_list))
        said = fields.still_fitting(own, asked.answers)
        await fields.keep(session, mailing_list, row_id(person), said)
    await funnel.count(session, mailing_list, now, "asked")
    await subscribers.add_notice(
        session,
        Notice(
            kind=NoticeKind.CONFIRM,
            list_id=row_id(mailing_list),
            subscriber_id=row_id(person),
            created_at=now,
            next_try_at=now,
        ),
    )


async def _allowed(app: App, session: AsyncSession, email: str, ended: datetime | None) -> bool:
    """Say whether the mailbox may be asked again: all its spellings, and all lists, share one allowance."""
    return await signups.allow_confirmation(
        session,
        mailbox_hash(email, app.keys.suppression.current),
        app.clock.now(),
        pause=CONFIRMATION_PAUSE,
        most=MOST_CONFIRMATIONS,
        ended=ended,
    )


def _asked(
    known: Subscription | None, mailing_list: MailingList, person: Subscriber, asked: Signup, now: datetime
) -> Subscription:
    """The subscription as it stands when its confirmation goes out. A form proves nothing: earlier consent
    stays as it is.
    """
    if known is None:
        return Subscription(
            list_id=row_id(mailing_list),
            subscriber_id=row_id(person),
            state=SubscriptionState.PENDING,
            requested_at=now,
            consent_how="form",
            consent_from=asked.came_from,
        )
    if known.state is SubscriptionState.PENDING:
        known.requested_at = now
    elif known.state is SubscriptionState.LEFT:
        known.asked_again_at = now
    return known
