"""What an account may do, for which list. Pure: roles give rights, and nothing else does."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Protocol


class Role(StrEnum):
    """What somebody is in the newsroom, for one list or for all."""

    OWNER = "owner"
    ADMIN = "admin"
    EDITOR = "editor"
    PUBLISHER = "publisher"
    LIST_MANAGER = "list_manager"
    VIEWER = "viewer"


class Right(StrEnum):
    """What a page or a command of the desk asks for."""

    SEE = "see"
    EDIT = "edit"
    SEND = "send"
    PEOPLE = "people"
    SETTINGS = "settings"
    AUDIT = "audit"
    ACCOUNTS = "accounts"
    OWNERS = "owners"


RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.ADMIN: frozenset(Right) - {Right.OWNERS},
    Role.EDITOR: frozenset({Right.SEE, Right.EDIT}),
    Role.PUBLISHER: frozenset({Right.SEE, Right.SEND}),
    Role.LIST_MANAGER: frozenset({Right.SEE, Right.PEOPLE}),
    Role.VIEWER: frozenset({Right.SEE}),
}
"""To edit and to send are two rights: who writes does not decide alone that it goes out."""
OF_THE_HOUSE = frozenset({Right.AUDIT, Right.ACCOUNTS, Right.OWNERS})
"""Rights over no list: a role for one list does not give them."""


class Held(Protocol):
    """A role that somebody has; `list_id` None: for all lists."""

    role: Role
    list_id: int | None


def may(held: Iterable[Held], right: Right, list_id: int | None) -> bool:
    """Say whether the roles give a right over a list; `list_id` None: over all lists, or over the house."""
    for one in held:
        if right not in RIGHTS[one.role]:
            continue
        if one.list_id is None or (one.list_id == list_id and right not in OF_THE_HOUSE):
            return True
    return False


def may_anywhere(held: Iterable[Held], right: Right) -> bool:
    """Say whether the roles give a right over any list."""
    return any(
        right in RIGHTS[one.role] and (one.list_id is None or right not in OF_THE_HOUSE) for one in held
    )


def lists_of(held: Iterable[Held], right: Right) -> frozenset[int] | None:
    """Return the ids of the lists over which the roles give a right; None: all lists."""
    found = set()
    for one in held:
        if right in RIGHTS[one.role]:
            if one.list_id is None:
                return None
            found.add(one.list_id)
    return frozenset(found)


def may_give(held: Iterable[Held], role: Role) -> bool:
    """Say whether who has these roles may give a role, or change an account that has it."""
    wanted = Right.OWNERS if role is Role.OWNER else Right.ACCOUNTS
    return may(held, wanted, None)
