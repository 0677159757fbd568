"""What else a reader does on the page of preferences: takes their data, ends it, asks for another list."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from digest.entrypoints.security import CLIENT
from digest.entrypoints.web.answers import expired, sent
from digest.entrypoints.web.choices.page import back, shown
from digest.entrypoints.web.pages import PRIVATE, page
from digest.entrypoints.web.reading import slug_of
from digest.errors import InputError
from digest.services.app import App
from digest.services.audience import consent, signups
from digest.services.audience.admin import erasing
from digest.services.audience.choices import own_data


async def data(request: Request) -> Response:
    """Answer with all that is kept about the reader, as a JSON file."""
    app: App = request.app.state.app
    slug = slug_of(request)
    try:
        kept = await own_data.own_data(app, slug, request.path_params["token"])
    except InputError:
        return await expired(app, slug)
    name = {"content-disposition": 'attachment; filename="mujaz-data.json"'}
    return JSONResponse(kept, headers=dict(PRIVATE) | name)


async def erase(request: Request) -> Response:
    """Ask whether all of a reader's data is to go; a POST erases it."""
    app: App = request.app.state.app
    slug, token = slug_of(request), request.path_params["token"]
    try:
        if request.method == "POST":
            language = await erasing.forget_by_link(app, slug, token)
            return page("erased", {}, language=language, private=True)
        found = await consent.membership(app, slug, token, purpose="preferences")
    except InputError:
        return await expired(app, slug)
    view = {"email": found.person.email, "own": request.url.path.removesuffix("/erase")}
    return page("erase", view, language=found.mailing_list.language, private=True)


async def ask_for_list(request: Request) -> Response:
    """Ask for another public list, which the reader then confirms by its mail."""
    app: App = request.app.state.app
    slug, token = slug_of(request), request.path_params["token"]
    wanted = str((await sent(request)).get("list", ""))[:100]
    try:
        found = await consent.membership(app, slug, token, purpose="preferences")
    except InputError:
        return await expired(app, slug)
    try:
        await signups.take(app, wanted, found.person.email, came_from=request.scope[CLIENT])
    except InputError:
        return await shown(app, found, "problem_list", 422)
    return back(app, found, "asked")
