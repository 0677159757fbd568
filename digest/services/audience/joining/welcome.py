"""The welcome: one mail to who has just confirmed, on lists that want it."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import MailingList, Notice, NoticeKind, Subscriber
from digest.model.rows import row_id
from digest.storage.audience import subscribers

"""The kind of the notice that greets a new subscriber."""


async def welcome(
    session: AsyncSession, mailing_list: MailingList, person: Subscriber, now: datetime
) -> None:
    """Have a new subscriber greeted, in the transaction that confirms: so once for each confirmation."""
    if mailing_list.welcome:
        await subscribers.add_notice(
            session,
            Notice(
                kind=NoticeKind.WELCOME,
                list_id=row_id(mailing_list),
                subscriber_id=row_id(person),
                created_at=now,
                next_try_at=now,
            ),
        )
