"""What came back: bounces and complaints, each on a page of its own, with the servers' words."""

from starlette.responses import Response

from digest.entrypoints.desk.pages import desk_page
from digest.entrypoints.desk.people.finding_page import number
from digest.entrypoints.desk.visit import DeskVisit
from digest.model import Right
from digest.services.audience.people import returned


async def bounces_page(visit: DeskVisit) -> Response:
    """Show bounces of a list's people."""
    return await _page(visit, "bounce")


async def complaints_page(visit: DeskVisit) -> Response:
    """Show complaints of a list's people."""
    return await _page(visit, "complaint")


async def _page(visit: DeskVisit, event: str) -> Response:
    step = visit.asked("step") if visit.asked("step") in returned.STEPS else ""
    before = number(visit.asked("before"))
    seen = visit.lists_with(Right.PEOPLE)
    found = await returned.page(visit.app, visit.here, event, before=before, step=step, seen=seen)
    view = {
        "event": event,
        "found": found,
        "step": step,
        "steps": returned.STEPS if event == "bounce" else (),
    }
    return desk_page(visit, "people/returned", view)
