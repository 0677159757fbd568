"""Who may be mailed an edition: one rule for all who ask. Pure.

SQL repeats parts of it where a list has too many readers to ask one by one (`storage.audience.wanting`); a
test holds it against this on both databases.
"""

from typing import Protocol

from digest.model.editions.edition import EditionKind
from digest.model.people.subscriber import AlertChoice, Frequency, SubscriptionState

DELETED, LEFT, DISABLED, SUPPRESSED, NOT_WANTED, SAMPLE, NO_ALERTS = (
    "deleted",
    "left",
    "disabled",
    "suppressed",
    "frequency",
    "sample",
    "alerts",
)


class HasState(Protocol):
    """What the rule reads of a subscription."""

    @property
    def state(self) -> SubscriptionState:
        """Where it stands."""

    @property
    def frequency(self) -> Frequency:
        """How often mail is wanted."""

    @property
    def alerts(self) -> AlertChoice:
        """Which alerts are wanted."""


class HasAddress(Protocol):
    """What the rule reads of a subscriber."""

    @property
    def disabled_reason(self) -> str | None:
        """Why nothing is mailed there; None: it is."""

    @property
    def sample(self) -> bool:
        """Whether the demo made this reader up."""


class HasKind(Protocol):
    """What the rule reads of an edition."""

    @property
    def kind(self) -> EditionKind:
        """What sort of issue it is."""

    @property
    def for_weekly_readers(self) -> bool:
        """Whether it is only for those who want the weekly editions."""

    @property
    def is_big(self) -> bool:
        """Whether an alert is for those, too, who want only the big ones."""


def may_receive(
    subscription: HasState | None,
    subscriber: HasAddress | None,
    suppressed: bool,  # noqa: FBT001 - one of the four things the rule is about
    edition: HasKind | None = None,
    *,
    real: bool = False,
) -> str | None:
    """Say why a person may not be mailed an edition; None: they may. Without an edition: any of the list's at
    all.

    They confirmed and did not leave, nothing disables or suppresses the address, and the edition is of a kind
    they want: who chose the weekly editions gets no others, and one that is `for_weekly_readers` goes to
    nobody else. An alert goes to those alone who chose alerts, however often they want the rest. A sample
    reader gets nothing where mail is `real`: where it leaves this machine.
    """
    if subscriber is None:
        return DELETED
    if subscription is None or subscription.state != SubscriptionState.CONFIRMED:
        return LEFT
    if subscriber.disabled_reason is not None:
        return DISABLED
    if subscriber.sample and real:
        return SAMPLE
    if edition is not None and edition.kind == EditionKind.BREAKING:
        if not _wants_alert(subscription.alerts, edition):
            return NO_ALERTS
    elif edition is not None and not _wants(subscription.frequency, edition):
        return NOT_WANTED
    return SUPPRESSED if suppressed else None


def _wants_alert(choice: AlertChoice, edition: HasKind) -> bool:
    return choice == AlertChoice.ALL or (choice == AlertChoice.BIG and edition.is_big)


def _wants(frequency: Frequency, edition: HasKind) -> bool:
    weekly = frequency == Frequency.WEEKLY
    if edition.kind != EditionKind.WEEKLY:
        return not weekly
    return weekly or not edition.for_weekly_readers
