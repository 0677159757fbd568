"""What readers are told besides: an alert now, and what a sent edition had wrong."""

from starlette.responses import Response

from digest.entrypoints.desk.editions_pages import edition_path, show_edition
from digest.entrypoints.desk.pages import desk_page, go_to, problem_of
from digest.entrypoints.desk.visit import DeskVisit
from digest.errors import DigestError, EditionHeldError, InputError, RefusedError
from digest.services.editions import publish
from digest.services.editions.alerts import by_editor, correcting

WHOLE = "-"
"""What the form of a correction says of one that is about the whole edition."""


async def alert_page(visit: DeskVisit) -> Response:
    """Show today's stories to choose from; of a chosen one, how many would get the alert."""
    return await _page(visit)


async def _page(visit: DeskVisit, *, status: int = 200, problem: str = "", chosen: str = "") -> Response:
    cases = await by_editor.stories(visit.app, visit.here)
    wanted = chosen or visit.asked("story")
    view = {
        "cases": cases,
        "chosen": next((one.story for one in cases if one.story.key == wanted), None),
        "reach": await by_editor.reach(visit.app, visit.here),
    }
    return desk_page(visit, "alert", view, status=status, problem=problem)


async def alert(visit: DeskVisit) -> Response:
    """Tell those who chose alerts of a story, now."""
    key = visit.field("story")[:100]
    reach = await by_editor.reach(visit.app, visit.here)
    if visit.field("readers") != str(reach.chose):
        return await _page(visit, status=409, problem="refused_reach_changed", chosen=key)
    try:
        made = await by_editor.alert(visit.app, visit.here, key)
    except InputError as error:
        return await _page(visit, status=422, problem=problem_of(error), chosen=key)
    except EditionHeldError:
        return await _page(visit, status=422, problem="refused_cannot_go", chosen=key)
    visit.changed(str(made.number), after={"alert": made.subject, "planned": made.planned})
    return go_to(f"{edition_path(visit, made.number)}?done=alerted")


async def correct(visit: DeskVisit) -> Response:
    """Keep what a sent edition had wrong, and in which story; that of an alert goes at once to those who got
    it.
    """
    number, text, story = visit.number_in_path(), visit.field("text"), visit.field("story")
    edition = await publish.by_number(visit.app, visit.here, number)
    if not story:
        return await show_edition(visit, status=422, problem="refused_correction_story")
    about = "" if story == WHOLE else story
    try:
        await correcting.correct(visit.app, visit.here, edition, text, about, waits=False)
    except RefusedError as error:
        return await show_edition(visit, status=422, problem=problem_of(error))
    except (InputError, DigestError):
        return await show_edition(visit, status=422, problem="refused_correction")
    visit.changed(str(number), after={"correction": text, "story": about})
    return go_to(f"{edition_path(visit, number)}?done=corrected")
