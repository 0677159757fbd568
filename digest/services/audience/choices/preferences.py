"""Keep what a subscriber wants of a list: by the page behind a mail's seal, or by an admin who was asked."""

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import ChoiceError, InputError, NotFoundError
from digest.model import MailingList, Subscriber, Subscription
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience import consent, lists
from digest.services.audience.choices.rules import Changes, Preferences, checked
from digest.storage.audience import subscribers
from digest.text.addresses.email_address import normalised


async def choose(app: App, slug: str, token: str, changes: Changes) -> consent.Membership:
    """Keep what a subscriber chose on the page of preferences; returns how the subscription stands now.

    Raises:
        InputError: as `consent.membership` and `checked`, or the subscription has ended.
    """
    found = await consent.membership(app, slug, token, purpose="preferences")
    before = Preferences.of(found.subscription)
    chosen = checked(found.mailing_list, lists.specs(found.mailing_list), before, changes)
    async with app.database.begin() as session:
        await _keep_in(session, found.mailing_list, row_id(found.person), chosen)
    return await consent.membership(app, slug, token, purpose="preferences")


async def set_by_admin(app: App, mailing_list: MailingList, address: str, changes: Changes) -> Preferences:
    """Keep what a subscriber asked an admin for; what is not among the changes stays as it is. Returns the
    whole choice.

    Raises:
        InputError: nobody who gets the list has the address, a section is none of the list's, or as
            `checked`.
    """
    person, _ = await subscribed(app, mailing_list, address)
    async with app.database.begin() as session:
        return await keep_changes(session, mailing_list, row_id(person), changes)


async def keep_changes(
    session: AsyncSession, mailing_list: MailingList, subscriber_id: int, changes: Changes
) -> Preferences:
    """Keep changes to somebody's choices in the session's transaction; as `set_by_admin`."""
    keys = [spec.key for spec in lists.specs(mailing_list)]
    named = (*(changes.get("sections") or ()), *changes.get("order", ()), *changes.get("never", ()))
    unknown = sorted(set(named) - set(keys))
    if unknown:
        raise InputError(
            f"The list {mailing_list.slug} has no section {', '.join(unknown)}.",
            remedy=f"It has {', '.join(keys)}.",
        )
    known = await subscribers.locked_subscription(session, row_id(mailing_list), subscriber_id)
    if known is None:
        raise ended(mailing_list)
    chosen = checked(mailing_list, lists.specs(mailing_list), Preferences.of(known), changes)
    await _keep_in(session, mailing_list, subscriber_id, chosen)
    return chosen


async def subscribed(app: App, mailing_list: MailingList, address: str) -> tuple[Subscriber, Subscription]:
    """Return the person of an address, and what stands between them and a list.

    Raises:
        InputError: it is no address, or nothing stands between them.
    """
    email = normalised(address)
    async with app.database.begin() as session:
        person = await subscribers.by_email(session, email)
        known = (
            await subscribers.subscription(session, row_id(mailing_list), row_id(person)) if person else None
        )
    if person is None or known is None:
        raise NotFoundError(f"{email} does not get the list {mailing_list.slug}.")
    return person, known


async def _keep_in(
    session: AsyncSession, mailing_list: MailingList, subscriber_id: int, chosen: Preferences
) -> None:
    if not await subscribers.keep_preferences(session, row_id(mailing_list), subscriber_id, chosen.columns()):
        raise ended(mailing_list)


def ended(mailing_list: MailingList) -> InputError:
    """Return what is said of a choice about a subscription that has ended."""
    return ChoiceError(
        f"This subscription to {mailing_list.slug} has ended.", about="ended", remedy="Subscribe again first."
    )
