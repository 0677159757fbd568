"""One source: how it fares and what happened to it; its name, weight and section; its cleaning rules."""

from collections.abc import Mapping
from types import MappingProxyType

from starlette.responses import Response

from digest.entrypoints.desk.pages import desk_page, go_to, problem_of
from digest.entrypoints.desk.sources.overview import HOME, said_of, weight_of, zone_of
from digest.entrypoints.desk.visit import DeskVisit
from digest.errors import InputError, NotFoundError, RefusedError, SourceError
from digest.model import Source
from digest.model.news.cleaning import SourceCleaning
from digest.model.news.sections import SECTION_KEYS
from digest.model.rows import row_id
from digest.services.sources import catalogue, changing, health
from digest.services.sources.changing import SourceEdit, Tried

HISTORY = 30
NOTHING: Mapping[str, object] = MappingProxyType({})


async def source_page(visit: DeskVisit) -> Response:
    """Show one source."""
    return await _page(visit)


async def _page(
    visit: DeskVisit, *, status: int = 200, problem: str = "", more: Mapping[str, object] = NOTHING
) -> Response:
    source, events = await health.history(visit.app, _id(visit), HISTORY)
    latest = events[0] if events and source.failures else None
    rules = SourceCleaning.of(source.cleaning)
    view = {
        "source": source,
        "health": health.health_of(source, visit.now, visit.app.settings.collect, latest),
        "events": events,
        "articles": await changing.articles_of(visit.app, row_id(source)),
        "sections": SECTION_KEYS,
        "noise": "\n".join(rules.noise),
        "stop": "\n".join(rules.stop),
        "selector": rules.selector,
        "page": await changing.sample_page(visit.app, source),
        "tried": None,
        "says": "",
        "zone": await zone_of(visit),
        **more,
    }
    return desk_page(visit, "sources/one", view, status=status, problem=problem)


def _id(visit: DeskVisit) -> str:
    return str(visit.number_in_path("id"))


async def set_source(visit: DeskVisit) -> Response:
    """Set name, section, weight, and how much of its text may be told."""
    try:
        edit = SourceEdit(
            name=visit.field("name"),
            section=visit.field("section")[:50],
            standing=weight_of(visit.field("standing")),
            zone=visit.field("zone").strip() or None,
            headline_only=visit.field("headline_only") == "yes",
        )
        return await _changed(visit, edit, "saved")
    except NotFoundError:
        raise
    except InputError as error:
        known = problem_of(error)
        return await _page(visit, status=422, problem=known if known in visit.words else "refused_input")


async def pause(visit: DeskVisit) -> Response:
    """Visit it no more for now."""
    return await _changed(visit, SourceEdit(enabled=False), "source_paused")


async def resume(visit: DeskVisit) -> Response:
    """Visit it again, at once."""
    return await _changed(visit, SourceEdit(enabled=True), "source_resumed")


async def _changed(visit: DeskVisit, edit: SourceEdit, done: str) -> Response:
    change = await changing.change(visit.app, _id(visit), edit)
    if change.before != change.after:
        visit.changed(change.source.location, before=change.before, after=change.after)
    return go_to(f"{HOME}/{_id(visit)}?done={done}")


async def visit_now(visit: DeskVisit) -> Response:
    """Have it visited at once."""
    source = await changing.visit_soon(visit.app, _id(visit))
    visit.changed(source.location)
    return go_to(f"{HOME}/{_id(visit)}?done=source_asked")


async def remove(visit: DeskVisit) -> Response:
    """Remove it with its articles, once somebody said that they are sure."""
    if visit.field("sure") != "yes":
        return await _page(visit, status=422, problem="refused_sure")
    removed: Source = await catalogue.remove(visit.app, _id(visit))
    visit.changed(removed.location, before={"name": removed.name, "kind": removed.kind.value})
    return go_to(f"{HOME}?done=source_removed")


async def clean(visit: DeskVisit) -> Response:
    """Keep its cleaning rules, or try them on a page first."""
    typed = {name: visit.field(name) for name in ("noise", "stop", "selector", "page")}
    try:
        rules = SourceCleaning.typed(
            typed["noise"].splitlines(), typed["stop"].splitlines(), typed["selector"]
        )
        if visit.field("do") == "try":
            tried: Tried = await changing.try_on(visit.app, _id(visit), typed["page"].strip(), rules)
            return await _page(visit, more={**typed, "tried": tried})
        change = await changing.clean(visit.app, _id(visit), rules)
    except RefusedError as error:
        return await _page(visit, status=422, problem=problem_of(error), more=typed)
    except SourceError as error:
        return await _page(visit, status=422, more={**typed, "says": said_of(visit, error, typed["page"])})
    if change.before != change.after:
        visit.changed(change.source.location, before=change.before, after=change.after)
    return go_to(f"{HOME}/{_id(visit)}?done=rules_saved")
