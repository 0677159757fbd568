"""Channels: set up, listed with their books, tried, removed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import ConfigError, InputError, NotFoundError, RefusedError
from digest.model import Channel, ChannelKind, ChannelPost, MailingList
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience.lists import choose
from digest.services.channels.posting import try_channel
from digest.services.programs.signed_posts import require_target
from digest.services.programs.signing import new_secret
from digest.storage.programs import channels as stored
from digest.text.names import is_name

_CHAT = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}|-?[0-9]{4,20}")


@dataclass(frozen=True, slots=True)
class ChannelListed:
    """A channel, its list's slug, and its books: planned = sent + failed + waiting."""

    channel: Channel
    slug: str
    sent: int
    failed: int
    waiting: int

    @property
    def planned(self) -> int:
        """How many posts there were to be."""
        return self.sent + self.failed + self.waiting


async def add(
    app: App,
    name: str,
    kind: ChannelKind,
    target: str,
    *,
    list_slug: str | None = None,
    editions: bool = True,
    alerts: bool = True,
    approvals: bool = False,
) -> Channel:
    """Set up a channel of a list; a webhook's secret is in what is returned, and is shown once.

    `approvals`: it is the editors' own, told of editions that wait for an approval and of nothing else.

    Raises:
        InputError: the name is none or taken, the target is none, it would get nothing, or there is no such
            list.
        ConfigError: there is no bot: `channels.telegram_token` is empty.
    """
    if not is_name(name):
        raise RefusedError(
            "channel_name",
            f"{name[:80]!r} is no name of a channel.",
            remedy="Up to 60 letters, digits, - and _.",
        )
    if not (editions or alerts or approvals):
        raise RefusedError(
            "channel_of_nothing", "A channel that gets neither editions nor alerts gets nothing."
        )
    if kind is ChannelKind.TELEGRAM:
        require_bot(app)
        if not _CHAT.fullmatch(target):
            raise RefusedError(
                "channel_chat",
                f"{target[:80]!r} is no chat.",
                remedy="Give @NAME, or the number that begins with -100.",
            )
    else:
        try:
            require_target(app, target)
        except InputError as error:
            raise RefusedError("channel_address", error.message, remedy=error.remedy) from error
    mailing_list = await choose(app, list_slug)
    async with app.database.begin() as session:
        if await stored.by_name(session, name) is not None:
            raise RefusedError("channel_taken", f"There is a channel {name!r} already.")
        return await stored.add(
            session,
            Channel(
                name=name,
                kind=kind,
                list_id=row_id(mailing_list),
                target=target,
                secret=new_secret() if kind is ChannelKind.WEBHOOK else "",
                editions=editions and not approvals,
                alerts=alerts and not approvals,
                approvals=approvals,
                created_at=app.clock.now(),
            ),
        )


def require_bot(app: App) -> None:
    """Make sure that there is a bot of Telegram's.

    Raises:
        ConfigError: `channels.telegram_token` is empty.
    """
    if app.settings.channels.telegram_token is None:
        raise ConfigError(
            "There is no bot: channels.telegram_token is empty.",
            remedy="@BotFather makes one and gives its token.",
        )


async def every(app: App) -> list[ChannelListed]:
    """Return all channels by name, with their books."""
    async with app.database.read() as session:
        books = await stored.books(session)
        return [_listed(one, slug, books.get(row_id(one), {})) for one, slug in await stored.every(session)]


async def of_list(app: App, mailing_list: MailingList) -> list[ChannelListed]:
    """Return a list's channels by name, with their books."""
    return [one for one in await every(app) if one.channel.list_id == mailing_list.id]


async def one_of(app: App, mailing_list: MailingList, channel_id: int) -> Channel:
    """Return a list's channel by its number.

    Raises:
        NotFoundError: the list has none of that number.
    """
    async with app.database.read() as session:
        found = await session.get(Channel, channel_id)
    if found is None or found.list_id != mailing_list.id:
        raise NotFoundError(f"The list {mailing_list.slug} has no channel {channel_id}.")
    return found


async def pause(app: App, name: str, *, paused: bool) -> bool:
    """Post nothing to a channel, or go on. False: so it was already.

    What begins meanwhile is not posted to it, later either; what waited goes out when it goes on.

    Raises:
        NotFoundError: there is none of that name.
    """
    async with app.database.begin() as session:
        found = await _named(session, name)
        if (found.paused_at is not None) is paused:
            return False
        found.paused_at = app.clock.now() if paused else None
        session.add(found)
    return True


async def retry(app: App, name: str, post_id: int | None = None) -> int:
    """Have what failed posted again, and what waits for another try posted now: all, or one post.

    Raises:
        NotFoundError: there is none of that name.
        RefusedError: it takes nothing until it was tried (`try_out`).
    """
    async with app.database.begin() as session:
        found = await _named(session, name)
        if found.broken:
            raise RefusedError(
                "channel_broken", f"{name} takes nothing: {found.broken}", remedy="Mend that, then try it."
            )
        return await stored.again(session, row_id(found), app.clock.now(), post_id)


def _listed(channel: Channel, slug: str, books: Mapping[str, int]) -> ChannelListed:
    return ChannelListed(channel, slug, books.get("sent", 0), books.get("failed", 0), books.get("waiting", 0))


async def remove(app: App, name: str) -> Channel:
    """Remove a channel with its ledger; what was posted stays where it is.

    Raises:
        NotFoundError: there is none of that name.
    """
    async with app.database.begin() as session:
        found = await _named(session, name)
        await session.delete(found)
    return found


async def try_out(app: App, name: str) -> str:
    """Post a line that says that it is a test; returns what went wrong, or "".

    A channel that was broken and takes it is posted to again, and what had failed is tried again.

    Raises:
        NotFoundError: there is none of that name.
    """
    async with app.database.read() as session:
        found = await _named(session, name)
    problem = await try_channel(app, found)
    if not problem:
        async with app.database.begin() as session:
            found = await _named(session, name)
            if found.broken:
                found.broken = ""
                session.add(found)
                await session.flush()
                await stored.again(session, row_id(found), app.clock.now())
    return problem


async def log_of(app: App, name: str, limit: int = 20) -> list[tuple[ChannelPost, int]]:
    """Return a channel's posts with the numbers of their editions, newest first.

    Raises:
        NotFoundError: there is none of that name.
    """
    async with app.database.read() as session:
        return await stored.log_of(session, row_id(await _named(session, name)), limit)


async def _named(session: AsyncSession, name: str) -> Channel:
    found = await stored.by_name(session, name)
    if found is None:
        raise NotFoundError(f"There is no channel {name!r}.", remedy="`digest channels list` shows them.")
    return found
