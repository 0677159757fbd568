"""One visit to a mailbox: dialled by us, encrypted, read only."""

import imaplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from imap_tools import AND, BaseMailBox, MailboxLoginError
from imap_tools.errors import ImapToolsError

from digest.collect.fetch.ssrf import is_allowed, is_public
from digest.collect.parse.mail import LONGEST_MESSAGE
from digest.collect.readers.imap_location import Mailbox
from digest.errors import BlockedAddressError, SourceError, SourceReason, TemporarySourceError
from digest.settings import CollectSettings

MOST_MESSAGES = 100
"""Messages read in one visit; the rest comes with the next."""
LONGEST_LITERAL = 16_000_000
"""Bytes that a server may send in one piece, whatever was asked of it."""


@dataclass(slots=True)
class MailboxVisit:
    """An open mailbox, the messages to read, and the cursor of the visit. Each call waits for the server."""

    mailbox: BaseMailBox
    validity: str
    uids: list[int]

    def fetch(self, uid: int) -> bytes:
        """Return the first 5 MB of a message, which is not marked as seen.

        Raises:
            TemporarySourceError: the server does not give it, or the connection is lost.
        """
        with _explained(self.mailbox):
            client = self.mailbox.client
            kind, answer = client.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{LONGEST_MESSAGE}>)")
            if kind != "OK":
                raise imaplib.IMAP4.error(f"message {uid} is not given")
            parts = [one[1] for one in answer if isinstance(one, tuple) and isinstance(one[1], bytes)]
            return parts[0][:LONGEST_MESSAGE] if parts else b""

    def close(self) -> None:
        """Hang up, politely if the server still listens."""
        try:
            self.mailbox.client.logout()
        except (OSError, imaplib.IMAP4.error, ValueError):
            self.abandon()

    def abandon(self) -> None:
        """Hang up at once: whoever waits for the server is woken by it."""
        with suppress(OSError):
            self.mailbox.client.sock.shutdown(socket.SHUT_RDWR)


def dial(box: Mailbox, settings: CollectSettings) -> BaseMailBox:
    """Open a connection to a mailbox's server; nothing is said yet.

    Raises:
        TemporarySourceError: the server cannot be reached.
        SourceError: nothing encrypts the connection, or the server's certificate is not right.
    """
    with _explained(None, box):
        return _Guarded(box, settings)


def visit(mailbox: BaseMailBox, box: Mailbox, password: str, cursor: str | None) -> MailboxVisit:
    """Log in, and find what came since the source's cursor.

    Raises:
        TemporarySourceError: the server cannot be reached.
        SourceError: the password is wrong.
    """
    with _explained(mailbox):
        mailbox.login(box.user, password, initial_folder=None)
        mailbox.folder.set(box.folder, readonly=True)
        validity = str(mailbox.folder.status(box.folder, ["UIDVALIDITY"])["UIDVALIDITY"])
        known, _, last = (cursor or "").partition(":")
        start = int(last) + 1 if known == validity and last.isdigit() else 1
        uids = sorted(int(uid) for uid in mailbox.uids(AND(uid=f"{start}:*")) if int(uid) >= start)
        chosen = uids[:MOST_MESSAGES] if known == validity else uids[-MOST_MESSAGES:]
        return MailboxVisit(mailbox, validity, chosen)


@contextmanager
def _explained(mailbox: BaseMailBox | None, box: Mailbox | None = None) -> Iterator[None]:
    """Make the errors of a connection ours."""
    box = box or (mailbox.box if isinstance(mailbox, _Guarded) else None)
    assert box is not None
    try:
        yield
    except MailboxLoginError as error:
        raise SourceError(
            f"{box.host} does not let {box.user} in.",
            location=box.location,
            remedy="Correct the password in collect.imap_passwords.",
            reason=SourceReason.PASSWORD,
        ) from error
    except SourceError:
        raise  # ours already, though it is an OSError as well
    except ssl.SSLCertVerificationError as error:
        raise SourceError(
            f"{box.host} shows a certificate that is not right: {error.verify_message.rstrip('.')}.",
            location=box.location,
            remedy="Write the host as its certificate names it; an authority of your own goes into SSL_CERT_FILE.",
            reason=SourceReason.CERTIFICATE,
        ) from error
    except (OSError, imaplib.IMAP4.error, ImapToolsError, ValueError, LookupError) as error:
        raise TemporarySourceError(
            f"The mailbox at {box.host} cannot be read: {str(error)[:160]}.", location=box.location
        ) from error


class _Guarded(BaseMailBox):
    """imap-tools' mailbox over a connection that is dialled by us, to public addresses only."""

    def __init__(self, box: Mailbox, settings: CollectSettings) -> None:
        self.box = box
        self._limits = settings
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        box, limits = self.box, self._limits

        class Client(imaplib.IMAP4):
            def read(self, size: int) -> bytes:
                if size > LONGEST_LITERAL:
                    raise imaplib.IMAP4.error("the server sends more than was asked for")
                return super().read(size)

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
