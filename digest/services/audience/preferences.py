"""What a subscriber wants of a list: which sections, how often, and which alerts."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from digest.errors import InputError, NotFoundError
from digest.model import AlertChoice, Frequency, MailingList, Subscription
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience import consent, lists
from digest.services.schedule import slots
from digest.services.schedule.quiet import QuietHours
from digest.storage.audience import subscribers
from digest.text.addresses.email_address import normalised


@dataclass(frozen=True, slots=True)
class Preferences:
    """A choice. `sections` are keys in the list's order; None: all of them, those too that the list will
    have.

    In `quiet_hours` (HH:MM-HH:MM in the list's zone; empty: none) no alert reaches the reader.
    """

    sections: tuple[str, ...] | None
    frequency: Frequency
    alerts: AlertChoice = AlertChoice.NONE
    quiet_hours: str = ""


@dataclass(frozen=True, slots=True)
class AlertPreferences:
    """Which alerts are wanted, and when none; what is None stays as it is."""

    alerts: AlertChoice | None = None
    quiet_hours: str | None = None


UNCHANGED = AlertPreferences()


def has_weekly(mailing_list: MailingList) -> bool:
    """Say whether readers of a list can have it once a week instead."""
    return any(slot.for_weekly_readers for slot in slots.slots_of(mailing_list))


def checked_preferences(
    mailing_list: MailingList, sections: Collection[str], frequency: Frequency
) -> Preferences:
    """Check a choice.

    Raises:
        InputError: no section of the list is chosen, or it has no weekly edition.
    """
    keys = [spec.key for spec in lists.specs(mailing_list)]
    kept = tuple(key for key in keys if key in sections)
    if not kept:
        raise InputError("No section of the list is chosen.", remedy=f"It has {', '.join(keys)}.")
    if frequency is Frequency.WEEKLY and not has_weekly(mailing_list):
        raise InputError(f"The list {mailing_list.slug} has no weekly edition beside its own.")
    return Preferences(None if len(kept) == len(keys) else kept, frequency)


async def choose(
    app: App,
    slug: str,
    token: str,
    sections: Collection[str],
    frequency: Frequency,
    *,
    alerts: AlertPreferences = UNCHANGED,
) -> consent.Membership:
    """Keep what a subscriber chose on the page of preferences; returns how the subscription stands now.

    Raises:
        InputError: as `consent.membership` and `checked_preferences`, the quiet hours are none, or the
            subscription has ended.
    """
    found = await consent.membership(app, slug, token, purpose="preferences")
    chosen = _with_alerts(
        checked_preferences(found.mailing_list, sections, frequency), found.subscription, alerts
    )
    await _keep(app, found.mailing_list, row_id(found.person), chosen)
    return await consent.membership(app, slug, token, purpose="preferences")


async def set_by_admin(
    app: App,
    mailing_list: MailingList,
    address: str,
    *,
    sections: Collection[str] | None = None,
    frequency: Frequency | None = None,
    alerts: AlertPreferences = UNCHANGED,
) -> Preferences:
    """Keep what a subscriber asked an admin for; what is None stays as it is. Returns the whole choice.

    Raises:
        InputError: nobody who gets the list has the address, a section is none of the list's, the quiet hours
            are none, or as `checked_preferences`.
    """
    email = normalised(address)
    keys = [spec.key for spec in lists.specs(mailing_list)]
    unknown = sorted(set(sections or ()) - set(keys))
    if unknown:
        raise InputError(
            f"The list {mailing_list.slug} has no section {', '.join(unknown)}.",
            remedy=f"It has {', '.join(keys)}.",
        )
    async with app.database.begin() as session:
        person = await subscribers.by_email(session, email)
        known = (
            await subscribers.subscription(session, row_id(mailing_list), row_id(person)) if person else None
        )
    if person is None or known is None:
        raise NotFoundError(f"{email} does not get the list {mailing_list.slug}.")
    before = keys if known.sections is None else known.sections
    chosen = checked_preferences(
        mailing_list, before if sections is None else sections, frequency or known.frequency
    )
    chosen = _with_alerts(chosen, known, alerts)
    await _keep(app, mailing_list, row_id(person), chosen)
    return chosen


def _with_alerts(chosen: Preferences, known: Subscription, wanted: AlertPreferences) -> Preferences:
    hours = known.quiet_hours if wanted.quiet_hours is None else wanted.quiet_hours.strip()
    QuietHours.read(hours)
    return replace(chosen, alerts=wanted.alerts or known.alerts, quiet_hours=hours)


async def _keep(app: App, mailing_list: MailingList, subscriber_id: int, chosen: Preferences) -> None:
    async with app.database.begin() as session:
        kept = await subscribers.keep_preferences(
            session,
            row_id(mailing_list),
            subscriber_id,
            chosen.sections,
            chosen.frequency,
            alerts=chosen.alerts,
            quiet_hours=chosen.quiet_hours,
        )
    if not kept:
        raise InputError(
            f"This subscription to {mailing_list.slug} has ended.", remedy="Subscribe again first."
        )
