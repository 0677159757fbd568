"""What roles allow, and when a login is locked."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from digest.model.accounts.lockout import locked_until
from digest.model.accounts.roles import OF_THE_HOUSE, RIGHTS, Right, Role, lists_of, may, may_give

NOW = datetime(2026, 1, 5, tzinfo=UTC)
SPAN = timedelta(minutes=15)


@dataclass(frozen=True)
class Given:
    role: Role
    list_id: int | None = None


def test_to_edit_and_to_send_are_two_rights():
    assert Right.SEND not in RIGHTS[Role.EDITOR]
    assert Right.EDIT not in RIGHTS[Role.PUBLISHER]
    both = (Given(Role.EDITOR, 1), Given(Role.PUBLISHER, 1))
    assert may(both, Right.EDIT, 1)
    assert may(both, Right.SEND, 1)
    assert not may(both, Right.SEND, 2)


def test_a_role_for_one_list_gives_nothing_over_the_house():
    for role in Role:
        for right in OF_THE_HOUSE:
            assert not may([Given(role, 1)], right, None)
            assert not may([Given(role, 1)], right, 1)


def test_only_an_owner_makes_owners():
    assert may_give([Given(Role.OWNER)], Role.OWNER)
    assert not may_give([Given(Role.ADMIN)], Role.OWNER)
    assert may_give([Given(Role.ADMIN)], Role.ADMIN)
    assert not may_give([Given(Role.PUBLISHER)], Role.VIEWER)


def test_which_lists_one_sees():
    assert lists_of([Given(Role.VIEWER)], Right.SEE) is None
    assert lists_of([Given(Role.VIEWER, 1), Given(Role.EDITOR, 2)], Right.SEE) == {1, 2}
    assert lists_of([], Right.SEE) == frozenset()


def test_so_many_failures_lock_until_the_oldest_of_them_is_past():
    failed = [NOW - timedelta(minutes=minute) for minute in range(3)]
    assert locked_until(failed, 3, SPAN) == NOW - timedelta(minutes=2) + SPAN
    assert locked_until(failed[:2], 3, SPAN) is None
    assert locked_until([], 3, SPAN) is None
