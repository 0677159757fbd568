"""The first-run guide: five steps that can be left and taken up; a test mail, and the first list."""

from collections.abc import Mapping
from types import MappingProxyType

from starlette.responses import Response

from digest.entrypoints.desk.pages import desk_page, go_to, problem_of
from digest.entrypoints.desk.visit import DeskVisit
from digest.errors import DeliveryError, InputError, RefusedError
from digest.services.desk import guide

HOME = "/desk/guide"
NOTHING: Mapping[str, object] = MappingProxyType({})


async def guide_page(visit: DeskVisit) -> Response:
    """Show the steps, and of the mail server what the doctor finds, if that is asked for."""
    findings = await guide.mail_findings(visit.app) if visit.asked("look") == "mail" else ()
    return await _page(visit, more={"findings": findings})


async def _page(
    visit: DeskVisit, *, status: int = 200, problem: str = "", more: Mapping[str, object] = NOTHING
) -> Response:
    view = {
        "guide": await guide.guide(visit.app),
        "findings": (),
        "sent": None,
        "failed": "",
        "to": visit.who.account.email,
        "typed": {"name": "", "slug": "", "zone": "Asia/Riyadh"},
        **more,
    }
    return desk_page(visit, "guide", view, status=status, problem=problem)


async def test_mail(visit: DeskVisit) -> Response:
    """Send a test mail and show what the server said."""
    to = visit.field("to")[:320]
    try:
        sent = await guide.send_test(visit.app, to, visit.language)
    except RefusedError as error:
        return await _page(visit, status=422, problem=problem_of(error), more={"to": to})
    except DeliveryError as error:
        return await _page(visit, more={"to": to, "failed": str(error)})
    visit.changed(after={"taken": sent.is_taken, "reply": sent.reply})
    return await _page(visit, more={"to": to, "sent": sent})


async def make_list(visit: DeskVisit) -> Response:
    """Make the first list."""
    typed = {name: visit.field(name).strip()[:200] for name in ("name", "slug", "zone")}
    try:
        made = await guide.make_first_list(visit.app, typed["name"], typed["slug"], typed["zone"])
    except InputError:
        return await _page(visit, status=422, problem="refused_list", more={"typed": typed})
    visit.changed(made.slug, after={"name": made.name, "timezone": made.timezone})
    return go_to(f"{HOME}?done=list_made")


async def leave(visit: DeskVisit) -> Response:
    """Put a step off."""
    return await _moved(visit, aside=True)


async def take_up(visit: DeskVisit) -> Response:
    """Take a step up again."""
    return await _moved(visit, aside=False)


async def _moved(visit: DeskVisit, *, aside: bool) -> Response:
    step = visit.field("step")[:20]
    try:
        await (guide.put_aside if aside else guide.take_up)(visit.app, step)
    except RefusedError as error:
        return await _page(visit, status=422, problem=problem_of(error))
    visit.changed(step)
    return go_to(HOME)
