"""Segments: those that are saved, and one as it is built, counted anew with each look."""

from urllib.parse import urlencode

from starlette.responses import Response

from digest.entrypoints.desk.pages import desk_page, go_to, problem_of
from digest.entrypoints.desk.people import segment_form
from digest.entrypoints.desk.people.segment_form import Known, SegmentForm
from digest.entrypoints.desk.visit import DeskVisit
from digest.errors import InputError, RefusedError
from digest.model import CustomField, SegmentDefinition
from digest.model.people.segment import OWN
from digest.services.audience import lists
from digest.services.audience.people.finding import SOURCES
from digest.services.audience.segments import fields, saved, tags
from digest.services.audience.segments.checking import KNOWN
from digest.services.audience.segments.saved import SegmentShown
from digest.text.languages import LANGUAGES

PREFIXES = {"state": "person_", "frequency": "frequency_", "alerts": "alerts_"}


def _home(visit: DeskVisit) -> str:
    return f"/desk/lists/{visit.here.slug}/segments"


async def _asking(visit: DeskVisit) -> tuple[list[CustomField], Known]:
    """The list's own fields, and the values of those fields that have a few, with their words."""
    own = list(await fields.of_list(visit.app, visit.here))
    known: Known = {
        name: tuple((one, visit.words[f"{PREFIXES[name]}{one}"]) for one in sorted(values))
        for name, values in KNOWN.items()
    }
    known["section"] = tuple((spec.key, spec.title) for spec in lists.specs(visit.here))
    known["source"] = tuple((one, visit.words[f"how_{one}"]) for one in SOURCES)
    known["language"] = tuple((one, visit.words[f"language_{one}"]) for one in LANGUAGES)
    known["tag"] = tuple((one, one) for one in sorted(await tags.counts(visit.app, visit.here))[:200])
    return own, known


async def segments_page(visit: DeskVisit) -> Response:
    """Show a list's segments."""
    own, known = await _asking(visit)
    rows = [
        (one, segment_form.shown(one.name, SegmentDefinition.model_validate(one.definition), own, known))
        for one in await saved.every(visit.app, visit.here)
    ]
    return desk_page(visit, "people/segments", {"rows": rows, "own": _titles(own)})


def _titles(own: list[CustomField]) -> dict[str, str]:
    return {f"{OWN}{one.key}": one.title for one in own}


async def build_page(visit: DeskVisit) -> Response:
    """Show a segment as it is built: all of it stands in the address. A saved one is opened by `open`."""
    own, known = await _asking(visit)
    if opened := visit.asked("open")[:60]:
        found = await saved.show(visit.app, visit.here, opened)
        form = segment_form.shown(opened, found.definition, own, known)
        return _built(visit, form, own, found)
    form = segment_form.read(visit.request.query_params.multi_items(), own, known)
    try:
        shown = await saved.look(visit.app, visit.here, segment_form.definition_of(form))
    except RefusedError as error:
        return _built(visit, form, own, None, waits=problem_of(error))
    except InputError:
        return _built(visit, form, own, None, problem="refused_segment", status=422)
    return _built(visit, form, own, shown)


def _built(
    visit: DeskVisit,
    form: SegmentForm,
    own: list[CustomField],
    shown: SegmentShown | None,
    *,
    waits: str = "",
    problem: str = "",
    status: int = 200,
) -> Response:
    view = {
        "form": form,
        "shown": shown,
        "waits": waits,
        "questions": segment_form.questions(own),
        "own": _titles(own),
        "query": urlencode({"segment": form.name}),
    }
    return desk_page(visit, "people/segment", view, status=status, problem=problem)


async def keep(visit: DeskVisit) -> Response:
    """Save a segment, new or changed."""
    own, known = await _asking(visit)
    form = segment_form.read(visit.fields, own, known)
    before = {one.name: one.definition for one in await saved.every(visit.app, visit.here)}
    try:
        definition = segment_form.definition_of(form)
        await saved.keep(visit.app, visit.here, form.name, definition)
    except InputError as error:
        said = problem_of(error)
        word = "refused_segment" if form.name else "refused_segment_name"
        return _built(visit, form, own, None, problem=word if said == "refused_input" else said, status=422)
    after = definition.model_dump(mode="json")
    if before.get(form.name) != after:
        was = {"definition": before[form.name]} if form.name in before else {}
        visit.changed(form.name, before=was, after={"definition": after})
    return go_to(f"{_home(visit)}?done=segment_kept")


async def remove(visit: DeskVisit) -> Response:
    """Remove a segment."""
    name = visit.field("name")[:60]
    definition = next(
        (one.definition for one in await saved.every(visit.app, visit.here) if one.name == name), None
    )
    await saved.remove(visit.app, visit.here, name)
    visit.changed(name, before={"definition": definition})
    return go_to(f"{_home(visit)}?done=segment_removed")
