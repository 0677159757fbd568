"""Segments of a list, counted as they are asked for."""

from pydantic import ValidationError

from digest.entrypoints.api.v1.call import ApiCall
from digest.entrypoints.api.v1.problems import ProblemError
from digest.entrypoints.api.v1.shapes.segments import SegmentCounted, SegmentHead, SegmentPage
from digest.entrypoints.api.v1.table import ApiAnswer
from digest.errors import NotFoundError
from digest.model import SegmentDefinition
from digest.model.versions import version_of
from digest.services.audience.segments import saved
from digest.services.audience.segments.saved import SegmentShown


async def list_segments(call: ApiCall) -> ApiAnswer:
    """Return a list's segments."""
    found = await saved.every(call.app, call.here)
    shown = [
        SegmentHead(name=one.name, definition=SegmentDefinition.model_validate(one.definition))
        for one in found
    ]
    return ApiAnswer(SegmentPage(items=shown))


async def show_segment(call: ApiCall) -> ApiAnswer:
    """Return a segment with how many people it means now."""
    found = await saved.show(call.app, call.here, call.word("name"))
    return _marked(found)


def _marked(found: SegmentShown) -> ApiAnswer:
    return ApiAnswer(_counted(found), mark=version_of(found.definition.model_dump(mode="json")))


async def keep_segment(call: ApiCall) -> ApiAnswer:
    """Save a segment, new or changed, and count it."""
    name = call.word("name")
    before = {one.name: one.definition for one in await saved.every(call.app, call.here)}.get(name)
    kept = await saved.keep(call.app, call.here, name, call.body, seen=call.seen)
    call.changed(
        name,
        before={"definition": before} if before else {},
        after={"definition": kept.definition.model_dump(mode="json")},
    )
    return _marked(kept)


async def remove_segment(call: ApiCall) -> ApiAnswer:
    """Remove a segment; editions that went out by it keep what it was."""
    name = call.word("name")
    before = {one.name: one.definition for one in await saved.every(call.app, call.here)}.get(name)
    if before is None:
        raise NotFoundError(f"The list {call.here.slug} has no segment {name!r}.")
    await saved.remove(call.app, call.here, name, seen=call.seen)
    call.changed(name, before={"definition": before})
    return ApiAnswer()


async def count_segment(call: ApiCall) -> ApiAnswer:
    """Count whom a definition means now, without saving it."""
    try:
        return ApiAnswer(_counted(await saved.look(call.app, call.here, call.body)))
    except ValidationError as error:
        raise ProblemError(422, "The definition cannot be asked.") from error


def _counted(found: SegmentShown) -> SegmentCounted:
    return SegmentCounted(
        name=found.name, definition=found.definition, people=found.count, readers=found.readers
    )
