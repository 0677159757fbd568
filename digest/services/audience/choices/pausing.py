"""Pause a subscription for some days, and end a pause before its time."""

from datetime import datetime, time, timedelta

from digest.errors import ChoiceError
from digest.model import MailingList, Subscription
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience import consent
from digest.services.audience.choices.preferences import ended, subscribed
from digest.services.schedule.local_time import instant, zone
from digest.storage.audience import subscribers

LONGEST_PAUSE = 365


def pause_end(mailing_list: MailingList, known: Subscription, days: int, now: datetime) -> datetime:
    """Return when a pause of so many days ends that begins now: as the reader's local day begins.

    Raises:
        ChoiceError: it is no number of days from 1 to 365.
    """
    if not 1 <= days <= LONGEST_PAUSE:
        raise ChoiceError(f"A pause lasts from 1 to {LONGEST_PAUSE} days.", about="pause")
    where = zone(known.timezone or mailing_list.timezone)
    return instant(now.astimezone(where).date() + timedelta(days=days), time(0), where)


async def pause(app: App, slug: str, token: str, days: int) -> consent.Membership:
    """Mail a subscriber nothing for so many days; 0 ends a pause. Returns how the subscription stands now.

    Raises:
        InputError: as `consent.membership` and `pause_end`, or the subscription has ended.
    """
    found = await consent.membership(app, slug, token, purpose="preferences")
    await _keep(app, found.mailing_list, found.subscription, days)
    return await consent.membership(app, slug, token, purpose="preferences")


async def pause_by_admin(app: App, mailing_list: MailingList, address: str, days: int) -> datetime | None:
    """Do as `pause` for a subscriber who asked an admin; returns the pause's end.

    Raises:
        InputError: nobody who gets the list has the address, or as `pause_end`.
    """
    _, known = await subscribed(app, mailing_list, address)
    return await _keep(app, mailing_list, known, days)


async def _keep(app: App, mailing_list: MailingList, known: Subscription, days: int) -> datetime | None:
    until = pause_end(mailing_list, known, days, app.clock.now()) if days else None
    async with app.database.begin() as session:
        kept = await subscribers.keep_preferences(
            session, row_id(mailing_list), known.subscriber_id, {"paused_until": until}
        )
    if not kept:
        raise ended(mailing_list)
    return until
