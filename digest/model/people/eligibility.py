"""Who may be mailed an edition: one rule for all who ask. Pure.

SQL repeats parts of it where a list has too many readers to ask one by one (`storage.audience.eligible`); a
test holds it against this on both databases.
"""

from datetime import datetime
from typing import Protocol

from digest.model.editions.edition import EditionKind
from digest.model.people.subscriber import AlertChoice, Frequency, SubscriptionState

DELETED, LEFT, DISABLED, SUPPRESSED, NOT_WANTED, SAMPLE, NO_ALERTS, PAUSED = (
    "deleted",
    "left",
    "disabled",
    "suppressed",
    "frequency",
    "sample",
    "alerts",
    "paused",
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

    @property
    def paused_until(self) -> datetime | None:
        """Until when nothing is mailed; None: it is."""


class HasDays(Protocol):
    """What the rule of days reads of a subscription."""

    @property
    def days(self) -> int:
        """On which days of the week daily editions are wanted, as bits."""

    @property
    def weekly_day(self) -> int | None:
        """On which day the weekly one is wanted; None: on the list's."""


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
    now: datetime | None = None,
) -> str | None:
    """Say why a person may not be mailed an edition; None: they may. Without an edition: any of the list's at
    all.

    They confirmed and did not leave, nothing disables or suppresses the address, and the edition is of a kind
    they want: who chose the weekly editions gets no others, and one that is `for_weekly_readers` goes to
    nobody else. An alert goes to those alone who chose alerts, however often they want the rest. Who made a
    pause that lasts at `now` gets no edition. A sample reader gets nothing where mail is `real`: where it
    leaves this machine.

    On which days of the week an edition is wanted is asked once, when its audience is frozen (`wants_day`).
    """
    if subscriber is None:
        return DELETED
    if subscription is None or subscription.state != SubscriptionState.CONFIRMED:
        return LEFT
    if subscriber.disabled_reason is not None:
        return DISABLED
    if subscriber.sample and real:
        return SAMPLE
    if edition is not None and is_paused(subscription.paused_until, now):
        return PAUSED
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


def is_paused(until: datetime | None, now: datetime | None) -> bool:
    """Say whether a pause lasts at an instant. At its very end it does not."""
    return until is not None and now is not None and now < until


def wants_day(subscription: HasDays, edition: HasKind, weekday: int, *, for_any_day: bool = True) -> bool:
    """Say whether an edition that is delivered on a local day of the week (Monday is 0) is wanted on it.

    Daily ones are on the days that were chosen. One `for_weekly_readers` is on the day that was chosen, and,
    when it is `for_any_day`, for those who chose none. All others are on every day.
    """
    if edition.kind == EditionKind.DAILY:
        return bool(subscription.days >> weekday & 1)
    if edition.kind == EditionKind.WEEKLY and edition.for_weekly_readers:
        return for_any_day if subscription.weekly_day is None else subscription.weekly_day == weekday
    return True
