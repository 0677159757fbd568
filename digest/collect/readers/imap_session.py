"""One visit to a mailbox: dialled by us, encrypted, read only."""

import imaplib
import socket
import ssl
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from imap_tools import AND, BaseMailBox, MailboxLoginError
from imap_tools.errors import ImapToolsError

from digest.collect.fetch.ssrf import is_allowed, is_public
from digest.collect.parse.mail import letter_article, read_letter
from digest.collect.readers.imap_location import Mailbox, list_name
from digest.collect.readers.protocol import Brought
from digest.errors import BlockedAddressError, SourceError, SourceReason, TemporarySourceError
from digest.model import Article, Source
from digest.settings import CollectSettings

MOST_MESSAGES = 100
"""Messages read in one visit; the rest comes with the next."""


def read(source: Source, box: Mailbox, password: str, settings: CollectSettings, now: datetime) -> Brought:
    """Read what came since the source's cursor.

    Raises:
        TemporarySourceError: the server cannot be reached.
        SourceError: the password is wrong, nothing encrypts the connection, or the server's certificate is not right.
    """
    try:
        with closing(_Session(_Guarded(box, settings))) as session:
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
            remedy="Correct the password in collect.imap_passwords.",
            reason=SourceReason.PASSWORD,
        ) from error
    except SourceError:
        raise  # ours already, though it is an OSError as well
    except ssl.SSLCertVerificationError as error:
        raise SourceError(
            f"{box.host} shows a certificate that is not right: {error.verify_message.rstrip('.')}.",
            location=source.location,
            remedy="Write the host as its certificate names it; an authority of your own goes into SSL_CERT_FILE.",
            reason=SourceReason.CERTIFICATE,
        ) from error
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
                letter = read_letter(message.obj.as_bytes())
                article = letter_article(letter, now, zone=source.timezone)
            except (SourceError, ValueError, LookupError, AttributeError) as error:
                problems.append(f"message {message.uid}: {error}")
                continue
            article.source_id = source.id
            article.source_name = list_name(letter.list_id) or source.name or article.source_name
            article.section = source.section or article.section
            article.guid = letter.message_id or None
            article.url_key = article.guid or article.content_hash
            articles.append(article)
    cursor = f"{validity}:{max(uids)}" if uids else source.cursor
    return Brought(
        articles=tuple(articles), kept={"cursor": cursor}, unchanged=not uids, set_aside=tuple(problems)
    )


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

        client = Client(box.host, box.port, limits.total_seconds)
        if not box.encrypted:
            encrypt(client, box, limits)
        return client


def encrypt(client: imaplib.IMAP4, box: Mailbox, settings: CollectSettings) -> None:
    """Begin encryption (RFC 9051 §6.2.1) before anything is said. Only a host that is allowed by name may do without.

    Raises:
        SourceError: the server offers none.
        OSError: it fails, as when the certificate is not right.
    """
    try:
        if "STARTTLS" in client.capabilities:
            client.starttls(ssl.create_default_context())
            return
    except BaseException:
        with suppress(OSError):  # a connection whose certificate was refused is closed already
            client.shutdown()
        raise
    if not is_allowed(box.host, box.port, settings.allow_hosts):
        client.shutdown()
        raise SourceError(
            f"{box.host} would be asked for mail without encryption.",
            remedy="Write imaps:// instead of imap://.",
            reason=SourceReason.CERTIFICATE,
        )


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
