"""Editions: their list, one with its stories and its preview, and what can be done to it."""

import hashlib
from collections.abc import Awaitable, Callable
from html import escape

from starlette.responses import HTMLResponse, Response

from digest.entrypoints.desk.pages import DESK_HEADERS, desk_page, go_to, problem_of
from digest.entrypoints.desk.visit import LARGEST_NUMBER, DeskVisit
from digest.entrypoints.security import FRAMED, FRAMED_BY
from digest.errors import ConfigError, DigestError, EditionHeldError, InputError
from digest.model import DeliveryStatus, Edition
from digest.services.app import App
from digest.services.desk import editions
from digest.services.editions import publish
from digest.text.direction.bidi import direction

MAIL_POLICY = f"default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; sandbox; {FRAMED_BY}"
OF_MAIL = {**DESK_HEADERS, **FRAMED, "content-security-policy": MAIL_POLICY}
"""A mail's HTML is strangers' words: it runs in a frame without rights, that only our page may show."""
MoveUseCase = Callable[[App, Edition], Awaitable[Edition]]
TRIED_AGAIN = (DeliveryStatus.FAILED, DeliveryStatus.BOUNCED, DeliveryStatus.IN_DOUBT)


async def editions_page(visit: DeskVisit) -> Response:
    """Show a list's editions, newest first."""
    below = visit.asked("below")
    wanted = (
        int(below) if below.isascii() and below.isdecimal() and int(below[:12]) <= LARGEST_NUMBER else None
    )
    found = await editions.page_of(visit.app, visit.here, wanted)
    shown, more = found[: editions.A_PAGE], len(found) > editions.A_PAGE
    return desk_page(visit, "editions", {"editions": shown, "older": shown[-1].number if more else 0})


async def edition_page(visit: DeskVisit) -> Response:
    """Show one edition with its stories."""
    return await _page(visit)


async def _page(visit: DeskVisit, *, status: int = 200, problem: str = "") -> Response:
    found = await editions.at_desk(visit.app, visit.here, visit.number_in_path())
    return desk_page(visit, "edition", {"one": found}, status=status, problem=problem)


async def progress_page(visit: DeskVisit) -> Response:
    """Show how a send goes; nothing again to who has it already."""
    found = await editions.at_desk(visit.app, visit.here, visit.number_in_path())
    answer = desk_page(visit, "progress", {"one": found})
    tag = f'"{hashlib.sha256(bytes(answer.body)).hexdigest()[:32]}"'
    known = {
        one.strip().removeprefix("W/") for one in visit.request.headers.get("if-none-match", "").split(",")
    }
    if tag in known:
        return Response(status_code=304, headers={"etag": tag})
    answer.headers["etag"] = tag
    return answer


async def preview_page(visit: DeskVisit) -> Response:
    """Show an edition's mail as on a phone, a desktop, in the dark, and as text."""
    views = ("desktop", "phone", "text")
    view = visit.asked("view") if visit.asked("view") in views else views[0]
    edition = await publish.by_number(visit.app, visit.here, visit.number_in_path())
    return desk_page(visit, "preview", {"edition": edition, "view": view, "views": views})


async def mail_html(visit: DeskVisit) -> Response:
    """Return the HTML part for the frame, or why there is none."""
    try:
        found = await editions.proof(visit.app, visit.here, visit.number_in_path())
    except (ConfigError, EditionHeldError, InputError) as error:
        return _framed_sentence(visit, error)
    return HTMLResponse(found.html, headers=OF_MAIL)


async def mail_text(visit: DeskVisit) -> Response:
    """Return the text part for the frame, or why there is none."""
    try:
        found = await editions.proof(visit.app, visit.here, visit.number_in_path())
    except (ConfigError, EditionHeldError, InputError) as error:
        return _framed_sentence(visit, error)
    return _framed(found.text, visit.here.language)


def _framed_sentence(visit: DeskVisit, error: DigestError) -> Response:
    known = problem_of(error) if isinstance(error, InputError) else ""
    return _framed(visit.words.get(known, str(error)), visit.language)


def _framed(text: str, language: str) -> Response:
    html = (
        f'<!DOCTYPE html><html lang="{escape(language)}" dir="{direction(language)}"><meta charset="utf-8">'
        "<title>text/plain</title><style>pre { margin: 1rem; font: 16px/1.8 'Noto Naskh Arabic', Tahoma, "
        "sans-serif; white-space: pre-wrap; overflow-wrap: anywhere; }</style>"
        f"<pre>{escape(text)}</pre></html>"
    )
    return HTMLResponse(html, headers=OF_MAIL)


async def pause(visit: DeskVisit) -> Response:
    """Stop sending for now."""
    return await _moved(visit, "paused", editions.pause)


async def resume(visit: DeskVisit) -> Response:
    """Let a paused or held edition go on."""
    return await _moved(visit, "resumed", publish.resume)


async def cancel(visit: DeskVisit) -> Response:
    """End an edition for good."""
    return await _moved(visit, "cancelled", editions.cancel)


async def retry(visit: DeskVisit) -> Response:
    """Try again to reach those for whom it did not work out."""
    number = visit.number_in_path()
    chosen = [one for one in TRIED_AGAIN if one.value in set(visit.every("status"))]
    try:
        edition = await publish.by_number(visit.app, visit.here, number)
        count = await editions.retry(visit.app, edition, chosen)
    except InputError as error:
        return await _page(visit, status=422, problem=problem_of(error))
    visit.changed(str(number), after={"statuses": [one.value for one in chosen], "waiting_again": count})
    return go_to(f"{_path(visit, number)}?done=retried")


async def _moved(visit: DeskVisit, done: str, move: MoveUseCase) -> Response:
    number = visit.number_in_path()
    edition = await publish.by_number(visit.app, visit.here, number)
    before = edition.state.value
    if visit.field("state") not in {"", before}:
        return await _page(visit, status=409, problem="refused_moved")
    try:
        after = await move(visit.app, edition)
    except (InputError, EditionHeldError):
        return await _page(visit, status=422, problem="refused_move")
    if after.state.value != before:
        visit.changed(str(number), before={"state": before}, after={"state": after.state.value})
    return go_to(f"{_path(visit, number)}?done={done}")


def _path(visit: DeskVisit, number: int) -> str:
    return f"/desk/lists/{visit.here.slug}/editions/{number}"
