"""Read bounces from a folder of an IMAP mailbox."""

import asyncio
import imaplib
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog
from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailboxLoginError, MailBoxUnencrypted
from imap_tools.consts import MailMessageFlags
from imap_tools.query import AND

from digest.deliver.bounces.report import UnreadableMailError
from digest.errors import ConfigError, DigestError, TemporaryDeliveryError
from digest.settings import BounceSettings
from digest.text.direction.safe_message import LARGEST

log = structlog.get_logger()

AT_ONCE = 50
SECONDS = 60

Take = Callable[[bytes, tuple[str, ...]], Awaitable[None]]


async def collect(settings: BounceSettings, take: Take) -> int:
    """Hand every unread mail of the folder to `take` and mark it read once that has returned; returns how
    many.

    A mail that cannot be kept now (an `OSError`, one of our errors) stays unread, and the error goes on to
    the caller. One that cannot be read at all is flagged for a person, so that it never stands in the way of
    those behind it. At most 50 a visit.

    Raises:
        ConfigError: no IMAP server is named, or it refuses the login or the folder.
        TemporaryDeliveryError: the server cannot be reached.
    """
    box = await asyncio.to_thread(_opened, settings)
    try:
        uids = await asyncio.to_thread(_unread, box)
        for uid in uids:
            flags = [MailMessageFlags.SEEN]
            if not await _taken(take, await asyncio.to_thread(_content, box, uid), uid):
                flags.append(MailMessageFlags.FLAGGED)
            await asyncio.to_thread(box.flag, uid, flags, value=True)
        return len(uids)
    except (OSError, ImapToolsError, imaplib.IMAP4.error) as error:
        raise _unreachable(settings, error) from error
    finally:
        with suppress(OSError, ImapToolsError, imaplib.IMAP4.error):
            await asyncio.to_thread(box.logout)


async def _taken(take: Take, content: bytes, uid: str) -> bool:
    """Hand a mail over; False when nobody can read it."""
    try:
        await take(content, ())
    except UnreadableMailError as error:
        log.warning("bounce.unreadable", uid=uid, reason=error.message)
        return False
    except (OSError, DigestError):
        raise
    except Exception:
        log.exception("bounce.unreadable", uid=uid)
        return False
    return True


def _opened(settings: BounceSettings) -> BaseMailBox:
    if not settings.imap_host:
        raise ConfigError("No IMAP server is named.", remedy="Set bounces.imap_host.")
    password = settings.imap_password.get_secret_value() if settings.imap_password else ""
    try:
        box: BaseMailBox
        if settings.imap_tls:
            box = MailBox(
                settings.imap_host,
                port=settings.imap_port,
                timeout=SECONDS,
                ssl_context=ssl.create_default_context(),
            )
        else:
            box = MailBoxUnencrypted(settings.imap_host, port=settings.imap_port, timeout=SECONDS)
    except OSError as error:
        raise _unreachable(settings, error) from error
    try:
        box.login(settings.imap_username or "", password, initial_folder=settings.imap_folder)
    except MailboxLoginError as error:
        box.client.shutdown()
        raise ConfigError(
            f"{settings.imap_host} refuses the login.",
            remedy="Correct bounces.imap_username and bounces.imap_password.",
        ) from error
    except (OSError, ImapToolsError) as error:
        box.client.shutdown()
        raise ConfigError(
            f"{settings.imap_host} has no folder {settings.imap_folder}.",
            remedy="Correct bounces.imap_folder.",
        ) from error
    return box


def _unread(box: BaseMailBox) -> list[str]:
    return box.uids(AND(seen=False))[:AT_ONCE]


def _content(box: BaseMailBox, uid: str) -> bytes:
    """Return a mail's bytes as the server has them, at most the first 2 MB: nobody parses them here."""
    state, rows = box.client.uid("fetch", uid, f"(BODY.PEEK[]<0.{LARGEST}>)")
    if state != "OK":
        raise OSError(f"the mail {uid} cannot be fetched")
    return next((row[1] for row in rows if isinstance(row, tuple) and isinstance(row[1], bytes)), b"")


def _unreachable(settings: BounceSettings, error: Exception) -> TemporaryDeliveryError:
    return TemporaryDeliveryError(
        f"{settings.imap_host}:{settings.imap_port} cannot be read: {error}.",
        remedy="It is tried again later.",
    )
