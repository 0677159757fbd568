"""The first page: what needs somebody, what comes next, how the last send went."""

from starlette.responses import Response

from digest.entrypoints.desk.pages import desk_page
from digest.entrypoints.desk.visit import DeskVisit
from digest.services.desk.home import home


async def home_page(visit: DeskVisit) -> Response:
    """Show the first page."""
    return desk_page(visit, "home", {"home": await home(visit.app, visit.who.roles)})
