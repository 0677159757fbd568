"""Pages of a change of address: asking for it, and the button behind the link that went to the new one."""

from starlette.requests import Request
from starlette.responses import Response

from digest.entrypoints.security import CLIENT
from digest.entrypoints.web.answers import expired, sent
from digest.entrypoints.web.choices.page import back, shown
from digest.entrypoints.web.pages import page
from digest.entrypoints.web.reading import slug_of
from digest.errors import ChoiceError, InputError
from digest.services.app import App
from digest.services.audience import consent
from digest.services.audience.choices import address as address_change

LONGEST_ADDRESS = 320


async def ask(request: Request) -> Response:
    """Have a mail sent to the new address."""
    app: App = request.app.state.app
    slug, token = slug_of(request), request.path_params["token"]
    given = str((await sent(request)).get("email", ""))[:LONGEST_ADDRESS]
    try:
        found = await consent.membership(app, slug, token, purpose="preferences")
    except InputError:
        return await expired(app, slug)
    try:
        await address_change.ask(app, slug, token, given, came_from=request.scope[CLIENT])
    except ChoiceError:
        return await shown(app, found, "problem_address", 422)
    return back(app, found, "moving")


async def move(request: Request) -> Response:
    """Show the button that changes the address, or change it."""
    app: App = request.app.state.app
    slug, token = slug_of(request), request.path_params["token"]
    try:
        if request.method == "POST":
            found = await address_change.move(app, slug, token, came_from=request.scope[CLIENT])
        else:
            found = await address_change.asked_change(app, slug, token)
    except InputError:
        return await expired(app, slug)
    view = {"email": found.change.email, "done": request.method == "POST", "name": found.mailing_list.name}
    return page("address", view, language=found.mailing_list.language, private=True)
