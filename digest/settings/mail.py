"""Settings of mail: the servers, signing, bounces, the embedded mailbox, the pace."""

from datetime import time
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator

from digest.settings.group import Group


class Connecting(Group):
    """How a server is reached."""

    host: str | None = Field(default=None, description="SMTP server; empty: the embedded mailbox")
    port: int = Field(default=587, ge=1, le=65535, description="SMTP port")
    username: str | None = Field(default=None, description="SMTP user name")
    password: SecretStr | None = Field(default=None, description="SMTP password")
    token_file: Path | None = Field(
        default=None, description="file that holds an OAuth 2 access token (XOAUTH2); read at every login"
    )
    tls: Literal["starttls", "implicit", "none", "opportunistic"] = Field(
        default="starttls", description="how the connection is encrypted"
    )
    ca_file: Path | None = Field(
        default=None, description="PEM file of the authorities to trust; empty: the system's"
    )
    client_cert: Path | None = Field(
        default=None, description="PEM file of the certificate that we show to the server"
    )
    client_key: Path | None = Field(
        default=None, description="PEM file of its key; empty: it is in the same file"
    )
    local_name: str | None = Field(
        default=None, description="name we say in EHLO; empty: this machine's, as the system knows it"
    )
    connections: int = Field(default=5, ge=1, le=100, description="connections at once")
    messages_per_connection: int = Field(
        default=100, ge=1, description="messages after which a connection is made anew"
    )
    per_minute: int = Field(
        default=0, ge=0, description="messages a minute through it, of all senders together; 0: no limit"
    )
    pipelining: bool = Field(default=True, description="use PIPELINING when the server announces it")
    chunking: bool = Field(default=False, description="use BDAT when the server announces CHUNKING")


class MailServer(Connecting):
    """One SMTP server among several, a table `[[mail.servers]]`."""

    host: str = Field(min_length=1, description="SMTP server")
    name: str = Field(default="", description="how it is called in logs; empty: host and port")
    password_file: Path | None = Field(default=None, description="file that holds the password")
    weight: int = Field(default=1, ge=0, description="share of the mail; 0: only when all others are down")
    lists: tuple[str, ...] = Field(
        default=(),
        description="slugs of the only lists it sends for; empty: for all that have none of their own",
    )

    @property
    def label(self) -> str:
        """How it is called where people read."""
        return self.name or f"{self.host}:{self.port}"


class MailSettings(Connecting):
    """The SMTP server, or several of them. Without any, mail goes to the embedded mailbox."""

    timeout_seconds: float = Field(
        default=300,
        gt=0,
        description="longest wait for one reply; the end of a message may take twice that. RFC 5321 asks for 300",
    )
    connect_seconds: float = Field(
        default=60,
        gt=0,
        description="longest wait for each step of connecting: dialling, greeting, TLS, login",
    )
    plain_hosts: tuple[str, ...] = Field(
        default=(),
        description="servers that announce PIPELINING and do not bear it, as names or patterns such as *.mail.example",
    )
    servers: tuple[MailServer, ...] = Field(
        default=(), description="several servers instead of `host`, as tables [[mail.servers]]"
    )
    gate: int = Field(
        default=64, ge=1, description="most messages on the wire or accepted but not yet recorded"
    )
    layouts: Path | None = Field(
        default=None, description="folder of layouts of your own, each a folder of three files"
    )
    inliner: Literal["premailer", "css-inline"] = Field(
        default="premailer",
        description="who writes the styles into the HTML of a mail; css-inline takes less than a tenth of the time",
    )
    from_name: str = Field(default="موجز", description="display name of the sender")
    from_address: str = Field(default="digest@mujaz.example", description="address of the sender")
    bounce_domain: str | None = Field(default=None, description="domain of return paths; empty: the sender's")
    retry_minutes: tuple[int, ...] = Field(
        default=(5, 15, 45, 120), description="waits before the second, third, … try"
    )

    @model_validator(mode="after")
    def _one_way_to_say_it(self) -> Self:
        if self.servers and self.host:
            raise ValueError("name one server by mail.host, or several by [[mail.servers]], not both")
        return self

    @property
    def all_servers(self) -> tuple[MailServer, ...]:
        """The servers, in the order they were named; none when mail goes to the embedded mailbox."""
        if self.servers or not self.host:
            return self.servers
        own = {name: getattr(self, name) for name in Connecting.model_fields}
        return (MailServer.model_validate(own),)


class DkimSettings(Group):
    """Signatures of our own (docs/howto/dkim.md). Without a key, signing is left to the SMTP server."""

    domain: str | None = Field(default=None, description="domain that signs; empty: the sender's")
    rsa_key: Path | None = Field(
        default=None, description="PEM file of an RSA key, readable by its owner only"
    )
    rsa_selector: str = Field(default="mujaz", description="selector of the RSA key in DNS")
    ed25519_key: Path | None = Field(
        default=None, description="PEM file of an Ed25519 key, for a second signature"
    )
    ed25519_selector: str = Field(default="mujaz-ed", description="selector of the Ed25519 key in DNS")


class BounceSettings(Group):
    """How mail that comes back is taken in and counted (docs/howto/bounces.md)."""

    listen_host: str = Field(default="127.0.0.1", description="where the bounce server listens")
    listen_port: int | None = Field(
        default=None, ge=0, le=65535, description="port of the bounce server; empty: there is none"
    )
    lmtp: bool = Field(default=True, description="speak LMTP to the bounce server; false: SMTP")
    imap_host: str | None = Field(default=None, description="IMAP server of the bounce mailbox")
    imap_port: int = Field(default=993, ge=1, le=65535, description="IMAP port")
    imap_tls: bool = Field(
        default=True, description="use TLS for IMAP; false only on a line that is safe by itself"
    )
    imap_username: str | None = Field(default=None, description="IMAP user name")
    imap_password: SecretStr | None = Field(default=None, description="IMAP password")
    imap_folder: str = Field(default="INBOX", description="folder that bounces come to")
    imap_minutes: int = Field(default=5, ge=1, description="minutes between two looks into that folder")
    threshold: float = Field(
        default=5, gt=0, description="score at which an address is probed, and disabled if the probe bounces"
    )
    stale_days: int = Field(
        default=7, ge=1, description="days without a bounce after which the score is nought again"
    )
    most_bounced: float = Field(
        default=0.05, gt=0, le=1, description="share of bounces that stops an edition or a domain"
    )
    most_complained: float = Field(
        default=0.003, gt=0, le=1, description="share of complaints that stops an edition or a domain"
    )
    postmark_login: SecretStr | None = Field(
        default=None, description="USER:PASSWORD in Postmark's webhook URL"
    )
    mailgun_key: SecretStr | None = Field(default=None, description="Mailgun's webhook signing key")
    sendgrid_key: str | None = Field(
        default=None, description="SendGrid's public key for signed events, base64"
    )
    ses_topic: str | None = Field(default=None, description="ARN of the SNS topic that SES reports to")

    @property
    def hears_mail(self) -> bool:
        """Whether mail to our return paths comes to us: by the bounce server, or into a mailbox that is read."""
        return self.listen_port is not None or self.imap_host is not None


class MailboxSettings(Group):
    """The embedded receiver that stands in for an SMTP server."""

    folder: Path = Field(default=Path("out/mailbox"), description="the Maildir that mail is kept in")
    host: str = Field(default="127.0.0.1", description="where `digest mailbox` listens")
    port: int = Field(default=8025, ge=0, le=65535, description="port of `digest mailbox`; 0: any free one")


class PacingSettings(Group):
    """How fast mail goes out, for all senders together (docs/why/pacing.md)."""

    enabled: bool = Field(
        default=False, description="keep to the rates below; they are shared through the database"
    )
    domain_per_minute: int = Field(
        default=6000,
        ge=1,
        description="messages a minute to one mailbox provider: Gmail, Outlook, Yahoo, iCloud, or a domain",
    )
    list_per_minute: int = Field(default=60000, ge=1, description="messages a minute of one list")
    look_up: bool = Field(
        default=True,
        description="ask the DNS which domains Google, Microsoft, Yahoo or Apple host; they share their pace",
    )
    warmup_first_day: int = Field(
        default=0,
        ge=0,
        description="messages to one mailbox provider on the first day, twice as many each day after; 0: no warm-up",
    )
    quiet_from: time | None = Field(
        default=None,
        description="local time of the list, HH:MM, from which nothing is sent; empty: no quiet hours",
    )
    quiet_to: time | None = Field(
        default=None, description="local time of the list, HH:MM, until which nothing is sent"
    )
