"""The audit log: read, filtered, exported."""

from contextlib import suppress
from datetime import date
from urllib.parse import urlencode

from starlette.responses import Response

from digest.entrypoints.desk.pages import desk_page
from digest.entrypoints.desk.visit import LARGEST_NUMBER, DeskVisit
from digest.services import audit
from digest.services.audience import lists
from digest.services.audit import AuditFilter

A_PAGE = 50


async def audit_page(visit: DeskVisit) -> Response:
    """Show what was done, newest first."""
    wanted = _wanted(visit)
    rows = await audit.found(visit.app, wanted, before_id=_before(visit), limit=A_PAGE + 1)
    asked = {name: visit.asked(name) for name in ("actor", "act", "list", "from", "to")}
    query = urlencode({name: value for name, value in asked.items() if value})
    view = {
        "rows": rows[:A_PAGE],
        "asked": asked,
        "actors": await audit.actors(visit.app),
        "lists": await lists.all_lists(visit.app),
        "groups": _groups(visit),
        "known_acts": _acts(visit) | set(_groups(visit)),
        "query": query,
        "older": f"{query}&before={rows[A_PAGE - 1].id}".lstrip("&") if len(rows) > A_PAGE else "",
    }
    return desk_page(visit, "audit", view)


async def audit_csv(visit: DeskVisit) -> Response:
    """Return the log as CSV, as it is filtered."""
    return _file(await audit.as_csv(visit.app, _wanted(visit)), "text/csv", "audit.csv")


async def audit_json(visit: DeskVisit) -> Response:
    """Return the log as JSON, as it is filtered."""
    return _file(await audit.as_json(visit.app, _wanted(visit)), "application/json", "audit.json")


def _acts(visit: DeskVisit) -> set[str]:
    return {word.removeprefix("act_") for word in visit.words if word.startswith("act_") and "." in word}


def _groups(visit: DeskVisit) -> dict[str, list[str]]:
    """The acts that the desk has a word for, by what they are about."""
    found: dict[str, list[str]] = {}
    for act in sorted(_acts(visit)):
        found.setdefault(act.partition(".")[0], []).append(act)
    return found


def _file(content: str, kind: str, name: str) -> Response:
    return Response(
        content, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'}
    )


def _wanted(visit: DeskVisit) -> AuditFilter:
    return AuditFilter(
        actor=visit.asked("actor"),
        act=visit.asked("act"),
        list_slug=visit.asked("list"),
        first_day=_day(visit.asked("from")),
        last_day=_day(visit.asked("to")),
    )


def _day(text: str) -> date | None:
    """What is no date filters nothing: the field shows what was typed."""
    with suppress(ValueError):
        return date.fromisoformat(text)
    return None


def _before(visit: DeskVisit) -> int | None:
    text = visit.asked("before")
    return int(text) if text.isascii() and text.isdecimal() and int(text[:12]) <= LARGEST_NUMBER else None
