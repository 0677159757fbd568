"""Who works at the desk: invitations, roles, and who is let in."""

from collections.abc import Sequence
from contextlib import suppress

from starlette.responses import Response

from digest.entrypoints.desk.pages import desk_page, go_to, problem_of
from digest.entrypoints.desk.visit import DeskVisit
from digest.errors import InputError, RefusedError
from digest.model import AccountRole, Role
from digest.model.accounts.roles import may_give
from digest.model.rows import row_id
from digest.services.accounts import invitations, staff
from digest.services.audience import lists
from digest.text.addresses.email_address import normalised

HOME = "/desk/accounts"


async def accounts_page(visit: DeskVisit) -> Response:
    """Show who works here, and who is invited."""
    return await _page(visit)


async def _page(visit: DeskVisit, *, status: int = 200, problem: str = "", email: str = "") -> Response:
    every = await lists.all_lists(visit.app)
    view = {
        "staff": await staff.everyone(visit.app),
        "lists": every,
        "names": {row_id(one): one.name for one in every},
        "roles": [one for one in Role if may_give(visit.who.roles, one)],
        "changeable": lambda roles: all(may_give(visit.who.roles, one.role) for one in roles),
        "own_id": visit.who.id,
        "email": email,
    }
    return desk_page(visit, "accounts", view, status=status, problem=problem)


async def invite(visit: DeskVisit) -> Response:
    """Mail an invitation."""
    email, slug = visit.field("email")[:320], visit.field("list")
    try:
        role = _role(visit.field("role"))
        if not may_give(visit.who.roles, role):
            raise RefusedError("not_yours", "Only an owner makes owners.")
        if not email.strip():
            raise RefusedError("address", "There is no address.")
        _require_address(email)
        await invitations.invite(
            visit.app, role, email=email, list_slug=slug, language=visit.language, by_mail=True
        )
    except InputError as error:
        return await _page(visit, status=422, problem=problem_of(error), email=email)
    visit.changed(email.strip().lower(), after={"role": role.value, "list": slug})
    return go_to(f"{HOME}?done=invited")


def _require_address(typed: str) -> None:
    try:
        normalised(typed)
    except InputError as error:
        raise RefusedError("not_an_address", str(error)) from error


async def withdraw(visit: DeskVisit) -> Response:
    """Take an invitation back."""
    try:
        link = await invitations.withdraw(visit.app, visit.number_in_path("id"))
    except RefusedError as error:
        return await _page(visit, status=422, problem=problem_of(error))
    visit.changed(link.email, before={"role": link.role.value if link.role else ""})
    return go_to(f"{HOME}?done=withdrawn")


async def set_roles(visit: DeskVisit) -> Response:
    """Give an account other roles: for all lists, and for some."""
    try:
        wanted = await _wanted(visit)
        had, account = await staff.set_roles(visit.app, visit.who.roles, visit.number_in_path("id"), wanted)
    except RefusedError as error:
        return await _page(visit, status=422, problem=problem_of(error))
    visit.changed(
        account.email,
        before={"roles": _named(had)},
        after={"roles": [f"{role.value}{f'@{list_id}' if list_id else ''}" for role, list_id in wanted]},
    )
    return go_to(f"{HOME}?done=saved")


async def set_active(visit: DeskVisit) -> Response:
    """Shut an account out, or let it in again."""
    active = visit.field("active") == "yes"
    try:
        account = await staff.set_active(
            visit.app, visit.who.roles, visit.number_in_path("id"), active=active, own_id=visit.who.id
        )
    except RefusedError as error:
        return await _page(visit, status=422, problem=problem_of(error))
    visit.changed(account.email, before={"active": not active}, after={"active": active})
    return go_to(f"{HOME}?done=saved")


def _named(roles: Sequence[AccountRole]) -> list[str]:
    return [f"{one.role.value}{f'@{one.list_id}' if one.list_id else ''}" for one in roles]


def _role(name: str) -> Role:
    with suppress(ValueError):
        return Role(name)
    raise RefusedError("choice", "There is no such role.")


async def _wanted(visit: DeskVisit) -> list[tuple[Role, int | None]]:
    """The roles that boxes were ticked for: `role` holds ROLE for all lists, or ROLE@SLUG for one."""
    known = {one.slug: row_id(one) for one in await lists.all_lists(visit.app)}
    wanted: list[tuple[Role, int | None]] = []
    for chosen in visit.every("role"):
        name, _, slug = chosen.partition("@")
        if slug and slug not in known:
            raise RefusedError("choice", "There is no such list.")
        wanted.append((_role(name), known[slug] if slug else None))
    return list(dict.fromkeys(wanted))
