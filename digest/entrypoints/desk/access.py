"""Who may call what: everything is refused that its route does not allow. The audit log is kept here, too."""

from collections.abc import Awaitable, Callable
from urllib.parse import quote, urlsplit

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from digest.entrypoints.desk.keeping import login_that_keeps
from digest.entrypoints.desk.pages import cookie_name, desk_page, go_to, refused_page
from digest.entrypoints.desk.table import Access, DeskRoute
from digest.entrypoints.desk.uploads import TooLargeError, read_upload
from digest.entrypoints.desk.visit import LONGEST_FIELD, DeskVisit, clean
from digest.errors import NotFoundError
from digest.model import MailingList, Right
from digest.model.accounts.roles import OF_THE_HOUSE, may, may_anywhere
from digest.model.rows import row_id
from digest.services import audit
from digest.services.accounts import login
from digest.services.accounts.login import Visitor
from digest.services.app import App
from digest.services.audience import lists
from digest.text.addresses.slug import is_slug

MOST_FIELDS = 200
MEGABYTE = 1_000_000
OWN_ACCOUNT = "/desk/account"


def answering(route: DeskRoute) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers a route: it lets through whom the route allows, and nobody else."""

    async def answer(request: Request) -> Response:
        app: App = request.app.state.app
        token = request.cookies.get(cookie_name(app), "")[:200]
        visit = DeskVisit(request=request, app=app, token=token)
        request.scope["desk_visit"] = visit
        posted = request.method == "POST"
        if posted:
            if not _comes_from_our_page(request, app):
                return refused_page(visit, "foreign", 403)
            # A file is read once it is known who sends it.
            visit.fields = [] if route.takes_file else await _fields(request)
        visit.visitor = await login.visitor(app, token)
        refusal = await _refusal(route, visit, posted=posted)
        if refusal is not None:
            return refusal
        if posted and route.takes_file:
            try:
                most = route.most or app.settings.desk.upload_mb * MEGABYTE
                visit.fields, visit.upload = await read_upload(request, most)
            except TooLargeError:
                return refused_page(visit, "large_file", 413)
        handler = route.post if posted else route.get
        assert handler is not None, "Starlette lets only these methods through"
        try:
            found = await handler(visit)
        finally:
            if visit.upload is not None:
                await visit.upload.close()
        if posted and found.status_code < 400 and visit.done is not None:
            slug = visit.mailing_list.slug if visit.mailing_list else ""
            await audit.record(app, visit.actor, route.act, list_slug=slug, **visit.done)
        return found

    return answer


def allows(route: DeskRoute, visitor: Visitor, mailing_list: MailingList | None) -> bool:
    """Say whether a route is open to somebody who is logged in."""
    if route.needs in {Access.ANYBODY, Access.LOGGED_IN}:
        return True
    assert isinstance(route.needs, Right), "the desk does not start otherwise"
    if mailing_list is not None:
        return may(visitor.roles, route.needs, row_id(mailing_list))
    if route.needs in OF_THE_HOUSE or route.over_all_lists:
        return may(visitor.roles, route.needs, None)
    return may_anywhere(visitor.roles, route.needs)


async def _refusal(route: DeskRoute, visit: DeskVisit, *, posted: bool) -> Response | None:
    """Return the page that keeps somebody out, or None."""
    if route.needs is Access.ANYBODY:
        return None
    path = visit.request.url.path
    if visit.visitor is None:
        if posted:
            return login_that_keeps(visit, path)
        query = visit.request.url.query
        return go_to(f"/desk/login?next={quote(path + (f'?{query}' if query else ''), safe='')}")
    must_set_up = visit.app.settings.desk.require_second_factor and not visit.visitor.account.totp_secret
    is_own = path in {OWN_ACCOUNT, "/desk/logout"} or path.startswith(f"{OWN_ACCOUNT}/")
    if must_set_up and not is_own:
        return go_to(f"{OWN_ACCOUNT}?done=second_factor_required")
    if route.of_a_list:
        visit.mailing_list = await _list(visit)
        if visit.mailing_list is None or not visit.may(Right.SEE):
            visit.mailing_list = None
            return refused_page(visit, "missing", 404)
    if not allows(route, visit.visitor, visit.mailing_list):
        return desk_page(visit, "error", {"kind": "forbidden"}, status=403)
    return None


async def _list(visit: DeskVisit) -> MailingList | None:
    slug = str(visit.request.path_params["slug"])
    if not is_slug(slug):
        return None
    try:
        return await lists.choose(visit.app, slug)
    except NotFoundError:
        return None


def _comes_from_our_page(request: Request, app: App) -> bool:
    """Browsers say from where a form comes; what says nothing has no cookie of ours either."""
    site = request.headers.get("sec-fetch-site")
    if site:
        return site == "same-origin"
    origin = urlsplit(request.headers.get("origin", "")).netloc
    own = urlsplit(app.settings.web.public_url).netloc
    return bool(origin) and origin in {request.headers.get("host", ""), own}


async def _fields(request: Request) -> list[tuple[str, str]]:
    try:
        form: FormData = await request.form(max_fields=MOST_FIELDS, max_files=0)
    except (ValueError, UnicodeError) as error:
        raise HTTPException(422) from error
    found = [(clean(name), clean(value)) for name, value in form.multi_items() if isinstance(value, str)]
    if any(len(value) > LONGEST_FIELD for _, value in found):
        raise HTTPException(413)
    return found
