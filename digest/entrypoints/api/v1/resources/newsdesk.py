"""Editions that wait for people: edited, approved, stopped, put off."""

from collections.abc import Awaitable, Callable

from digest.entrypoints.api.v1.call import ApiCall
from digest.entrypoints.api.v1.shapes.editions import EditAsked, EditionEdited, EditShown
from digest.entrypoints.api.v1.table import ApiAnswer
from digest.model import Edition
from digest.services.editions.composing.find import by_number
from digest.services.editions.editing import editing
from digest.services.editions.editing.editing import ChangeMade
from digest.services.editions.editing.requests import EditRequest
from digest.services.editions.lifecycle import awaiting


async def show_edits(call: ApiCall) -> ApiAnswer:
    """Return an edition as it is edited."""
    return ApiAnswer(await _edited(call))


async def edit_edition(call: ApiCall) -> ApiAnswer:
    """Change an edition that waits for its approval."""
    sent: EditAsked = call.body
    asked = sent.model_dump(exclude={"version", "articles"})
    request = EditRequest(**asked, articles=tuple(sent.articles))
    made = await editing.edit(
        call.app, call.here, call.number("number"), request, call.actor.name, seen=sent.version
    )
    return await _changed(call, made)


async def undo_edit(call: ApiCall) -> ApiAnswer:
    """Take the last edit back."""
    made = await editing.undo(call.app, call.here, call.number("number"), seen=call.body.version)
    return await _changed(call, made)


async def approve_edition(call: ApiCall) -> ApiAnswer:
    """Approve an edition; it begins at its time, after the list's cooling-off."""
    asked = {"version": call.body.version, "at_once": call.body.at_once}
    return await _after(call, lambda it: awaiting.approve_draft(call.app, it, call.actor.name, **asked))


async def stop_edition(call: ApiCall) -> ApiAnswer:
    """Take an approval back before the edition begins."""
    return await _after(call, lambda it: awaiting.stop(call.app, it, call.actor.name))


async def schedule_edition(call: ApiCall) -> ApiAnswer:
    """Set when an edition goes out that has not begun."""
    return await _after(call, lambda it: awaiting.put_off(call.app, it, call.body.due_at))


async def _after(call: ApiCall, act: Callable[[Edition], Awaitable[Edition]]) -> ApiAnswer:
    """Do something to the edition that is meant, write down how it stood and stands, and answer with it."""
    edition = await _edition(call)
    before = _state(edition)
    call.changed(str(edition.number), before=before, after=_state(await act(edition)))
    return ApiAnswer(await _edited(call))


def _state(edition: Edition) -> dict[str, object]:
    return {"state": edition.state.value, "due_at": edition.due_at, "approved_by": edition.approved_by}


async def _edition(call: ApiCall) -> Edition:
    return await by_number(call.app, call.here, call.number("number"))


async def _changed(call: ApiCall, made: ChangeMade) -> ApiAnswer:
    if made.before or made.after:
        call.changed(str(made.edition.number), before=made.before, after=made.after)
    return ApiAnswer(await _edited(call))


async def _edited(call: ApiCall) -> EditionEdited:
    one = await editing.edited(call.app, call.here, call.number("number"))
    return EditionEdited(
        number=one.edition.number,
        version=one.edition.version,
        state=one.edition.state,
        due_at=one.edition.due_at,
        approved_by=one.edition.approved_by,
        content=one.now.content,
        dropped=list(one.now.dropped),
        edits=[
            EditShown(
                version=row.version,
                kind=str(row.edit["kind"]),
                story=str(row.edit.get("story", "")),
                by=row.made_by,
                at=row.made_at,
            )
            for row in one.edits
        ],
    )
