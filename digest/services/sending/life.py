"""The whole life of one person here: consent, choices, every mail with the server's words, what came back."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from digest.deliver.bounces.score import Score
from digest.errors import NotFoundError
from digest.model import SuppressionRemoval
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience import subscribers
from digest.services.audience.admin import suppressing
from digest.services.audience.people import belonging
from digest.services.audience.subscribers import SubscriberProfile
from digest.services.bounces import scores
from digest.services.bounces.scores import BounceEvidence
from digest.services.sending import deliveries
from digest.storage.ledger.deliveries import Timeline
from digest.text.addresses.email_address import normalised


@dataclass(frozen=True, slots=True)
class PersonLife:
    """All that is known of a person. `mail` is newest first.

    `stopped`: why mail to the address is stopped. `is_whole`: nothing was left out for belonging to lists
    that are not shown.
    """

    evidence: BounceEvidence
    profile: SubscriberProfile
    mail: tuple[Timeline, ...]
    removed: tuple[SuppressionRemoval, ...]
    stopped: str | None = None
    is_whole: bool = True


async def of(
    app: App, address: str, most: int | None = None, *, seen: Collection[int] | None = None
) -> PersonLife:
    """Return the life of whoever has an address; `most`: of the newest editions alone.

    `seen`: as far as it belongs to these lists. That mail is stopped, or the address suppressed, shows then,
    too; why, and the score, when it is no other list's.

    Raises:
        InputError: it is no address, or nobody has it; the sentence says when it is suppressed.
    """
    suppressed = await suppressing.history_of(app, normalised(address))
    try:
        evidence = await scores.evidence(app, address)
    except NotFoundError as error:
        if suppressed.now is None:
            raise
        since = f"{suppressed.now.created_at:%Y-%m-%d}"
        raise NotFoundError(
            f"{error.message} It is suppressed since {since}: {suppressed.now.reason}.",
            remedy="`digest suppress show ADDRESS` says more.",
        ) from error
    person = evidence.person
    found = PersonLife(
        evidence,
        await subscribers.profile(app, address),
        tuple(await deliveries.who(app, address, most, seen=seen)),
        suppressed.removed,
        await belonging.reason(app, person, seen),
    )
    if seen is None:
        return found
    events = tuple(await belonging.returned(app, person, seen, scores.SHOWN))
    whole = await belonging.is_whole(app, person, seen)
    return replace(
        found,
        evidence=replace(evidence, events=events, score=evidence.score if whole else Score()),
        profile=_of_lists(found.profile, seen),
        removed=found.removed if whole else (),
        is_whole=whole,
    )


def _of_lists(profile: SubscriberProfile, seen: Collection[int]) -> SubscriberProfile:
    events = tuple(one for one in profile.events if one.list_id in seen)
    agreed = {one.text_key for one in events}
    return replace(
        profile,
        subscriptions=tuple(one for one in profile.subscriptions if row_id(one[0]) in seen),
        events=events,
        values={each: found for each, found in profile.values.items() if each in seen},
        tags={each: found for each, found in profile.tags.items() if each in seen},
        notices=tuple(one for one in profile.notices if one.list_id in seen),
        texts={key: text for key, text in profile.texts.items() if key in agreed},
    )
