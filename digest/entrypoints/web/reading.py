"""The first page for readers: the lists; and which list an address means."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from digest.entrypoints.web.pages import FIRST_LANGUAGE, page
from digest.services.app import App
from digest.services.editions import public
from digest.text.addresses.slug import is_slug


def slug_of(request: Request) -> str:
    """Return the list's slug from the address.

    Raises:
        HTTPException: 404, it cannot be one.
    """
    slug = str(request.path_params["slug"])
    if not is_slug(slug):
        raise HTTPException(404)
    return slug


async def home(request: Request) -> Response:
    """Show the public lists, in their language when they share one."""
    app: App = request.app.state.app
    lists = await public.public_lists(app)
    spoken = {mailing_list.language for mailing_list in lists}
    return page("home", {"lists": lists}, language=spoken.pop() if len(spoken) == 1 else FIRST_LANGUAGE)
