"""What a signed link opens: a person, a list and what stands between them."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import NotFoundError
from digest.model import MailingList, Subscriber, Subscription
from digest.model.people.eligibility import may_receive
from digest.model.rows import row_id
from digest.services.app import App
from digest.storage.audience import lists, subscribers


@dataclass(frozen=True, slots=True)
class Membership:
    """A person, a list and what stands between them."""

    mailing_list: MailingList
    person: Subscriber
    subscription: Subscription

    @property
    def is_mailed(self) -> bool:
        """Whether editions of the list are mailed to the person, but for what is suppressed."""
        return may_receive(self.subscription, self.person, suppressed=False) is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentEvidence:
    """By what something was done: how, from which address of the network, on which page, under which
    words.
    """

    how: str
    came_from: str = ""
    page: str = ""
    text_key: str = ""


async def membership(app: App, slug: str, token: str, *, purpose: str) -> Membership:
    """Read a signed link: who it is, for which list.

    Raises:
        InputError: the link is broken, has expired, or belongs to somebody who is gone.
    """
    key = app.links.read(purpose, token, app.clock.now(), list_slug=slug)
    async with app.database.begin() as session:
        return await membership_of_key(session, slug, key)


async def membership_of_key(session: AsyncSession, slug: str, key: str) -> Membership:
    """Return what stands between the owner of a key and a list.

    Raises:
        NotFoundError: there is nothing any more.
    """
    mailing_list = await lists.by_slug(session, slug)
    person = await subscribers.by_key(session, key)
    known = await subscribers.subscription(session, row_id(mailing_list), row_id(person)) if person else None
    if person is None or known is None:
        raise NotFoundError("This link belongs to no subscription any more.")
    return Membership(mailing_list, person, known)


def to_the_second(when: datetime) -> datetime:
    """Return an instant as a link can name it."""
    return when.replace(microsecond=0)
