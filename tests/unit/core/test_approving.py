"""When an edition goes out that people approve."""

from datetime import timedelta

import pytest

from digest.errors import InputError
from digest.model import Approval, WithoutApproval
from digest.services.audience.list_settings import checked
from digest.services.schedule.approving import begins_at, composed_ahead, due_after_composing, goes_unapproved
from tests.builders import NOW, a_list

MINUTE = timedelta(minutes=1)


def test_only_a_list_whose_editions_people_approve_is_composed_ahead():
    assert composed_ahead(a_list()) == timedelta(0)
    waits = a_list(approval=Approval.OPTIONAL, compose_minutes_before=45)
    assert composed_ahead(waits) == 45 * MINUTE


@pytest.mark.parametrize(
    ("composed", "due"),
    [(-30, 0), (-1, 0), (0, 30), (10, 40), (350, 360), (400, 360)],
    ids=["in time", "at the last minute", "at its time", "late", "near the deadline", "past it"],
)
def test_an_edition_composed_late_leaves_people_as_much_time_but_not_past_its_deadline(
    composed: int, due: int
):
    found = due_after_composing(NOW, NOW + composed * MINUTE, 30 * MINUTE, NOW + 360 * MINUTE)
    assert found == NOW + due * MINUTE


def test_an_approved_edition_begins_at_its_time_and_never_before_the_cooling_off_is_over():
    due, cooling_off = NOW + 20 * MINUTE, 5 * MINUTE
    assert begins_at(due, NOW, cooling_off, at_once=False) == due
    assert begins_at(due, due - MINUTE, cooling_off, at_once=False) == due + 4 * MINUTE
    assert begins_at(due, NOW, cooling_off, at_once=True) == NOW + cooling_off
    assert begins_at(None, NOW, cooling_off, at_once=False) == NOW + cooling_off


@pytest.mark.parametrize(
    ("approval", "without", "stopped", "goes"),
    [
        ("none", "hold", "", True),
        ("optional", "send", "", True),
        ("optional", "hold", "", False),
        ("required", "send", "", False),
        ("required", "hold", "", False),
        ("none", "hold", "desk:amal", False),
        ("optional", "send", "desk:amal", False),
    ],
)
def test_what_nobody_approved_goes_out_only_where_the_list_says_so(
    approval: str, without: str, stopped: str, goes: bool
):
    mailing_list = a_list(approval=Approval(approval), without_approval=WithoutApproval(without))
    assert goes_unapproved(mailing_list, stopped) is goes


def test_a_list_cannot_ask_for_an_approval_and_send_without():
    asked = {"name": "موجز", "approval": "required"}
    assert checked(asked)["without_approval"] == "hold"
    with pytest.raises(InputError, match="never sent without"):
        checked({**asked, "without_approval": "send"})
    for wrong in ({"approval": "maybe"}, {"compose_minutes_before": 0}, {"cooling_off_minutes": 121}):
        with pytest.raises(InputError):
            checked({**asked, **wrong})
