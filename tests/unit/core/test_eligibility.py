"""Who may be mailed an edition: the whole table."""

from itertools import product

import pytest

from digest.model import AlertChoice, EditionKind, Frequency, SubscriptionState
from digest.model.people.eligibility import may_receive
from tests.builders import a_subscriber, a_subscription, an_edition

DAILY, WEEKLY = Frequency.DAILY, Frequency.WEEKLY


def reason(
    state: str = "confirmed", disabled: str | None = None, suppressed: bool = False, **more
) -> str | None:
    edition = an_edition(
        1,
        kind=more.get("kind", "daily"),
        for_weekly_readers=more.get("weekly_only", False),
        is_big=more.get("is_big", True),
    )
    wish = a_subscription(
        1,
        1,
        state=SubscriptionState(state),
        frequency=more.get("frequency", DAILY),
        alerts=more.get("alerts", AlertChoice.NONE),
    )
    return may_receive(wish, a_subscriber(disabled_reason=disabled), suppressed, edition)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, None),
        ({"state": "pending"}, "left"),
        ({"state": "left"}, "left"),
        ({"disabled": "it bounced"}, "disabled"),
        ({"disabled": ""}, "disabled"),
        ({"suppressed": True}, "suppressed"),
        ({"state": "left", "suppressed": True}, "left"),
        ({"frequency": WEEKLY}, "frequency"),
        ({"kind": "breaking"}, "alerts"),
        ({"kind": "breaking", "alerts": AlertChoice.BIG}, None),
        ({"kind": "breaking", "alerts": AlertChoice.BIG, "is_big": False}, "alerts"),
        ({"kind": "breaking", "alerts": AlertChoice.ALL, "is_big": False}, None),
        ({"kind": "breaking", "alerts": AlertChoice.ALL, "frequency": WEEKLY}, None),
        ({"kind": "breaking", "alerts": AlertChoice.ALL, "state": "left"}, "left"),
        ({"kind": "daily", "alerts": AlertChoice.ALL, "frequency": WEEKLY}, "frequency"),
        ({"frequency": WEEKLY, "kind": "weekly"}, None),
        ({"frequency": DAILY, "kind": "weekly"}, None),
        ({"frequency": DAILY, "kind": "weekly", "weekly_only": True}, "frequency"),
        ({"frequency": WEEKLY, "kind": "weekly", "weekly_only": True}, None),
    ],
)
def test_who_may_receive_an_edition(given: dict, why: str | None):
    assert reason(**given) == why


def test_nobody_is_mailed_who_is_gone_or_never_asked():
    assert may_receive(None, None, False) == "deleted"
    assert may_receive(a_subscription(1, 1), None, False) == "deleted"
    assert may_receive(None, a_subscriber(), False) == "left"


def test_only_who_confirmed_is_mailed_whatever_else_holds():
    for state, disabled, suppressed, kind, frequency, weekly_only in product(
        ("pending", "left"), (None, "x"), (False, True), EditionKind, Frequency, (False, True)
    ):
        found = reason(state, disabled, suppressed, kind=kind, frequency=frequency, weekly_only=weekly_only)
        assert found == "left"
