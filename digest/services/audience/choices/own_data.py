"""What a subscriber may have of their own data: all that is kept, as values."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from digest.model import SubscriptionState
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience import consent, subscribers
from digest.services.audience.choices.rules import Preferences
from digest.storage.audience import lists
from digest.storage.audience import subscribers as stored
from digest.storage.ledger import deliveries

MOST_EDITIONS = 1_000


async def own_data(app: App, slug: str, token: str) -> dict[str, Any]:
    """Return all that is kept about a subscriber, ready for JSON: who, lists and choices, consent, what was
    sent.

    Raises:
        InputError: as `consent.membership`.
    """
    found = await consent.membership(app, slug, token, purpose="preferences")
    person = found.person
    profile = await subscribers.profile(app, person.email)
    async with app.database.begin() as session:
        sent = await deliveries.timelines(session, row_id(person), MOST_EDITIONS)
    names = {mailing_list.id: mailing_list.slug for mailing_list, _ in profile.subscriptions}
    return {
        "address": person.email,
        "name": person.name,
        "language": person.locale,
        "known_since": _stamp(person.created_at),
        "mail_stopped": person.disabled_reason,
        "lists": [
            {
                "list": mailing_list.slug,
                "name": mailing_list.name,
                "state": subscription.state.value,
                "asked_at": _stamp(subscription.requested_at),
                "confirmed_at": _stamp(subscription.confirmed_at),
                "left_at": _stamp(subscription.left_at),
                "consent": subscription.consent_how,
                "consent_from": subscription.consent_from,
                "paused_until": _stamp(subscription.paused_until),
                "choices": asdict(Preferences.of(subscription)),
                "fields": dict(profile.values.get(row_id(mailing_list), {})),
                "tags": list(profile.tags.get(row_id(mailing_list), ())),
            }
            for mailing_list, subscription in profile.subscriptions
        ],
        "consent_events": [
            {
                "list": names.get(event.list_id, ""),
                "at": _stamp(event.at),
                "event": event.event,
                "how": event.how,
                "from": event.came_from,
                "page": event.page,
                "agreed_to": profile.texts.get(event.text_key, ""),
            }
            for event in profile.events
        ],
        "editions": [
            {
                "list": names.get(one.edition.list_id, ""),
                "number": one.edition.number,
                "date": one.edition.local_date.isoformat(),
                "status": one.status.value,
                "reason": one.reason,
                "tries": [
                    {"at": _stamp(each.at), "code": each.code, "server_said": each.words}
                    for each in one.tries
                ],
            }
            for one in sent
        ],
    }


async def other_lists(app: App, found: consent.Membership) -> list[tuple[str, str, str]]:
    """Return the public lists that a subscriber does not get: slug, name, description."""
    async with app.database.begin() as session:
        every = await lists.all_lists(session)
        known = await stored.of_person(session, row_id(found.person))
    mine = {one.slug for one, kept in known if kept.state is SubscriptionState.CONFIRMED}
    return [
        (one.slug, one.name, one.description)
        for one in every
        if one.public and one.enabled and one.slug not in mine
    ]


def _stamp(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
