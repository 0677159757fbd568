"""Acts on many people at once: asked once more with their number, done, and told with what was skipped."""

from collections.abc import AsyncIterator, Sequence
from urllib.parse import urlencode

from starlette.responses import Response, StreamingResponse

from digest.entrypoints.desk.pages import desk_page, problem_of
from digest.entrypoints.desk.people.finding_page import asked_by, filter_of, number
from digest.entrypoints.desk.visit import DeskVisit
from digest.errors import InputError, RefusedError
from digest.model import Right
from digest.services.audience.admin import exporting
from digest.services.audience.admin.exporting import ExportRequest
from digest.services.audience.people import bulk
from digest.services.audience.people.bulk import BulkDone
from digest.services.audience.people.finding import PeopleFilter

ACTS = ("tag", "untag", "remove", "export")


async def act(visit: DeskVisit) -> Response:
    """Do something to the people who are marked, or to all who fit; what cannot be taken back is asked
    first.
    """
    what, word = visit.field("what"), visit.field("tag_given")[:200].strip()
    wanted = filter_of(visit, of_form=True)
    marked = None if visit.field("whom") == "all" else _marked(visit)
    try:
        if what not in ACTS:
            raise RefusedError("choice", "There is no such act.")
        if what in {"tag", "untag"} and not word:
            raise RefusedError("no_tag", "There is no tag.")
        ids = await bulk.chosen(visit.app, visit.here, wanted, marked)
        if what == "export":
            visit.changed(after={"people": len(ids)})
            seen = visit.lists_with(Right.PEOPLE)
            lines = exporting.csv_lines(visit.app, ExportRequest(slug=visit.here.slug, ids=ids, seen=seen))
            return csv_answer(visit, _from("\ufeff", lines))
        if what == "remove" and visit.field("sure") != "yes":
            return _asked(visit, what, ids if marked is not None else (), len(ids), wanted)
        done = await _do(visit, what, ids, word)
    except InputError as error:
        view = {
            "act": what,
            "count": 0,
            "ids": (),
            "done_now": None,
            "wanted": wanted,
            "back": _back(visit, wanted),
        }
        return desk_page(visit, "people/acted", view, status=422, problem=problem_of(error))
    if done.done:
        visit.changed(after={"act": what, "people": done.done, **({"tag": word} if word else {})})
    view = {
        "act": what,
        "count": len(ids),
        "ids": (),
        "done_now": done,
        "wanted": wanted,
        "back": _back(visit, wanted),
    }
    return desk_page(visit, "people/acted", view)


async def _do(visit: DeskVisit, what: str, ids: Sequence[int], word: str) -> BulkDone:
    if what == "remove":
        return await bulk.remove(visit.app, visit.here, ids, by=visit.actor.name)
    doing = bulk.tag if what == "tag" else bulk.untag
    return await doing(visit.app, visit.here, ids, word)


def _asked(visit: DeskVisit, what: str, ids: Sequence[int], count: int, wanted: PeopleFilter) -> Response:
    view = {
        "act": what,
        "count": count,
        "ids": ids,
        "done_now": None,
        "wanted": wanted,
        "back": _back(visit, wanted),
    }
    return desk_page(visit, "people/acted", view)


def _back(visit: DeskVisit, wanted: PeopleFilter) -> str:
    query = urlencode(asked_by(wanted))
    return f"/desk/lists/{visit.here.slug}/people{'?' if query else ''}{query}"


def _marked(visit: DeskVisit) -> list[int]:
    return [found for one in visit.every("person") if (found := number(one)) is not None]


async def export(visit: DeskVisit) -> Response:
    """Export a list's people, or those of a segment, as CSV that is read while it is written."""
    segment, machine = visit.field("segment")[:200].strip(), visit.field("machine") == "yes"
    asked = ExportRequest(
        slug=visit.here.slug,
        segment=segment or None,
        machine=machine,
        seen=visit.lists_with(Right.PEOPLE),
    )
    lines = exporting.csv_lines(visit.app, asked)
    first = await anext(lines)  # what is wrong with the segment is said before the answer begins
    visit.changed(after={"segment": segment, "machine": machine})
    return csv_answer(visit, _from(first if machine else f"\ufeff{first}", lines))


async def _from(first: str, rest: AsyncIterator[str]) -> AsyncIterator[str]:
    """Put something first: spreadsheets take a mark at the beginning for UTF-8."""
    yield first
    async for more in rest:
        yield more


def csv_answer(visit: DeskVisit, lines: AsyncIterator[str]) -> Response:
    """Return CSV as a file of the list's name."""
    name = f"{visit.here.slug}-{visit.now:%Y-%m-%d}.csv"
    return StreamingResponse(
        lines,
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )
