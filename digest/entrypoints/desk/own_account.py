"""One's own account: name, language, password, second factor, sessions."""

from starlette.responses import Response

from digest.entrypoints.desk.pages import desk_page, go_to, new_password, problem_of, with_cookie
from digest.entrypoints.desk.visit import DeskVisit
from digest.errors import RefusedError
from digest.model import Account
from digest.model.rows import row_id
from digest.services.accounts import second_factor, staff
from digest.services.accounts.browsers import browser_of

HOME = "/desk/account"


async def account_page(visit: DeskVisit) -> Response:
    """Show what one can set of oneself, and where one is logged in."""
    return await _page(visit)


async def _page(visit: DeskVisit, *, status: int = 200, problem: str = "") -> Response:
    view = {
        "account": visit.who.account,
        "current": row_id(visit.who.session),
        "sessions": await staff.sessions_of(visit.app, visit.who.id),
        "browser_of": browser_of,
        "codes_left": await second_factor.recovery_codes_left(visit.app, visit.who.id),
        "least": visit.app.settings.desk.password_length,
    }
    return desk_page(visit, "account", view, status=status, problem=problem)


async def set_profile(visit: DeskVisit) -> Response:
    """Set name, language, digits and calendar."""
    before = _shown(visit.who.account)
    try:
        changed = await staff.set_profile(
            visit.app,
            visit.who.id,
            name=visit.field("name"),
            language=visit.field("language"),
            digits=visit.field("digits"),
            calendar=visit.field("calendar"),
        )
    except RefusedError as error:
        return await _page(visit, status=422, problem=problem_of(error))
    visit.changed(
        changed.email,
        before=before,
        after=_shown(changed),
    )
    return go_to(f"{HOME}?done=saved")


def _shown(account: Account) -> dict[str, str]:
    return {
        "name": account.name,
        "language": account.language,
        "digits": account.digits,
        "calendar": account.calendar,
    }


async def change_password(visit: DeskVisit) -> Response:
    """Set a new password; all other sessions end."""
    try:
        token = await staff.change_password(
            visit.app,
            visit.who,
            old=visit.field("old_password"),
            new=new_password(visit),
            origin=visit.origin,
        )
    except RefusedError as error:
        return await _page(visit, status=422, problem=problem_of(error))
    visit.changed(visit.who.account.email)
    return with_cookie(visit.app, go_to(f"{HOME}?done=password"), token)


async def end_sessions(visit: DeskVisit) -> Response:
    """End all sessions but this one."""
    count = await staff.end_sessions(visit.app, visit.who.id, but=row_id(visit.who.session))
    visit.changed(visit.who.account.email, after={"ended": count})
    return go_to(f"{HOME}?done=ended")


async def begin_second_factor(visit: DeskVisit) -> Response:
    """Show the QR code of a second factor, once the password was given again."""
    try:
        await staff.confirm_password(visit.app, visit.who, visit.field("old_password"))
    except RefusedError as error:
        return await _page(visit, status=422, problem=problem_of(error))
    account = await second_factor.begin(visit.app, visit.who.id)
    view = {"secret": account.totp_pending, "qr": second_factor.qr_code(visit.app, account)}
    return desk_page(visit, "second_factor", view)


async def confirm_second_factor(visit: DeskVisit) -> Response:
    """Take the first code, and show the recovery codes once."""
    try:
        codes = await second_factor.confirm(visit.app, visit.who.id, visit.field("code"))
    except RefusedError as error:
        account = visit.who.account
        if not account.totp_pending:
            return await _page(visit, status=422, problem=problem_of(error))
        view = {"secret": account.totp_pending, "qr": second_factor.qr_code(visit.app, account)}
        return desk_page(visit, "second_factor", view, status=422, problem=problem_of(error))
    visit.changed(visit.who.account.email)
    return desk_page(visit, "recovery", {"codes": codes})


async def new_recovery_codes(visit: DeskVisit) -> Response:
    """Make new recovery codes, once the password was given again."""
    try:
        await staff.confirm_password(visit.app, visit.who, visit.field("old_password"))
        codes = await second_factor.new_recovery_codes(visit.app, visit.who.id)
    except RefusedError as error:
        return await _page(visit, status=422, problem=problem_of(error))
    visit.changed(visit.who.account.email)
    return desk_page(visit, "recovery", {"codes": codes})


async def remove_second_factor(visit: DeskVisit) -> Response:
    """Ask for no second factor any more, once the password was given again."""
    try:
        await staff.confirm_password(visit.app, visit.who, visit.field("old_password"))
    except RefusedError as error:
        return await _page(visit, status=422, problem=problem_of(error))
    await second_factor.remove(visit.app, visit.who.id)
    visit.changed(visit.who.account.email)
    return go_to(f"{HOME}?done=second_factor_off")
