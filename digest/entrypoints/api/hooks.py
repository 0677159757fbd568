"""`POST /hooks/{provider}`: what mail providers report about bounces and complaints, signatures checked."""

from collections.abc import Mapping

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from digest.deliver.webhooks import mailgun, postmark, sendgrid, ses
from digest.deliver.webhooks.common import LARGEST, ForgedCallError, ProviderEvent
from digest.entrypoints.api.body import Bodies, RefusedBodyError
from digest.errors import InputError, SourceError
from digest.services.app import App
from digest.services.bounces import calls, reports

log = structlog.get_logger()

KEPT_CERTIFICATES = 8
LONGEST_CERTIFICATE = 20_000


def routes() -> list[Route]:
    """Return these routes; they need `request.app.state.app`."""
    return [Route("/hooks/{provider}", Hooks().receive, methods=["POST"])]


def _may_call(app: App, provider: str, headers: Mapping[str, str]) -> bool:
    """Say whether the settings name a provider; its call is looked at as far as its head tells, before its
    body is read.

    Raises:
        ForgedCallError: the call is none of that provider's.
    """
    chosen = app.settings.bounces
    if provider == postmark.PROVIDER and chosen.postmark_login:
        postmark.check_login(headers, chosen.postmark_login.get_secret_value())
        return True
    if provider == sendgrid.PROVIDER and chosen.sendgrid_key:
        if not (headers.get(sendgrid.SIGNATURE) and headers.get(sendgrid.STAMP)):
            raise ForgedCallError("The call is not signed.")
        return True
    if provider == ses.PROVIDER and chosen.ses_topic:
        if headers.get(ses.TOPIC, chosen.ses_topic) != chosen.ses_topic:
            raise ForgedCallError("The call is not of the topic that is listened to.")
        return True
    return provider == mailgun.PROVIDER and bool(chosen.mailgun_key)


class Hooks:
    """Hears the providers that the settings name. Amazon's certificates are kept while the process runs."""

    def __init__(self, bodies: Bodies | None = None) -> None:
        self._bodies = bodies or Bodies()
        self._certificates: dict[str, bytes] = {}

    async def receive(self, request: Request) -> Response:
        """Take a call: 200; 403 when forged or old, 404 for a provider that is not set up, 413 too long, 408
        too slow, 422 unreadable.

        503 when a certificate cannot be fetched, too much is posted at once or the store is away: the
        provider calls again.
        """
        app: App = request.app.state.app
        provider = request.path_params["provider"]
        try:
            if not _may_call(app, provider, request.headers):
                return PlainTextResponse("There is no such hook.\n", 404)
            async with self._bodies.of(request, LARGEST) as body:
                notices = await self._read(app, provider, body, request.headers)
                if notices is not None:
                    await _count(app, provider, body, notices)
        except RefusedBodyError as error:
            return PlainTextResponse(f"{error.words}\n", error.status)
        except ForgedCallError as error:
            log.warning("hook.forged", provider=provider, reason=error.message)
            return PlainTextResponse("The call is not believed.\n", 403)
        except InputError as error:
            return PlainTextResponse(f"{error}\n", 422)
        except SourceError as error:
            log.warning("hook.waits", provider=provider, reason=str(error))
            return PlainTextResponse("Try again later.\n", 503)
        if notices is None:
            return PlainTextResponse("There is no such hook.\n", 404)
        return PlainTextResponse("ok\n")

    async def _read(
        self, app: App, provider: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[ProviderEvent, ...] | None:
        """Check and read a call; None: the settings name no such provider."""
        chosen, now = app.settings.bounces, app.clock.now()
        if provider == postmark.PROVIDER and chosen.postmark_login:
            login = chosen.postmark_login.get_secret_value()
            return postmark.read(body, headers, login=login, now=now)
        if provider == mailgun.PROVIDER and chosen.mailgun_key:
            return mailgun.read(body, key=chosen.mailgun_key.get_secret_value(), now=now)
        if provider == sendgrid.PROVIDER and chosen.sendgrid_key:
            return sendgrid.read(body, headers, key=chosen.sendgrid_key, now=now)
        if provider == ses.PROVIDER and chosen.ses_topic:
            return await self._from_amazon(app, body, chosen.ses_topic)
        return None

    async def _from_amazon(self, app: App, body: bytes, topic: str) -> tuple[ProviderEvent, ...]:
        async def fetch(address: str) -> bytes:
            if address not in self._certificates:
                got = await app.http.get(address, most=LONGEST_CERTIFICATE)
                if len(self._certificates) >= KEPT_CERTIFICATES:
                    self._certificates.clear()
                self._certificates[address] = got.body
            return self._certificates[address]

        notices, confirm = await ses.read(body, topic=topic, now=app.clock.now(), fetch=fetch)
        if confirm is not None:
            await app.http.get(confirm, most=LONGEST_CERTIFICATE)
            log.info("hook.confirmed", provider=ses.PROVIDER)
        return notices


async def _count(app: App, provider: str, body: bytes, notices: tuple[ProviderEvent, ...]) -> None:
    if provider == mailgun.PROVIDER:
        # Its signature is over no more than a time and a token, so that whoever overheard a call could make
        # up others.
        await calls.hear_once(app, mailgun.signature_of(body), body, notices)
    else:
        await reports.process_provider_events(app, notices)
