"""Webhooks: set up, listed, tried, looked at, sent again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import InputError, NotFoundError
from digest.model import MailingList, Webhook, WebhookEvent, WebhookMessage
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.programs.signed_posts import require_target
from digest.services.programs.signing import new_secret
from digest.storage import outbox
from digest.storage.audience import lists
from digest.storage.programs import webhooks as stored
from digest.text.names import require_name

KEPT = timedelta(days=30)
MOST = 50
"""Webhooks that a house may have: each event is written once for each of them."""


@dataclass(frozen=True, slots=True)
class WebhookListed:
    """A webhook, the slug of its list (empty: all lists), and how many messages wait for it."""

    webhook: Webhook
    slug: str
    waiting: int


async def add(app: App, name: str, url: str, events: Collection[str] = (), *, list_slug: str = "") -> Webhook:
    """Set up a webhook; its secret is in what is returned, and is shown once.

    Raises:
        InputError: the name is none or taken, the address is not public, an event is none, there is no such
            list, or there are too many.
    """
    require_name(name, "a webhook")
    require_target(app, url)
    unknown = sorted(set(events) - set(WebhookEvent))
    if unknown:
        raise InputError(
            f"{', '.join(unknown)}: no such event.", remedy=f"There are: {', '.join(WebhookEvent)}."
        )
    async with app.database.begin() as session:
        if await stored.by_name(session, name) is not None:
            raise InputError(f"There is a webhook {name!r} already.")
        if len(await stored.every(session)) >= MOST:
            raise InputError(f"There may be {MOST} webhooks.")
        mailing_list = await lists.by_slug(session, list_slug) if list_slug else None
        return await stored.add(
            session,
            Webhook(
                name=name,
                url=url,
                secret=new_secret(),
                events=sorted(set(events)),
                list_id=_id(mailing_list),
                created_at=app.clock.now(),
            ),
        )


def _id(mailing_list: MailingList | None) -> int | None:
    return row_id(mailing_list) if mailing_list else None


def shown_address(url: str) -> str:
    """Return an address for logs: its path and query may hold somebody's secret (pure)."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/…" if parts.scheme else url


async def every(app: App) -> list[WebhookListed]:
    """Return all webhooks by name."""
    async with app.database.read() as session:
        waiting = await stored.waiting(session)
        return [
            WebhookListed(one, slug, waiting.get(row_id(one), 0)) for one, slug in await stored.every(session)
        ]


async def remove(app: App, name: str) -> Webhook:
    """Remove a webhook with its messages.

    Raises:
        NotFoundError: there is none of that name.
    """
    async with app.database.begin() as session:
        found = await _named(session, name)
        await session.delete(found)
    return found


async def try_out(app: App, name: str) -> WebhookMessage:
    """Write a message that says nothing but that it is a test; it goes out with the others.

    Raises:
        NotFoundError: there is none of that name.
    """
    now = app.clock.now()
    async with app.database.begin() as session:
        found = await _named(session, name)
        message = WebhookMessage(
            webhook_id=row_id(found),
            message_id=outbox.new_message_id(),
            event=WebhookEvent.TEST.value,
            data={"webhook": found.name},
            at=now,
            next_try_at=now,
        )
        session.add(message)
        await session.flush()
    return message


async def log_of(app: App, name: str, limit: int = 50) -> Sequence[WebhookMessage]:
    """Return a webhook's newest messages, newest first.

    Raises:
        NotFoundError: there is none of that name.
    """
    async with app.database.read() as session:
        return await stored.log_of(session, row_id(await _named(session, name)), limit)


async def replay(app: App, name: str, numbers: Collection[int] | None = None) -> int:
    """Send messages again, under their own names: those of some numbers, or all that were not delivered.

    A webhook that had been stopped is posted to again. Returns how many messages there are.

    Raises:
        NotFoundError: there is none of that name.
    """
    async with app.database.begin() as session:
        found = await _named(session, name)
        found.stopped = ""
        session.add(found)
        await session.flush()
        ids = None if numbers is None else list(numbers)
        return await stored.again(session, row_id(found), app.clock.now(), ids)


async def _named(session: AsyncSession, name: str) -> Webhook:
    found = await stored.by_name(session, name)
    if found is None:
        raise NotFoundError(f"There is no webhook {name!r}.", remedy="`digest webhooks list` shows them.")
    return found


async def forget_old(app: App) -> None:
    """Forget the messages that are kept for long enough."""
    async with app.database.begin() as session:
        await stored.forget_before(session, app.clock.now() - KEPT)
