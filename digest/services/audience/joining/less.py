"""Less mail instead of none: a daily list once a week."""

from digest.errors import InputError
from digest.model import Frequency, SubscriptionState
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience.joining.memberships import Membership, membership
from digest.services.schedule.slots import slots_of
from digest.storage.audience import subscribers


def may_be_weekly(found: Membership) -> bool:
    """Say whether a reader gets a list daily and could have it weekly."""
    known = found.subscription
    has_weekly = any(one.for_weekly_readers for one in slots_of(found.mailing_list))
    is_daily = known.state is SubscriptionState.CONFIRMED and known.frequency is Frequency.DAILY
    return has_weekly and is_daily


async def make_weekly(app: App, slug: str, token: str) -> Membership:
    """Write to the owner of a link to leave by once a week; doing it twice changes nothing.

    Raises:
        InputError: as `membership`, or the list has no weekly edition, or the subscription has ended.
    """
    found = await membership(app, slug, token, purpose="unsubscribe")
    known = found.subscription
    if known.state is SubscriptionState.CONFIRMED and known.frequency is Frequency.WEEKLY:
        return found
    if not may_be_weekly(found):
        raise InputError(f"The list {slug} cannot be had weekly by this reader.")
    async with app.database.begin() as session:
        locked = await subscribers.locked_subscription(
            session, row_id(found.mailing_list), row_id(found.person)
        )
        if locked is not None and locked.state is SubscriptionState.CONFIRMED:
            locked.frequency = Frequency.WEEKLY
    return await membership(app, slug, token, purpose="unsubscribe")
