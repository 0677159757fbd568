"""The page on which a subscriber leaves. Only a POST acts; a GET shows a button."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from digest.entrypoints.web.answers import expired, sent
from digest.entrypoints.web.pages import page
from digest.entrypoints.web.reading import slug_of
from digest.errors import InputError
from digest.services.app import App
from digest.services.audience import consent


async def leave(request: Request) -> Response:
    """Show the button that ends a subscription, or end it; a one-click POST (RFC 8058) gets a plain
    answer.
    """
    app: App = request.app.state.app
    slug, token = slug_of(request), request.path_params["token"]
    try:
        if request.method == "POST":
            found = await consent.leave(app, slug, token)
            if (await sent(request)).get("List-Unsubscribe") == "One-Click":
                return PlainTextResponse("unsubscribed\n", headers={"cache-control": "no-store"})
            return page(
                "left",
                {"mailing_list": found.mailing_list},
                language=found.mailing_list.language,
                private=True,
            )
        found = await consent.membership(app, slug, token, purpose="unsubscribe")
    except InputError:
        return await expired(app, slug)
    return page(
        "leave", {"mailing_list": found.mailing_list}, language=found.mailing_list.language, private=True
    )
