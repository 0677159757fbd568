"""Editions: their list, one with its stories, and what can be done to it."""

import hashlib
from collections.abc import Awaitable, Callable

from starlette.responses import Response

from digest.entrypoints.desk.pages import desk_page, go_to, problem_of
from digest.entrypoints.desk.visit import LARGEST_NUMBER, DeskVisit
from digest.errors import EditionHeldError, InputError
from digest.model import DeliveryStatus, Edition, EditionState
from digest.services.app import App
from digest.services.desk import editions
from digest.services.editions import clicks, publish

MoveUseCase = Callable[[App, Edition], Awaitable[Edition]]
SMALL = 50_000
"""Of so many, the domains are counted while they are mailed; of more, only afterwards."""
MOST_OPENED = 10
TRIED_AGAIN = (DeliveryStatus.FAILED, DeliveryStatus.BOUNCED, DeliveryStatus.IN_DOUBT)


async def editions_page(visit: DeskVisit) -> Response:
    """Show a list's editions, newest first."""
    return await show_editions(visit)


async def show_editions(visit: DeskVisit, *, status: int = 200, problem: str = "") -> Response:
    """Show a list's editions, with what went wrong if something did."""
    below = visit.asked("below")
    wanted = (
        int(below) if below.isascii() and below.isdecimal() and int(below[:12]) <= LARGEST_NUMBER else None
    )
    found = await editions.page_of(visit.app, visit.here, wanted)
    shown, more = found[: editions.A_PAGE], len(found) > editions.A_PAGE
    view = {"editions": shown, "older": shown[-1].number if more else 0}
    return desk_page(visit, "editions", view, status=status, problem=problem)


async def edition_page(visit: DeskVisit) -> Response:
    """Show one edition with its stories."""
    return await show_edition(visit)


async def show_edition(visit: DeskVisit, *, status: int = 200, problem: str = "") -> Response:
    """Show an edition, with what went wrong if something did."""
    found = await editions.at_desk(visit.app, visit.here, visit.number_in_path())
    opened = await clicks.by_story(visit.app, found.edition) if found.edition.started_at else []
    view = {"one": found, "opened": opened[:MOST_OPENED]}
    return desk_page(visit, "edition", view, status=status, problem=problem)


async def progress_page(visit: DeskVisit) -> Response:
    """Show how a send goes; nothing again to who has it already."""
    found = await editions.at_desk(visit.app, visit.here, visit.number_in_path())
    began, is_small = found.edition.started_at is not None, found.edition.planned <= SMALL
    settled = found.edition.state is not EditionState.SENDING
    domains = await editions.by_domain(visit.app, found.edition) if began and (settled or is_small) else []
    answer = desk_page(visit, "progress", {"one": found, "domains": domains})
    tag = f'"{hashlib.sha256(bytes(answer.body)).hexdigest()[:32]}"'
    known = {
        one.strip().removeprefix("W/") for one in visit.request.headers.get("if-none-match", "").split(",")
    }
    if tag in known:
        return Response(status_code=304, headers={"etag": tag})
    answer.headers["etag"] = tag
    return answer


async def pause(visit: DeskVisit) -> Response:
    """Stop sending for now."""
    return await _moved(visit, "paused", editions.pause)


async def resume(visit: DeskVisit) -> Response:
    """Let a paused or held edition go on."""
    return await _moved(visit, "resumed", publish.resume)


async def cancel(visit: DeskVisit) -> Response:
    """End an edition for good."""
    return await _moved(visit, "cancelled", editions.cancel)


async def retry(visit: DeskVisit) -> Response:
    """Try again to reach those for whom it did not work out."""
    number = visit.number_in_path()
    chosen = [one for one in TRIED_AGAIN if one.value in set(visit.every("status"))]
    try:
        edition = await publish.by_number(visit.app, visit.here, number)
        count = await editions.retry(visit.app, edition, chosen)
    except InputError as error:
        return await show_edition(visit, status=422, problem=problem_of(error))
    visit.changed(str(number), after={"statuses": [one.value for one in chosen], "waiting_again": count})
    return go_to(f"{edition_path(visit, number)}?done=retried")


async def _moved(visit: DeskVisit, done: str, move: MoveUseCase) -> Response:
    number = visit.number_in_path()
    edition = await publish.by_number(visit.app, visit.here, number)
    before = edition.state.value
    if visit.field("state") not in {"", before}:
        return await show_edition(visit, status=409, problem="refused_moved")
    try:
        after = await move(visit.app, edition)
    except (InputError, EditionHeldError):
        return await show_edition(visit, status=422, problem="refused_move")
    if after.state.value != before:
        visit.changed(str(number), before={"state": before}, after={"state": after.state.value})
    return go_to(f"{edition_path(visit, number)}?done={done}")


def edition_path(visit: DeskVisit, number: int) -> str:
    """Return the address of an edition's page."""
    return f"/desk/lists/{visit.here.slug}/editions/{number}"
