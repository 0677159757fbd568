"""An edition's mail at the desk: on a phone, a desktop, in the dark, as text, its source; to one's own
address.
"""

from html import escape
from urllib.parse import urlencode

from starlette.responses import HTMLResponse, Response

from digest.entrypoints.desk.editions_pages import edition_path
from digest.entrypoints.desk.pages import DESK_HEADERS, desk_page, go_to, problem_of
from digest.entrypoints.desk.visit import DeskVisit
from digest.entrypoints.security import FRAMED, FRAMED_BY
from digest.errors import ConfigError, DeliveryError, DigestError, EditionHeldError, InputError, RefusedError
from digest.model import EditionContent, Right
from digest.services.desk import preview
from digest.services.desk.preview import EditionProof
from digest.services.editions import publish
from digest.text.direction.bidi import direction

MAIL_POLICY = f"default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; sandbox; {FRAMED_BY}"
OF_MAIL = {**DESK_HEADERS, **FRAMED, "content-security-policy": MAIL_POLICY}
"""A mail's HTML is strangers' words: it runs in a frame without rights, that only our page may show."""
VIEWS = ("desktop", "phone", "dark", "text", "source")
FRAMES = {"text": "mail.txt", "source": "mail.eml"}
UNRENDERED = (ConfigError, EditionHeldError, InputError)


async def preview_page(visit: DeskVisit) -> Response:
    """Show an edition's mail, its size, and what is wrong with it."""
    return await _page(visit)


async def _page(
    visit: DeskVisit, *, status: int = 200, problem: str = "", to: str = "", said: str = ""
) -> Response:
    number = visit.number_in_path()
    view = visit.asked("view") if visit.asked("view") in VIEWS else VIEWS[0]
    edition = await publish.by_number(visit.app, visit.here, number)
    made, findings = None, []
    try:
        made = await _proof(visit, number)
        findings = await preview.findings(made)
    except UNRENDERED as error:
        problem = problem or (problem_of(error) if isinstance(error, InputError) else "refused_cannot_go")
    reader = _reader(visit)
    asked = urlencode({name: value for name, value in (("as", reader), ("dark", _dark(view))) if value})
    return desk_page(
        visit,
        "preview",
        {
            "edition": edition,
            "view": view,
            "views": VIEWS,
            "proof": made,
            "findings": findings,
            "reader": reader,
            "may_look_as": _may_look_as(visit),
            "frame": f"{FRAMES.get(view, 'mail.html')}?{asked}".rstrip("?"),
            "to": to or visit.who.account.email,
            "said": said,
        },
        status=status,
        problem=problem if problem in visit.words else "refused_input" if problem else "",
    )


def _dark(view: str) -> str:
    return "yes" if view == "dark" else ""


def _may_look_as(visit: DeskVisit) -> bool:
    """Whose choices are whose is nobody's business who only sees."""
    return any(visit.may(right) for right in (Right.EDIT, Right.SEND, Right.PEOPLE))


def _reader(visit: DeskVisit) -> str:
    return visit.asked("as").strip()[:320] if _may_look_as(visit) else ""


async def _proof(visit: DeskVisit, number: int) -> EditionProof:
    return await preview.proof(visit.app, visit.here, number, as_reader=_reader(visit))


async def mail_html(visit: DeskVisit) -> Response:
    """Return the HTML part for the frame, or why there is none."""
    try:
        found = await _proof(visit, visit.number_in_path())
    except UNRENDERED as error:
        return _framed_sentence(visit, error)
    return HTMLResponse(
        preview.as_in_the_dark(found.html, dark=visit.asked("dark") == "yes"), headers=OF_MAIL
    )


async def mail_text(visit: DeskVisit) -> Response:
    """Return the text part for the frame, or why there is none."""
    try:
        found = await _proof(visit, visit.number_in_path())
    except UNRENDERED as error:
        return _framed_sentence(visit, error)
    return framed(found.text, visit.here.language)


async def mail_source(visit: DeskVisit) -> Response:
    """Return the whole message as it goes on the wire, for the frame, or why there is none."""
    try:
        found = await _proof(visit, visit.number_in_path())
    except UNRENDERED as error:
        return _framed_sentence(visit, error)
    return framed(found.source.decode("utf-8", "replace"), "en")


async def send_test(visit: DeskVisit) -> Response:
    """Mail an edition to one's own address, marked as a test; who may send mails it to any one address."""
    number, to = visit.number_in_path(), visit.field("to").strip()[:320]
    if to.lower() != visit.who.account.email and not visit.may(Right.SEND):
        return await _page(visit, status=422, problem="refused_test_own")
    edition = await publish.by_number(visit.app, visit.here, number)
    content = EditionContent.model_validate(edition.content)
    try:
        await publish.send_test(visit.app, visit.here, content, to)
    except RefusedError as error:
        return await _page(visit, status=422, problem=problem_of(error), to=to)
    except InputError:
        return await _page(visit, status=422, problem="refused_test_address", to=to)
    except DeliveryError as error:
        said = f"{error.code or ''} {error.reply}".strip()
        problem = "refused_test_server" if said else "refused_test_unreachable"
        return await _page(visit, status=502, problem=problem, to=to, said=said)
    except DigestError:
        return await _page(visit, status=422, problem="refused_cannot_go", to=to)
    visit.changed(str(number), after={"test": "sent"})
    return go_to(f"{edition_path(visit, number)}/preview?done=tested")


def _framed_sentence(visit: DeskVisit, error: DigestError) -> Response:
    known = problem_of(error) if isinstance(error, InputError) else ""
    return framed(visit.words.get(known, str(error)), visit.language)


def framed(text: str, language: str) -> Response:
    """Return a text as a page for a frame."""
    html = (
        f'<!DOCTYPE html><html lang="{escape(language)}" dir="{direction(language)}"><meta charset="utf-8">'
        "<title>text/plain</title><style>pre { margin: 1rem; font: 16px/1.8 'Noto Naskh Arabic', Tahoma, "
        "sans-serif; white-space: pre-wrap; overflow-wrap: anywhere; }</style>"
        f"<pre>{escape(text)}</pre></html>"
    )
    return HTMLResponse(html, headers=OF_MAIL)
