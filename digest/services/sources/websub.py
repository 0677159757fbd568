"""Being told of news by hubs: subscribe, confirm, wake the source up."""

import hmac
from collections.abc import Mapping

import structlog

from digest.collect import websub
from digest.collect.fetch.ssrf import check_url
from digest.errors import SourceError
from digest.model import Source
from digest.services.app import App
from digest.storage.articles import sources

log = structlog.get_logger()


async def renew(app: App, source_id: int) -> None:
    """Ask a source's hub to tell us of news, when it has one and our pages can be reached from outside.

    A hub that refuses costs nothing: the source is visited as before.
    """
    async with app.database.begin() as session:
        source = await session.get(Source, source_id)
    if source is None or not websub.is_due(source, app.clock.now()) or not _is_reachable(app):
        return
    key = app.keys.hubs.current
    callback = f"{app.links.public_url}/websub/{source_id}/{websub.token(key, source_id)}"
    try:
        form = websub.request(source, callback, key)
        status = await app.http.post_form(source.hub or "", form, named_by=source.location)
    except SourceError as error:
        log.info("websub.failed", source=source_id, reason=str(error))
        return
    log.info("websub.asked", source=source_id, status=status)


def _is_reachable(app: App) -> bool:
    try:
        check_url(app.links.public_url, ())
    except SourceError:
        return False
    return True


async def confirm(app: App, source_id: int, token: str, query: Mapping[str, str]) -> str | None:
    """Return the challenge that a hub's question is answered with, or None when we did not ask for it."""
    if not _is_ours(app, source_id, token):
        return None
    async with app.database.begin() as session:
        source = await session.get(Source, source_id)
        until = websub.confirmed(source, query, app.clock.now()) if source else None
        if until is None:
            return None
        await sources.change(session, source_id, hub_until=until)
    return query.get("hub.challenge", "")


def may_publish(app: App, source_id: int, token: str, signature: str) -> bool:
    """Say whether a call may be a hub's, by its address and the form of its signature: what it brings is
    worth reading.
    """
    return _is_ours(app, source_id, token) and websub.is_signature(signature)


async def hear(app: App, source_id: int, token: str, signature: str, body: bytes) -> bool:
    """Make a source due at once when a hub that knows our secret tells of news; says whether it did.

    What the hub sends is not read: the publisher's own feed is, as always.
    """
    if not any(
        _is_of(key, source_id, token) and websub.is_signed(signature, body, key, source_id)
        for key in app.keys.hubs.believed
    ):
        return False
    async with app.database.begin() as session:
        await sources.change(session, source_id, next_poll_at=app.clock.now())
    # At once, not with the next tick: what a hub tells of may be an alert.
    await app.queue.enqueue("poll_source", source_id)
    return True


def _is_ours(app: App, source_id: int, token: str) -> bool:
    return any(_is_of(key, source_id, token) for key in app.keys.hubs.believed)


def _is_of(key: bytes, source_id: int, token: str) -> bool:
    return hmac.compare_digest(websub.token(key, source_id).encode(), token.encode())
