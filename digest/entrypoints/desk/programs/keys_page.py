"""Keys of programs: shown, made, revoked. A key is on the page that answers its making, and never again."""

from starlette.responses import Response

from digest.entrypoints.desk.pages import desk_page, go_to, problem_of
from digest.entrypoints.desk.visit import DeskVisit
from digest.errors import InputError, RefusedError
from digest.model import Scope
from digest.model.programs.scopes import OF_ALL_LISTS
from digest.services.audience import lists
from digest.services.programs import keys

HOME = "/desk/programs/keys"
DAYS = (30, 90, 365)


async def keys_page(visit: DeskVisit) -> Response:
    """Show which keys there are."""
    return await _page(visit)


async def _page(visit: DeskVisit, *, status: int = 200, problem: str = "", made: str = "") -> Response:
    view = {
        "keys": await keys.every(visit.app),
        "scopes": list(Scope),
        "house": OF_ALL_LISTS,
        "lists": [one.mailing_list for one in await lists.every(visit.app)],
        "days": DAYS,
        "made": made,
        "name": visit.field("name")[:60] if problem else "",
        "ticked": set(visit.every("scope")) if problem else set(),
    }
    return desk_page(visit, "programs/keys", view, status=status, problem=problem)


async def add_key(visit: DeskVisit) -> Response:
    """Make a key and show it."""
    name, slug = visit.field("name").strip(), visit.field("list")
    scopes = list(dict.fromkeys(visit.every("scope")))
    days = visit.field("days")
    try:
        if days and days not in {str(one) for one in DAYS}:
            raise RefusedError("choice", "There is no such choice.")
        key = await keys.add(visit.app, name, scopes, list_slug=slug, days=int(days) if days else None)
    except InputError as error:
        return await _page(visit, status=422, problem=problem_of(error))
    visit.changed(name, after={"scopes": scopes, "list": slug, "days": days})
    return await _page(visit, made=key)


async def revoke_key(visit: DeskVisit) -> Response:
    """End a key at once."""
    name = visit.field("name")
    before = next((key for key, _ in await keys.every(visit.app) if key.name == name), None)
    was_open = before is not None and before.revoked_at is None
    await keys.revoke(visit.app, name)
    visit.changed(name, before={"open": was_open}, after={"open": False})
    return go_to(f"{HOME}?done=key_revoked")
