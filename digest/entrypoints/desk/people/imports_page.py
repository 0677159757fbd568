"""The import of a file of people in steps: hand in, say which column is what, try, import, take back."""

import asyncio
import csv
import io
import re
from collections.abc import Mapping
from itertools import islice
from types import MappingProxyType

from markupsafe import Markup
from starlette.responses import Response

from digest.entrypoints.desk.pages import desk_page, go_to, problem_of
from digest.entrypoints.desk.visit import DeskVisit
from digest.entrypoints.templating import fill
from digest.errors import InputError, NotFoundError, PeopleFileError
from digest.model import UploadState
from digest.services.audience.imports.addresses import quoted
from digest.services.audience.people import upload_runs, uploads
from digest.services.audience.people.refused_lines import RefusedLine
from digest.services.audience.segments import fields

OUTCOMES = ("added", "known", "doubled", "left", "suppressed", "unconfirmed", "rejected")
ON_ITS_WAY = {UploadState.WAITING, UploadState.RUNNING}
FIRST = 20


def why(visit: DeskVisit, one: RefusedLine) -> Markup:
    """Say in the page's language why a line was not taken."""
    word = visit.words.get(f"import_why_{one.reason}", visit.words["import_why_other"])
    return fill(word, **_shown(visit, one.about))


def _shown(visit: DeskVisit, about: Mapping[str, str | int]) -> dict[str, str]:
    return {name: visit.number(value) if isinstance(value, int) else value for name, value in about.items()}


def _problem(visit: DeskVisit, error: InputError) -> tuple[str, Mapping[str, str]]:
    """The word of the catalogue for a file that is refused, and what fills it."""
    if isinstance(error, PeopleFileError):
        return f"refused_file_{error.reason}", _shown(visit, error.about)
    said = problem_of(error)
    return ("refused_no_table" if said == "refused_input" else said), {}


def _home(visit: DeskVisit) -> str:
    return f"/desk/lists/{visit.here.slug}/people/imports"


async def imports_page(visit: DeskVisit) -> Response:
    """Show what was handed in and imported, and the form for more."""
    return await _page(visit)


async def _page(
    visit: DeskVisit,
    *,
    status: int = 200,
    problem: str = "",
    about: Mapping[str, str] = MappingProxyType({}),
) -> Response:
    kept, runs = await upload_runs.history(visit.app, visit.here)
    view = {
        "uploads": [one for one in kept if one.state is not UploadState.DONE],
        "runs": runs,
        "outcomes": OUTCOMES,
        "about": about,
    }
    return desk_page(visit, "people/imports", view, status=status, problem=problem)


async def hand_in(visit: DeskVisit) -> Response:
    """Take a file, or lines that were pasted."""
    pasted = visit.field("pasted")
    if visit.upload is not None:
        name, content = visit.upload.filename or "", await visit.upload.read()
    else:
        name, content = visit.words["pasted_name"], pasted.encode()
    try:
        number = await uploads.keep(visit.app, visit.here, name, content)
        look = await uploads.look(visit.app, visit.here, number)
    except InputError as error:
        problem, about = _problem(visit, error)
        return await _page(visit, status=422, problem=problem, about=about)
    visit.changed(look.head.file)
    return go_to(f"{_home(visit)}/{number}")


async def upload_page(visit: DeskVisit) -> Response:
    """Show a file: its columns, what would come of it, how far it is, what came of it."""
    return await _upload(visit)


async def _upload(
    visit: DeskVisit,
    *,
    status: int = 200,
    problem: str = "",
    about: Mapping[str, str] = MappingProxyType({}),
) -> Response:
    number = visit.number_in_path("id")
    head = await uploads.of_list(visit.app, visit.here, number)
    look = await uploads.look(visit.app, visit.here, number) if head.state is UploadState.NEW else None
    first = look.first if look else islice(await uploads.refused_lines(visit.app, visit.here, number), FIRST)
    view = {
        "head": head,
        "look": look,
        "own": await fields.of_list(visit.app, visit.here),
        "first": [(one, why(visit, one)) for one in first],
        "about": about,
        "outcomes": OUTCOMES,
        "on_its_way": head.state in ON_ITS_WAY,
    }
    return desk_page(visit, "people/upload", view, status=status, problem=problem)


async def try_it(visit: DeskVisit) -> Response:
    """Keep which column is what, and say what would come of it."""
    number = visit.number_in_path("id")
    chosen = {
        int(name.removeprefix("column_")): value
        for name, value in visit.fields
        if re.fullmatch(r"column_\d{1,3}", name) and value
    }
    try:
        mapping = await uploads.choose(visit.app, visit.here, number, chosen)
        done = await uploads.dry_run(visit.app, visit.here, number)
    except InputError as error:
        problem, about = _problem(visit, error)
        return await _upload(visit, status=422, problem=problem, about=about)
    visit.changed(str(number), after={"columns": dict(mapping), "rows": done.rows})
    return go_to(f"{_home(visit)}/{number}")


async def run(visit: DeskVisit) -> Response:
    """Have a file imported; pressed twice it is imported once."""
    number = visit.number_in_path("id")
    try:
        head = await uploads.of_list(visit.app, visit.here, number)
        begun = await upload_runs.begin(visit.app, visit.here, number)
    except InputError as error:
        return await _upload(visit, status=422, problem=problem_of(error))
    if begun:
        visit.changed(head.file, after={"rows": head.rows, **head.counts})
        await asyncio.sleep(0)  # the engine takes it up
    return go_to(f"{_home(visit)}/{number}")


async def drop(visit: DeskVisit) -> Response:
    """Drop a file that is not imported."""
    number = visit.number_in_path("id")
    try:
        head = await uploads.of_list(visit.app, visit.here, number)
        await uploads.drop(visit.app, visit.here, number)
    except InputError as error:
        return await _upload(visit, status=422, problem=problem_of(error))
    visit.changed(head.file)
    return go_to(f"{_home(visit)}?done=upload_dropped")


async def refused_csv(visit: DeskVisit) -> Response:
    """Return the lines that were not taken, each with its reason in the page's language."""
    lines = await uploads.refused_lines(visit.app, visit.here, visit.number_in_path("id"))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([visit.words[f"error_{name}"] for name in ("line", "why", "row")])
    for one in lines:
        said = why(visit, one).striptags()
        writer.writerow([one.line, quoted(said), *map(quoted, one.cells)])
    name = f"{visit.here.slug}-refused.csv"
    return Response(
        "\ufeff" + out.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


async def undo(visit: DeskVisit) -> Response:
    """Take an import back."""
    number = visit.number_in_path("id")
    try:
        done, counts = await upload_runs.undo(visit.app, visit.here, number)
    except NotFoundError:
        raise
    except InputError as error:
        return await _page(visit, status=422, problem=problem_of(error))
    visit.changed(done.file, before=dict(done.counts), after=counts)
    return go_to(f"{_home(visit)}?done=import_undone")
