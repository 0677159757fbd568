"""All sources with their health; a new one is found, looked at, and kept."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from starlette.responses import Response

from digest.collect import failures
from digest.entrypoints.desk.pages import desk_page, go_to, problem_of
from digest.entrypoints.desk.visit import DeskVisit
from digest.errors import InputError, RefusedError, SourceError
from digest.model.news.sections import SECTION_KEYS
from digest.model.rows import row_id
from digest.services.desk.home import visible_lists
from digest.services.sources import catalogue, health
from digest.services.sources.catalogue import SourceCheck, SourceSpec

HOME = "/desk/sources"
SHOWN = 5
_HOST = re.compile(r"(?=.{3,253}\Z)(?:[^\s.]+\.)+[^\s.]+\.?|localhost|[\da-fA-F:]+")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed of a source to be, as it stands in the form again."""

    location: str = ""
    name: str = ""
    section: str = ""
    standing: str = "1"
    headline_only: bool = False


async def sources_page(visit: DeskVisit) -> Response:
    """Show all sources, those first that need somebody."""
    return await sources_view(visit)


async def sources_view(visit: DeskVisit, *, status: int = 200, problem: str = "", **more: object) -> Response:
    """Show all sources, with what went wrong if something did."""
    found = await health.health(visit.app)
    order = {state: place for place, state in enumerate(health.HealthWord)}
    view = {
        "healths": sorted(found, key=lambda one: order[one.state]),
        "typed": Typed(),
        "sections": SECTION_KEYS,
        "says": "",
        "zone": await zone_of(visit),
        **more,
    }
    return desk_page(visit, "sources/index", view, status=status, problem=problem)


async def find(visit: DeskVisit) -> Response:
    """Visit an address and show what would come of it; nothing is kept."""
    typed = _typed(visit)
    try:
        checked = await catalogue.preview(visit.app, _spec(typed))
    except RefusedError as error:
        return await sources_view(visit, status=422, problem=problem_of(error), typed=typed)
    except SourceError as error:
        return await sources_view(visit, status=422, typed=typed, says=said_of(visit, error, typed.location))
    except InputError:
        return await sources_view(visit, status=422, problem="refused_source_unread", typed=typed)
    view = {**_found(checked, typed), "zone": await zone_of(visit)}
    return desk_page(visit, "sources/found", view)


def _found(checked: SourceCheck, typed: Typed) -> dict[str, object]:
    source = checked.source
    return {
        "checked": checked,
        "articles": checked.articles[:SHOWN],
        "undated": sum(one.published_at is None for one in checked.articles),
        "typed": Typed(
            location=source.location,
            name=source.name,
            section=typed.section,
            standing=typed.standing,
            headline_only=typed.headline_only,
        ),
        "sections": SECTION_KEYS,
    }


async def add(visit: DeskVisit) -> Response:
    """Visit a source again, and keep it."""
    typed = _typed(visit)
    try:
        checked = await catalogue.preview(visit.app, _spec(typed))
        kept = await catalogue.keep(visit.app, checked)
    except RefusedError as error:
        return await sources_view(visit, status=422, problem=problem_of(error), typed=typed)
    except SourceError as error:
        return await sources_view(visit, status=422, typed=typed, says=said_of(visit, error, typed.location))
    except InputError:
        return await sources_view(visit, status=422, problem="refused_source_unread", typed=typed)
    visit.changed(
        kept.location, after={"name": kept.name, "kind": kept.kind.value, "standing": kept.standing}
    )
    return go_to(f"{HOME}/{row_id(kept)}?done=source_added")


def _typed(visit: DeskVisit) -> Typed:
    return Typed(
        location=_address(visit.field("location")),
        name=visit.field("name").strip()[:200],
        section=visit.field("section").strip()[:50],
        standing=visit.field("standing").strip()[:20] or "1",
        headline_only=visit.field("headline_only") == "yes",
    )


def _address(typed: str) -> str:
    """What was typed as a web address: most people leave the scheme out."""
    text = typed.strip()[:2000]
    return text if not text or "://" in text or text.startswith(catalogue.INGEST) else f"https://{text}"


def _spec(typed: Typed) -> SourceSpec:
    """What is asked for. Paths and mailboxes are the machine's own: they are added at its terminal alone."""
    is_web = catalogue.is_address(typed.location) and bool(_HOST.fullmatch(_host(typed.location)))
    if not is_web and not typed.location.startswith(catalogue.INGEST):
        raise RefusedError("source_address", "It is no web address.")
    return SourceSpec(
        location=typed.location,
        name=typed.name,
        section=typed.section or None,
        standing=weight_of(typed.standing),
        headline_only=typed.headline_only,
    )


def _host(location: str) -> str:
    try:
        return urlsplit(location).hostname or ""
    except ValueError:
        return ""


def weight_of(text: str) -> float:
    """Return a weight that was typed, in any digits.

    Raises:
        RefusedError: `weight`, it is none from 0 to 3.
    """
    try:
        found = float(text.replace("٫", ".").replace(",", "."))
    except ValueError as error:
        raise RefusedError("weight", "That is no number.") from error
    if not 0 <= found <= 3:
        raise RefusedError("weight", "Weights go from 0 to 3; 1 is usual.")
    return found


async def zone_of(visit: DeskVisit) -> ZoneInfo | None:
    """Return the zone that times of sources are told in: that of the lists one sees, None where they
    differ.
    """
    zones = {one.timezone for one in await visible_lists(visit.app, visit.who.roles)}
    return ZoneInfo(zones.pop()) if len(zones) == 1 else None


def said_of(visit: DeskVisit, error: SourceError, location: str) -> str:
    """Return why a page or source could not be read, in a sentence of the account's language.

    Nothing is kept, so that nothing is tried again by itself either.
    """
    said = failures.describe(error.reason, visit.language, location=location, status=error.status)
    return said.replace(visit.words["src_tried_again"], "").strip()
