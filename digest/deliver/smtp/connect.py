"""Making a connection: dialling, TLS, EHLO and the login, all by aiosmtplib."""

import ssl
from contextlib import suppress
from pathlib import Path

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPHeloError,
    SMTPResponseException,
)

from digest.deliver.smtp.timeouts import Timeouts
from digest.errors import (
    ConfigError,
    DeliveryError,
    DigestError,
    PermanentDeliveryError,
    TemporaryDeliveryError,
)
from digest.settings import MailServer


async def connect(server: MailServer, timeouts: Timeouts) -> SMTP:
    """Return a connection on which EHLO (or HELO) is said and the login done.

    Raises:
        TemporaryDeliveryError: the server cannot be reached, or will not serve now.
        PermanentDeliveryError: it refuses the login, or offers no TLS where a password or `tls` asks for it.
        ConfigError: a file that the settings name cannot be read.
    """
    client = _client(server, timeouts)
    try:
        await client.connect()
        if client.is_ehlo_or_helo_needed:
            await _greeted(client)
        if server.username and server.tls == "opportunistic":
            await _logged_in(client, server)
    except DigestError:
        client.close()
        raise
    except (SMTPException, OSError, ValueError) as error:
        client.close()
        raise _sentence(error, server) from error
    except BaseException:
        client.close()
        raise
    return client


async def quit_politely(client: SMTP, seconds: float) -> None:
    """Say QUIT and close; a server that does not answer is not waited for long."""
    with suppress(SMTPException, OSError):
        await client.quit(timeout=seconds)
    client.close()


def _client(server: MailServer, timeouts: Timeouts) -> SMTP:
    # An opportunistic connection may be in the clear; it logs in only after TLS is seen to be on.
    login = server.username is not None and server.tls != "opportunistic"
    token_file = server.token_file

    async def token() -> str:
        return _read(token_file) if token_file else ""

    return SMTP(
        hostname=server.host,
        port=server.port,
        timeout=timeouts.connect,
        local_hostname=server.local_name,
        use_tls=server.tls == "implicit",
        start_tls={"starttls": True, "opportunistic": None}.get(server.tls, False),
        username=server.username if login else None,
        password=_password(server) if login and not token_file else None,
        oauth_token_generator=token if login and token_file else None,
        tls_context=_context(server),
    )


def _context(server: MailServer) -> ssl.SSLContext | None:
    if server.tls == "none":
        return None
    try:
        context = ssl.create_default_context(cafile=str(server.ca_file) if server.ca_file else None)
        if server.client_cert:
            context.load_cert_chain(
                str(server.client_cert), str(server.client_key) if server.client_key else None
            )
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(
            f"A certificate file of the mail server {server.label} cannot be read: {error}.",
            remedy="Correct ca_file, client_cert and client_key; they are PEM files.",
        ) from error
    if server.tls == "opportunistic" and not server.username:
        # The other choice would be to send in the clear: an unproven certificate is better (RFC 7435).
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _password(server: MailServer) -> str:
    if server.password_file:
        return _read(server.password_file)
    return server.password.get_secret_value() if server.password else ""


def _read(file: Path) -> str:
    # A token file is read at every login: whoever renews the token only has to write it there.
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ConfigError(
            f"{file} cannot be read: {error.strerror}.", remedy="Correct the mail settings."
        ) from error


async def _greeted(client: SMTP) -> None:
    try:
        await client.ehlo()
    except SMTPHeloError:
        await client.helo()


async def _logged_in(client: SMTP, server: MailServer) -> None:
    if client.get_transport_info("sslcontext") is None:
        raise PermanentDeliveryError(
            f"{server.label} offers no TLS, and a password is not sent in the clear.",
            remedy='Set tls to "starttls" or "implicit", or to "none" if the line is safe by itself.',
        )
    if server.token_file:
        await client.auth_xoauth2(server.username or "", _read(server.token_file))
    else:
        await client.login(server.username or "", _password(server))


def _sentence(error: Exception, server: MailServer) -> DeliveryError:
    where = server.label
    if isinstance(error, SMTPAuthenticationError) and error.code >= 500:
        return PermanentDeliveryError(
            f"{where} refused the login: {error.code} {error.message}.",
            code=error.code,
            reply=error.message,
            remedy="Correct mail.username and mail.password.",
        )
    if isinstance(error, SMTPResponseException) and error.code > 0:
        return TemporaryDeliveryError(
            f"{where} refused the connection: {error.code} {error.message}.",
            code=error.code,
            reply=error.message,
            remedy="Try again later, or correct the mail settings.",
        )
    return TemporaryDeliveryError(
        f"{where} cannot be reached: {error or type(error).__name__}.",
        remedy="Check mail.host, mail.port and mail.tls; what was to be sent waits.",
    )
