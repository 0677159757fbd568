"""Approving, stopping and putting off an edition at the desk."""

from starlette.responses import Response

from digest.entrypoints.desk.editions_pages import edition_path, show_edition, show_editions
from digest.entrypoints.desk.pages import go_to, problem_of
from digest.entrypoints.desk.visit import DeskVisit
from digest.errors import EditionHeldError, InputError
from digest.services.editions import publish
from digest.services.schedule.local_time import clock_time, coming, zone


async def approve(visit: DeskVisit) -> Response:
    """Approve an edition as it stood when its page was shown."""
    number = visit.number_in_path()
    edition = await publish.by_number(visit.app, visit.here, number)
    before = edition.state.value
    try:
        found = await publish.approve_draft(
            visit.app,
            edition,
            visit.actor.name,
            version=version_of(visit),
            at_once=visit.field("when") == "now",
        )
    except InputError as error:
        return await show_edition(visit, status=409, problem=problem_of(error))
    except EditionHeldError:
        return await show_edition(visit, status=422, problem="refused_cannot_go")
    visit.changed(
        str(number),
        before={"state": before},
        after={"state": found.state.value, "begins": found.starts_at, "version": found.version},
    )
    return go_to(f"{edition_path(visit, number)}?done=approved")


async def compose(visit: DeskVisit) -> Response:
    """Compose today's edition now."""
    try:
        made = await publish.compose_now(visit.app, visit.here, visit.actor.name)
    except InputError as error:
        return await show_editions(visit, status=409, problem=problem_of(error))
    except EditionHeldError:
        return await show_editions(visit, status=422, problem="refused_cannot_go")
    visit.changed(str(made.number), after={"state": made.state.value, "subject": made.subject})
    return go_to(f"{edition_path(visit, made.number)}?done=composed")


async def stop(visit: DeskVisit) -> Response:
    """Take an approval back before the edition begins."""
    number = visit.number_in_path()
    edition = await publish.by_number(visit.app, visit.here, number)
    try:
        await publish.stop(visit.app, edition, visit.actor.name)
    except InputError as error:
        return await show_edition(visit, status=409, problem=problem_of(error))
    visit.changed(str(number), before={"approved_by": edition.approved_by}, after={"approved_by": ""})
    return go_to(f"{edition_path(visit, number)}?done=stopped")


async def schedule(visit: DeskVisit) -> Response:
    """Set the time at which an edition goes out."""
    number = visit.number_in_path()
    edition = await publish.by_number(visit.app, visit.here, number)
    try:
        at = clock_time(visit.field("at"))
    except InputError:
        return await show_edition(visit, status=422, problem="refused_due_at")
    due_at = coming(at, zone(visit.here.timezone), visit.app.clock.now())
    try:
        found = await publish.put_off(visit.app, edition, due_at)
    except InputError as error:
        return await show_edition(visit, status=409, problem=problem_of(error))
    visit.changed(str(number), before={"due_at": edition.due_at}, after={"due_at": found.due_at})
    return go_to(f"{edition_path(visit, number)}?done=scheduled")


def version_of(visit: DeskVisit) -> int:
    """Return the version of an edition that a form was filled in on; -1 for none, which no edition has."""
    typed = visit.field("version")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else -1
