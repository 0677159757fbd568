"""Pages for who is not logged in yet: login, second factor, invitations, new passwords."""

from starlette.responses import Response

from digest.entrypoints.desk.keeping import kept_in, lead_on
from digest.entrypoints.desk.pages import (
    desk_page,
    go_to,
    new_password,
    problem_of,
    with_cookie,
    without_cookie,
)
from digest.entrypoints.desk.visit import DeskVisit
from digest.errors import InputError, RefusedError
from digest.services.accounts import invitations, login
from digest.services.accounts.login import Entered

STATUS = {"locked": 429, "link_over": 410}


async def login_page(visit: DeskVisit) -> Response:
    """Ask for address and password."""
    if visit.visitor is not None:
        return go_to(kept_in(visit)["next"])
    return desk_page(visit, "login", {**kept_in(visit), "email": ""})


async def log_in(visit: DeskVisit) -> Response:
    """Take address and password; the second factor is asked for, or the session begins."""
    email = visit.field("email")
    visit.actor_name = email[:200].strip().lower()
    try:
        entered = await login.log_in(visit.app, email, visit.field("password"), visit.origin)
    except RefusedError as error:
        return _again(visit, "login", error, email=email[:320])
    if entered.needs_code:
        answer: Response = desk_page(visit, "code", kept_in(visit))
        return with_cookie(visit.app, answer, entered.token)
    return await _entered(visit, entered)


async def code_page(visit: DeskVisit) -> Response:
    """Ask for the second factor, where a login waits for it."""
    if not await login.awaits_code(visit.app, visit.token):
        return go_to("/desk/login")
    return desk_page(visit, "code", kept_in(visit))


async def give_code(visit: DeskVisit) -> Response:
    """Take the second factor."""
    try:
        entered = await login.give_code(visit.app, visit.token, visit.field("code"), visit.origin)
    except RefusedError as error:
        page = "login" if error.reason == "code_late" else "code"
        return _again(visit, page, error, email="")
    return await _entered(visit, entered)


async def log_out(visit: DeskVisit) -> Response:
    """End the session."""
    await login.log_out(visit.app, visit.token)
    visit.changed()
    return without_cookie(visit.app, go_to("/desk/login?done=left"))


async def invitation_page(visit: DeskVisit) -> Response:
    """Ask who was invited for a name and a password."""
    try:
        link = await invitations.invitation(visit.app, visit.request.path_params["token"])
    except RefusedError as error:
        return _over(visit, error)
    return desk_page(visit, "invitation", {"invited": link, "email": link.email, "name": ""})


async def accept(visit: DeskVisit) -> Response:
    """Make the account, and log in."""
    token = visit.request.path_params["token"]
    email, name = visit.field("email")[:320], visit.field("name")[:200]
    try:
        link = await invitations.invitation(visit.app, token)
    except RefusedError as error:
        return _over(visit, error)
    try:
        account, cookie = await invitations.accept(
            visit.app,
            token,
            email=email,
            name=name,
            password=new_password(visit),
            origin=visit.origin,
        )
    except InputError as error:
        view = {"invited": link, "email": link.email or email, "name": name}
        return desk_page(visit, "invitation", view, status=422, problem=problem_of(error))
    visit.actor_name = account.email
    role = link.role.value if link.role else ""
    visit.changed(account.email, after={"role": role, "list_id": link.list_id})
    return with_cookie(visit.app, go_to("/desk/account?done=welcome"), cookie)


async def forgotten_page(visit: DeskVisit) -> Response:
    """Ask for the address to which a link for a new password goes."""
    return desk_page(visit, "forgotten")


async def ask_for_reset(visit: DeskVisit) -> Response:
    """Have the link mailed, if there is such an account; the answer is the same for all."""
    email = visit.field("email")[:320]
    await invitations.ask_for_reset(visit.app, email)
    return desk_page(visit, "forgotten", status=200, problem="asked")


async def reset_page(visit: DeskVisit) -> Response:
    """Ask for a new password."""
    try:
        await invitations.may_reset(visit.app, visit.request.path_params["token"])
    except RefusedError as error:
        return _over(visit, error)
    return desk_page(visit, "reset")


async def reset(visit: DeskVisit) -> Response:
    """Set the new password; then one logs in with it."""
    try:
        account = await invitations.reset(visit.app, visit.request.path_params["token"], new_password(visit))
    except RefusedError as error:
        if error.reason == "link_over":
            return _over(visit, error)
        return desk_page(visit, "reset", status=422, problem=problem_of(error))
    visit.actor_name = account.email
    visit.changed(account.email)
    return without_cookie(visit.app, go_to("/desk/login?done=reset"))


async def _entered(visit: DeskVisit, entered: Entered) -> Response:
    await login.log_out(visit.app, visit.token)
    visit.visitor = await login.visitor(visit.app, entered.token)
    visit.changed(entered.account.email)
    return with_cookie(visit.app, lead_on(visit), entered.token)


def _again(visit: DeskVisit, page: str, error: RefusedError, *, email: str) -> Response:
    view = {**kept_in(visit), "email": email}
    return desk_page(visit, page, view, status=STATUS.get(error.reason, 422), problem=problem_of(error))


def _over(visit: DeskVisit, error: RefusedError) -> Response:
    return desk_page(visit, "error", {"kind": "expired"}, status=STATUS[error.reason])
