"""Pages of a list's settings: shown, tried without being kept, kept unless somebody else was first."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from starlette.responses import HTMLResponse, Response

from digest.entrypoints.desk.lists import fields, section_rows, theme_form
from digest.entrypoints.desk.lists.fields import ALL_PAGES, PAGES, ZONES, Control
from digest.entrypoints.desk.newsdesk.previewing import OF_MAIL, framed
from digest.entrypoints.desk.pages import desk_page, go_to
from digest.entrypoints.desk.table import Handler
from digest.entrypoints.desk.visit import DeskVisit
from digest.errors import ConfigError, DigestError, EditionHeldError, InputError, RefusedError
from digest.model import MailingList
from digest.model.versions import version_of
from digest.services.audience import lists
from digest.services.audience.joining import snippet
from digest.services.audience.list_settings import bounds, settings_of
from digest.services.desk import list_looks
from digest.services.schedule.due import next_moments
from digest.text.dates import calendar

WEEK = 7
NOTHING: Mapping[str, str] = MappingProxyType({})


def values_of(visit: DeskVisit, page: str, *, of_address: bool = False) -> dict[str, Any]:
    """Return the settings that a page's form holds."""
    if page == "sections":
        return section_rows.read(visit, of_address=of_address)
    if page == "theme":
        return theme_form.read(visit, of_address=of_address)
    return fields.read(PAGES[page], fields.typed(visit, PAGES[page], of_address=of_address))


def names_of(page: str) -> tuple[str, ...]:
    """Return the settings that stand on a page."""
    own = {"sections": ("sections",), "theme": ("theme", "social")}
    return own.get(page) or tuple(one.name for one in PAGES[page])


def settings_page(page: str) -> Handler:
    """Return what shows a page of settings."""

    async def show(visit: DeskVisit) -> Response:
        """Show the settings, or what is being tried."""
        if not visit.asked("look"):
            return await _page(visit, page, _kept(visit.here, page))
        given = values_of(visit, page, of_address=True)
        wrong = _wrong(visit, given)
        return await _page(visit, page, given, tried=not wrong, wrong=wrong, version=visit.asked("version"))

    return show


def settings_kept(page: str) -> Handler:
    """Return what keeps a page of settings."""

    async def keep(visit: DeskVisit) -> Response:
        """Keep the settings, unless one is wrong or somebody else changed them meanwhile."""
        given = values_of(visit, page)
        before, version = _kept(visit.here, page), visit.field("version")
        if wrong := _wrong(visit, given):
            return await _page(visit, page, given, wrong=wrong, version=version, status=422)
        try:
            after = await lists.change(visit.app, visit.here.slug, given, version=version or None)
        except RefusedError as error:
            now = {name: value for name, value in before.items() if value != given[name]}
            return await _page(visit, page, given, problem=f"refused_{error.reason}", others=now, status=409)
        except (InputError, ConfigError) as error:
            return await _page(visit, page, given, wrong={page: str(error)}, version=version, status=422)
        if (kept := _kept(after, page)) != before:
            visit.changed(visit.here.slug, before=before, after=kept)
        return go_to(f"/desk/lists/{visit.here.slug}/settings/{page}?done=saved")

    return keep


def _kept(mailing_list: MailingList, page: str) -> dict[str, Any]:
    every = settings_of(mailing_list)
    return {name: every[name] for name in names_of(page)}


def _wrong(visit: DeskVisit, given: Mapping[str, Any]) -> dict[str, str]:
    """Each setting that is wrong, with why in English; empty when all can be kept."""
    layouts = str(visit.app.settings.mail.layouts or "")
    try:
        list_looks.tried(visit.here, given, layouts=layouts)
    except DigestError as error:
        found = {}
        for name, value in given.items():
            try:
                list_looks.tried(visit.here, {name: value}, layouts=layouts)
            except DigestError as own:
                found[name] = str(own)
        return found or {next(iter(given)): str(error)}
    return {}


async def _page(
    visit: DeskVisit,
    page: str,
    values: Mapping[str, Any],
    *,
    status: int = 200,
    problem: str = "",
    wrong: Mapping[str, str] = NOTHING,
    tried: bool = False,
    others: Mapping[str, Any] | None = None,
    version: str = "",
) -> Response:
    here = visit.here
    view: dict[str, Any] = {
        "page": page,
        "pages": ALL_PAGES,
        "values": values,
        "rows": [(one, fields.shown(one, values[one.name])) for one in PAGES.get(page, ())],
        "version": version or version_of(_kept(here, page)),
        "wrong": wrong,
        "tried": tried,
        "others": _others(page, others or {}),
        "zones": ZONES,
        "bounds": {
            one.name: bounds(one.name) for one in PAGES.get(page, ()) if one.control is Control.NUMBER
        },
        "query": str(visit.request.url.query) if tried else "",
    }
    if page == "schedule":
        view["moments"] = [] if wrong else _moments(visit, values)
    elif page == "sections":
        view["sections"] = section_rows.shown(here, values["sections"])
        view["known_keys"] = section_rows.known_keys()
    elif page == "theme":
        view |= theme_form.shown(values)
    elif page == "sender":
        view["servers"] = _servers(visit)
    elif page == "signup":
        view["snippets"] = _snippets(visit)
    return desk_page(visit, "lists/settings", view, status=status, problem=problem)


def _others(page: str, now: Mapping[str, Any]) -> list[tuple[str, Any]]:
    named = {one.name: one for one in PAGES.get(page, ())}
    return [
        (name, fields.shown(named[name], value) if name in named else value) for name, value in now.items()
    ]


def _moments(visit: DeskVisit, values: Mapping[str, Any]) -> list[str]:
    shown = list_looks.tried(visit.here, values)
    if not shown.enabled:
        return []
    zone = ZoneInfo(shown.timezone)
    return [slot(visit, moment.astimezone(zone)) for moment in next_moments(shown, visit.now, WEEK)]


def slot(visit: DeskVisit, local: datetime) -> str:
    """Write an hour of a day in words: «الأحد ٦ ديسمبر، ٦:٣٠ صباحًا»."""
    day = calendar.day_and_month(local.date(), visit.language, "default", visit.digits)
    half = visit.words["in_the_morning" if local.hour < 12 else "in_the_evening"]
    clock = visit.plain(f"{local.hour % 12 or 12}:{local.minute:02}")
    return f"{visit.weekday(local.weekday())} {day}{visit.words['comma']}{clock} {half}"


def _servers(visit: DeskVisit) -> Sequence[str]:
    mail = visit.app.settings.mail
    return [one.host for one in mail.servers] or ([mail.host] if mail.host else [])


def _snippets(visit: DeskVisit) -> list[tuple[str, str]]:
    made = [("", snippet.framed(visit.app, visit.here))]
    return made + [(site, snippet.posted(visit.app, visit.here, site)) for site in visit.here.form_sites]


async def settings_home(visit: DeskVisit) -> Response:
    """Lead to the first page of settings."""
    return go_to(f"/desk/lists/{visit.here.slug}/settings/{ALL_PAGES[0]}")


async def look(visit: DeskVisit) -> Response:
    """Return the newest edition's mail with the settings that the address holds, for a frame."""
    page = visit.asked("page")
    try:
        given = values_of(visit, page, of_address=True) if page in ALL_PAGES and visit.asked("look") else {}
        html = await list_looks.look(visit.app, visit.here, given)
    except (InputError, ConfigError, EditionHeldError) as error:
        reason = f"refused_{error.reason}" if isinstance(error, RefusedError) else "refused_setting"
        return framed(visit.words.get(reason, str(error)), visit.language)
    return HTMLResponse(html, headers=OF_MAIL)


async def add_page(visit: DeskVisit) -> Response:
    """Show the form for a new list."""
    return _adding(
        visit, {"slug": "", "name": "", "language": "ar", "timezone": "Asia/Riyadh", "send_at": "06:30"}
    )


def _adding(
    visit: DeskVisit, given: Mapping[str, str], *, status: int = 200, problem: str = "", why: str = ""
) -> Response:
    view = {"given": given, "zones": ZONES, "why": why}
    return desk_page(visit, "lists/add", view, status=status, problem=problem)


async def add(visit: DeskVisit) -> Response:
    """Make a list."""
    given = {
        name: visit.field(name)[:500].strip() for name in ("slug", "name", "language", "timezone", "send_at")
    }
    values = {name: value for name, value in given.items() if name != "slug"}
    try:
        made = await lists.add(visit.app, given["slug"], values)
    except InputError as error:
        return _adding(visit, given, status=422, problem="refused_new_list", why=str(error))
    visit.changed(made.slug, after=values)
    return go_to(f"/desk/lists/{made.slug}/settings/schedule?done=new_list")


async def hand_in_logo(visit: DeskVisit) -> Response:
    """Make a picture the list's logo."""
    home = f"/desk/lists/{visit.here.slug}/settings/theme"
    picture = await visit.upload.read() if visit.upload else b""
    before = dict(visit.here.theme)
    try:
        if not picture:
            raise RefusedError("file_empty", "There is no file.")
        address = await list_looks.keep_logo(visit.app, picture)
        after = await lists.change(visit.app, visit.here.slug, {"theme": {**before, "logo_url": address}})
    except InputError as error:
        reason = f"refused_{error.reason}" if isinstance(error, RefusedError) else "refused_setting"
        return await _page(visit, "theme", _kept(visit.here, "theme"), problem=reason, status=422)
    visit.changed(visit.here.slug, before={"theme": before}, after={"theme": dict(after.theme)})
    return go_to(f"{home}?done=logo_kept")
