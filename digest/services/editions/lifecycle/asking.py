"""Mail those who may approve or edit an edition: it is composed, its time is near, it is held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import (
    Account,
    AccountRole,
    ApprovalMail,
    ApprovalMailKind,
    Edition,
    EditionContent,
    EditionState,
    MailingList,
    Right,
)
from digest.model.accounts.roles import may
from digest.model.rows import row_id
from digest.services.alarms import alarms
from digest.services.app import App
from digest.services.editions.lifecycle import asking_words
from digest.services.schedule.approving import goes_unapproved
from digest.services.schedule.local_time import zone
from digest.services.staff_mail import try_staff_mail
from digest.storage.accounts import people
from digest.storage.audience import lists
from digest.storage.editions import approving, editions

log = structlog.get_logger()

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15))
"""Between tries to mail; then it is given up."""
REMINDS = timedelta(minutes=10)
"""So long before its time it is mailed again that nobody approved an edition."""
MOST_HEADLINES = 8


async def plan(app: App) -> None:
    """Keep whom to mail about the editions that wait for people, once for each of them and each matter."""
    now = app.clock.now()
    for kind in ApprovalMailKind:
        before = now + REMINDS if kind is ApprovalMailKind.REMINDS else None
        async with app.database.begin() as session:
            waiting = await approving.unasked(session, kind, before)
            if not waiting:
                continue
            everyone = await people.everyone(session)
            for edition in waiting:
                asked = [row_id(one) for one, roles in everyone if _is_asked(one, roles, edition.list_id)]
                await approving.ask(session, row_id(edition), asked, kind, now)
        if kind is ApprovalMailKind.ASKS:
            for edition in waiting:
                await _alarm(app, edition)


def _is_asked(account: Account, roles: Sequence[AccountRole], list_id: int) -> bool:
    return account.disabled_at is None and any(
        may(roles, right, list_id) for right in (Right.SEND, Right.EDIT)
    )


async def _alarm(app: App, edition: Edition) -> None:
    async with app.database.begin() as session:
        mailing_list = await lists.by_id(session, edition.list_id)
    if mailing_list is None:
        return
    where = app.links.desk_edition(mailing_list.slug, edition.number)
    about = f"{mailing_list.slug} {edition.number}"
    await alarms.raise_alarm(app, alarms.AWAITS, about, f"It waits for somebody to approve it: {where}")


async def due(app: App, limit: int) -> list[int]:
    """Return the mails that wait to go."""
    async with app.database.begin() as session:
        return await approving.due_mails(session, app.clock.now(), limit)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One mail: about which edition, to whom, with which roles."""

    mail: ApprovalMail
    edition: Edition
    mailing_list: MailingList
    account: Account
    roles: Sequence[AccountRole]


async def mail(app: App, mail_id: int) -> bool:
    """Mail one person about one edition. False: there is nothing to mail. What the server refuses is tried
    again, three times; what is no longer so is not mailed.
    """
    now = app.clock.now()
    async with app.database.begin() as session:
        taken = await approving.take_mail(session, mail_id, now, WAITS)
        if taken is None:
            return False
        asked = await _asked(session, taken)
    if asked is None or await try_staff_mail(
        app, asked.account.email, *_words(app, asked), seed=f"approval:{mail_id}", at=taken.created_at
    ):
        async with app.database.begin() as session:
            await approving.mailed(session, mail_id)
    return True


async def _asked(session: AsyncSession, taken: ApprovalMail) -> _Asked | None:
    """Return what a mail is about; None: it is not so any more, or no matter of theirs."""
    edition = await editions.by_id(session, taken.edition_id)
    account = await people.by_id(session, taken.account_id)
    mailing_list = await lists.by_id(session, edition.list_id) if edition else None
    if edition is None or account is None or mailing_list is None:
        return None
    if taken.kind == ApprovalMailKind.HELD:
        is_so = edition.state is EditionState.HELD and edition.held_code == approving.UNAPPROVED
    else:
        is_so = edition.state is EditionState.DRAFT and edition.due_at is not None
    roles = await people.roles_of(session, taken.account_id)
    if not is_so or not _is_asked(account, roles, edition.list_id):
        return None
    return _Asked(taken, edition, mailing_list, account, roles)


def _words(app: App, asked: _Asked) -> tuple[str, str]:
    """Return the subject and the text."""
    edition, mailing_list, account = asked.edition, asked.mailing_list, asked.account
    stories = EditionContent.model_validate(edition.content).stories
    about = asking_words.AskedAbout(
        list_name=mailing_list.name,
        number=edition.number,
        due_at=(edition.due_at or edition.send_deadline).astimezone(zone(mailing_list.timezone)),
        headlines=[one.headline for one in stories][:MOST_HEADLINES],
        url=app.links.desk_edition(mailing_list.slug, edition.number),
        goes_anyway=goes_unapproved(mailing_list, edition.stopped_by),
        may_approve=may(asked.roles, Right.SEND, edition.list_id),
        digits=account.digits,
    )
    return asking_words.written(ApprovalMailKind(asked.mail.kind), account.language, about)
