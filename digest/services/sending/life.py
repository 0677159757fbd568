"""The whole life of one person here: consent, choices, every mail with the server's words, what came back."""

from dataclasses import dataclass

from digest.errors import NotFoundError
from digest.model import SuppressionRemoval
from digest.services.app import App
from digest.services.audience import subscribers
from digest.services.audience.admin import suppressing
from digest.services.audience.subscribers import SubscriberProfile
from digest.services.bounces import scores
from digest.services.bounces.scores import BounceEvidence
from digest.services.sending import deliveries
from digest.storage.ledger.deliveries import Timeline
from digest.text.addresses.email_address import normalised


@dataclass(frozen=True, slots=True)
class PersonLife:
    """All that is known of a person. `mail` is newest first."""

    evidence: BounceEvidence
    profile: SubscriberProfile
    mail: tuple[Timeline, ...]
    removed: tuple[SuppressionRemoval, ...]


async def of(app: App, address: str, most: int | None = None) -> PersonLife:
    """Return the life of whoever has an address; `most`: of the newest editions alone.

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
    return PersonLife(
        evidence,
        await subscribers.profile(app, address),
        tuple(await deliveries.who(app, address, most)),
        suppressed.removed,
    )
