"""Editing an edition at the desk: one form for each change, and no text that was typed is lost."""

from starlette.responses import Response

from digest.entrypoints.desk.editions_pages import edition_path, show_edition
from digest.entrypoints.desk.newsdesk.approving import version_of
from digest.entrypoints.desk.pages import desk_page, go_to, problem_of
from digest.entrypoints.desk.visit import DeskVisit
from digest.errors import InputError
from digest.services.editions import publish
from digest.services.editions.editing import editing, refreshing
from digest.services.editions.editing.editing import ChangeMade, EditConflictError
from digest.services.editions.editing.requests import EditRequest

WRITTEN = ("headline", "text", "url")
"""Fields in which somebody writes."""
MOST_ARTICLES = 100


async def edit(visit: DeskVisit) -> Response:
    """Make one change of an edition."""
    number = visit.number_in_path()
    asked = EditRequest(
        action=visit.field("action"),
        story=visit.field("story")[:100],
        headline=_written(visit, "headline"),
        text=_written(visit, "text"),
        section=visit.field("section"),
        place=_number(visit.field("place")),
        other=visit.field("other")[:100],
        articles=tuple(_number(one) for one in list(visit.every("article"))[:MOST_ARTICLES]),
        url=visit.field("url"),
    )
    try:
        made = await editing.edit(
            visit.app, visit.here, number, asked, visit.actor.name, seen=version_of(visit)
        )
    except EditConflictError as error:
        return await _again(visit, number, error, theirs=error.theirs, by=error.by)
    except InputError as error:
        if any(visit.field(name) for name in WRITTEN):
            return await _again(visit, number, error)
        return await show_edition(visit, status=422, problem=problem_of(error))
    return _made(visit, number, made, "edited")


def _written(visit: DeskVisit, name: str) -> str | None:
    """What was typed; None where it is what stood there, so that it undoes nobody else's words."""
    typed = next(visit.every(name), None)
    was = next(visit.every(f"{name}_was"), None)
    if typed is None or (was is not None and _plain(typed) == _plain(was)):
        return None
    return typed


def _plain(text: str) -> str:
    return " ".join(text.split())


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else 0


async def _again(
    visit: DeskVisit, number: int, error: InputError, *, theirs: str = "", by: str = ""
) -> Response:
    """Show what was typed once more, with what somebody else wrote meanwhile, if anybody did."""
    edition = await publish.by_number(visit.app, visit.here, number)
    view = {
        "edition": edition,
        "theirs": theirs,
        "by": by.partition(":")[2],
        "typed": [(name, visit.field(name)) for name in WRITTEN if visit.field(name)],
        "carried": [
            (name, visit.field(name)) for name in ("action", "story", "section", "place") if visit.field(name)
        ],
    }
    status = 409 if theirs else 422
    return desk_page(visit, "conflict", view, status=status, problem=problem_of(error))


def _made(visit: DeskVisit, number: int, made: ChangeMade, done: str) -> Response:
    if made.before or made.after:
        visit.changed(str(number), before=made.before, after=made.after)
    anchor = f"#s-{made.story}" if made.story.replace("-", "").isalnum() else ""
    return go_to(f"{edition_path(visit, number)}?done={done}{anchor}")


async def undo(visit: DeskVisit) -> Response:
    """Take the last edit back."""
    number = visit.number_in_path()
    try:
        made = await editing.undo(visit.app, visit.here, number, seen=version_of(visit))
    except InputError as error:
        return await show_edition(visit, status=409, problem=problem_of(error))
    return _made(visit, number, made, "undone")


async def refresh(visit: DeskVisit) -> Response:
    """Collect and compose anew, and keep all edits."""
    number = visit.number_in_path()
    try:
        made = await refreshing.refresh(visit.app, visit.here, number, seen=version_of(visit))
    except InputError as error:
        return await show_edition(visit, status=409, problem=problem_of(error))
    return _made(visit, number, made, "refreshed")
