"""What a list reads, with weights of its own; and why a story is in its edition, or not."""

from contextlib import suppress
from datetime import date

from starlette.responses import Response

from digest.entrypoints.desk.pages import desk_page, go_to, problem_of
from digest.entrypoints.desk.sources.overview import weight_of
from digest.entrypoints.desk.visit import DeskVisit
from digest.errors import InputError, RefusedError
from digest.model import Right
from digest.model.rows import row_id
from digest.services.audience.list_sources import SourceChanges, SourceOfList, change_sources, sources_of
from digest.services.editions.composing.answers import StoryAnswer, answers_for

LONGEST_QUESTION = 500


async def list_sources_page(visit: DeskVisit) -> Response:
    """Show which sources a list reads, and what each weighs there."""
    return await _page(visit)


async def _page(visit: DeskVisit, *, status: int = 200, problem: str = "") -> Response:
    _, seen = await sources_of(visit.app, visit.here.slug)
    return desk_page(visit, "sources/of_list", {"seen": seen}, status=status, problem=problem)


async def set_list_sources(visit: DeskVisit) -> Response:
    """Set which sources a list reads, and what they weigh there."""
    _, seen = await sources_of(visit.app, visit.here.slug)
    read = set(visit.every("read"))
    try:
        changes = SourceChanges(
            add=[_id(one) for one in seen if not one.is_read and _id(one) in read],
            remove=[_id(one) for one in seen if one.is_read and _id(one) not in read],
            weights=_weights(visit, seen, read),
            every=visit.field("every") == "yes",
        )
        if changes:
            await change_sources(visit.app, visit.here.slug, changes)
    except RefusedError as error:
        return await _page(visit, status=422, problem=problem_of(error))
    except InputError:
        return await _page(visit, status=422, problem="refused_reads_none")
    if changes:
        names = {_id(one): one.source.name or one.source.location for one in seen}
        visit.changed(
            visit.here.slug,
            after={
                "add": [names[one] for one in changes.add],
                "remove": [names[one] for one in changes.remove],
                "weights": {names[one]: weight for one, weight in changes.weights},
                "every": changes.every,
            },
        )
    return go_to(f"/desk/lists/{visit.here.slug}/sources?done=saved")


def _id(one: SourceOfList) -> str:
    return str(row_id(one.source))


def _weights(visit: DeskVisit, seen: list[SourceOfList], read: set[str]) -> list[tuple[str, float]]:
    """The weights that differ from those in force; a field that was left empty says nothing."""
    found = []
    for one in seen:
        typed = visit.field(f"weight-{_id(one)}").strip()
        if typed and _id(one) in read:
            weight = weight_of(typed[:20])
            if weight != one.weight:
                found.append((_id(one), weight))
    return found


async def why_page(visit: DeskVisit) -> Response:
    """Say why a story is in the edition of a date, or not."""
    wanted, day = visit.asked("story").strip()[:LONGEST_QUESTION], _day(visit.asked("date"))
    # What somebody chose is shown to who looks after people alone.
    reader = visit.asked("reader").strip()[:320] if visit.may(Right.PEOPLE) else ""
    problem = ""
    answers: tuple[StoryAnswer, ...] = ()
    try:
        if wanted:
            answers = await answers_for(visit.app, visit.here, wanted, day, reader=reader)
    except InputError:
        problem = "refused_no_reader"
    view = {
        "wanted": wanted,
        "date": day.isoformat() if day else "",
        "reader": reader,
        "answers": answers,
    }
    return desk_page(visit, "sources/why", view, problem=problem)


def _day(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text)
    return None
