"""The first page: what needs somebody, what comes next, how the last send went."""

from starlette.responses import Response

from digest.entrypoints.desk.pages import desk_page
from digest.entrypoints.desk.visit import DeskVisit
from digest.model import Right
from digest.services.desk.guide import guide
from digest.services.desk.home import home


async def home_page(visit: DeskVisit) -> Response:
    """Show the first page."""
    may_set_up = visit.may_house(Right.SETTINGS)
    begun = await guide(visit.app) if may_set_up else None
    view = {
        "home": await home(visit.app, visit.who.roles),
        "next_step": begun.next_step if begun else "",
        "steps_aside": begun.aside if begun else 0,
    }
    return desk_page(visit, "home", view)
