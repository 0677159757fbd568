"""A mailbox of newsletters as a source: each message is an article, its list (List-Id) the outlet."""

import asyncio
import imaplib
import re
import socket
import ssl
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from email.header import decode_header, make_header
from typing import Any
from urllib.parse import unquote, urlsplit

from imap_tools import AND, BaseMailBox, MailboxLoginError
from imap_tools.errors import ImapToolsError

from digest.collect.door import Brought
from digest.collect.fetch import Http
from digest.collect.folder import mail_article
from digest.collect.guard import is_allowed, is_public
from digest.errors import BlockedAddressError, SourceError, TemporarySourceError
from digest.model import Article, Source
from digest.settings import CollectSettings

MOST_MESSAGES = 100
"""Messages read in one visit; the rest comes with the next."""
LIST_NAME = re.compile(r"^\s*\"?([^<\"]*?)\"?\s*<([^>]+)>")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where a mailbox is: imaps://USER@HOST/FOLDER, or imap:// for a server on this machine."""

    host: str
    port: int
    user: str
    folder: str
    encrypted: bool


def mailbox_of(location: str) -> Mailbox:
    """Read a mailbox's address.

    Raises:
        SourceError: it is none.
    """
    try:
        parts = urlsplit(location)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in {"imap", "imaps"} or not parts.hostname or not parts.username:
        raise SourceError(
            f"{location} is no mailbox.", location=location, remedy="Write it imaps://USER@HOST/FOLDER."
        )
    encrypted = parts.scheme == "imaps"
    return Mailbox(
        host=parts.hostname,
        port=port or (993 if encrypted else 143),
        user=unquote(parts.username),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        encrypted=encrypted,
    )


async def read_mailbox(source: Source, http: Http, settings: CollectSettings, now: datetime) -> Brought:
    """Read the messages that came since the last visit; none is marked or moved.

    Raises:
        TemporarySourceError: the server cannot be reached.
        SourceError: there is no password for it, or the server refuses it.
    """
    del http
    box = mailbox_of(source.location)
    password = settings.imap_passwords.get(f"{box.user}@{box.host}")
    if password is None:
        raise SourceError(
            f"There is no password for {box.user}@{box.host}.",
            location=source.location,
            remedy="Set it in collect.imap_passwords.",
        )
    return await asyncio.to_thread(_read, source, box, password.get_secret_value(), settings, now)


def _read(source: Source, box: Mailbox, password: str, settings: CollectSettings, now: datetime) -> Brought:
    try:
        with closing(_Session(_connected(box, settings))) as session:
            mailbox = session.mailbox.login(box.user, password, initial_folder=None)
            mailbox.folder.set(box.folder, readonly=True)
            validity = str(mailbox.folder.status(box.folder, ["UIDVALIDITY"])["UIDVALIDITY"])
            known, _, last = (source.cursor or "").partition(":")
            start = int(last) + 1 if known == validity and last.isdigit() else 1
            uids = sorted(int(uid) for uid in mailbox.uids(AND(uid=f"{start}:*")) if int(uid) >= start)
            chosen = uids[:MOST_MESSAGES] if known == validity else uids[-MOST_MESSAGES:]
            return _messages(mailbox, chosen, source, validity, now)
    except MailboxLoginError as error:
        raise SourceError(
            f"{box.host} does not let {box.user} in.",
            location=source.location,
            status=401,
            remedy="Correct the password in collect.imap_passwords.",
        ) from error
    except BlockedAddressError:
        raise
    except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
        raise TemporarySourceError(
            f"The mailbox at {box.host} cannot be read: {str(error)[:160]}.", location=source.location
        ) from error


def _messages(mailbox: BaseMailBox, uids: list[int], source: Source, validity: str, now: datetime) -> Brought:
    articles: list[Article] = []
    problems = []
    if uids:
        for message in mailbox.fetch(AND(uid=",".join(map(str, uids))), mark_seen=False, bulk=True):
            try:
                article = mail_article(message.obj.as_bytes(), now, zone=source.timezone)
            except (SourceError, ValueError, LookupError) as error:
                problems.append(f"message {message.uid}: {error}")
                continue
            headers: dict[str, tuple[str, ...]] = dict(message.headers)
            listed = headers.get("list-id", ("",))[0]
            article.source_id = source.id
            article.source_name = list_name(listed) or source.name or article.source_name
            article.section = source.section or article.section
            article.guid = headers.get("message-id", ("",))[0].strip() or None
            article.url_key = article.guid or article.content_hash
            articles.append(article)
    cursor = f"{validity}:{max(uids)}" if uids else source.cursor
    return Brought(
        articles=tuple(articles), kept={"cursor": cursor}, unchanged=not uids, problems=tuple(problems)
    )


def list_name(header: str) -> str:
    """Return the name in a List-Id header (RFC 2919): its phrase, else the first label of its identifier."""
    try:
        written = str(make_header(decode_header(header)))
    except (ValueError, LookupError):
        written = header
    found = LIST_NAME.match(written)
    if found is None:
        return ""
    return found[1].strip() or found[2].partition(".")[0]


@dataclass(frozen=True, slots=True)
class _Session:
    """A connection that is hung up even when the server let nobody in."""

    mailbox: BaseMailBox

    def close(self) -> None:
        try:
            self.mailbox.client.logout()
        except (OSError, imaplib.IMAP4.error):
            self.mailbox.client.shutdown()


class _Guarded(BaseMailBox):
    """imap-tools' mailbox over a connection that is dialled by us, to public addresses only."""

    def __init__(self, box: Mailbox, settings: CollectSettings) -> None:
        self._box = box
        self._limits = settings
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        box, limits = self._box, self._limits

        class Client(imaplib.IMAP4):
            def _create_socket(self, timeout: float | None) -> Any:
                plain = _dialled(box, limits, timeout)
                if not box.encrypted:
                    return plain
                return ssl.create_default_context().wrap_socket(plain, server_hostname=box.host)

        return Client(box.host, box.port, limits.total_seconds)


def _dialled(box: Mailbox, settings: CollectSettings, timeout: float | None) -> socket.socket:
    infos = socket.getaddrinfo(box.host, box.port, type=socket.SOCK_STREAM)
    allowed = is_allowed(box.host, box.port, settings.allow_hosts)
    for *_, address in infos:
        if allowed or is_public(str(address[0])):
            return socket.create_connection((str(address[0]), box.port), timeout)
    raise BlockedAddressError(
        f"{box.host} is no public address.",
        location=box.host,
        remedy=f"If it is meant, add {box.host} to collect.allow_hosts.",
    )


def _connected(box: Mailbox, settings: CollectSettings) -> BaseMailBox:
    if not box.encrypted and not is_allowed(box.host, box.port, settings.allow_hosts):
        raise SourceError(
            f"{box.host} would be asked for mail without encryption.",
            remedy="Write imaps:// instead of imap://.",
        )
    return _Guarded(box, settings)
