"""Settings of the database, pages, collector, summarizer and workers."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator

from digest.settings.group import Group

LEAST_SECRET = 12
"""Letters below which a key can be guessed."""


class DatabaseSettings(Group):
    """Where everything is kept."""

    url: str = Field(
        default="sqlite:///subscribers.db",
        description="sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME",
    )
    busy_seconds: float = Field(
        default=30, gt=0, description="how long a writer waits for a locked SQLite file"
    )
    connect_seconds: float = Field(
        default=10,
        gt=0,
        description="how long anybody waits for the database server, or for a free connection to it",
    )
    outage_seconds: float = Field(
        default=3600,
        ge=0,
        description="how long `digest run` waits in a send for a database that went away; services wait without an end",
    )
    state_folder: Path | None = Field(
        default=None,
        description="folder of the mark that tells a restored database from the one that sent; keep it out of the "
        "database's backups. Empty: beside an SQLite file, for PostgreSQL `state` in the working folder",
    )


class WebSettings(Group):
    """The public pages."""

    public_url: str = Field(
        default="http://127.0.0.1:8000",
        description="how subscribers reach the pages; links in mail start with it",
    )
    host: str = Field(default="127.0.0.1", description="where `digest serve` listens")
    port: int = Field(default=8000, ge=0, le=65535, description="port of `digest serve`")
    secret: SecretStr | None = Field(
        default=None,
        description="key that seals links in mail, of 12 letters or more; empty: made once and kept in the database (docs/howto/keys.md)",
    )
    trusted_proxies: tuple[str, ...] = Field(
        default=(), description="addresses whose X-Forwarded-For is believed"
    )
    signups_an_hour: int = Field(default=20, ge=1, description="sign-ups taken an hour from one address")

    @field_validator("secret")
    @classmethod
    def _cannot_be_guessed(cls, secret: SecretStr | None) -> SecretStr | None:
        letters = len(secret.get_secret_value()) if secret is not None else LEAST_SECRET
        if letters < LEAST_SECRET:
            raise ValueError(
                f"it has {letters} {'letter' if letters == 1 else 'letters'} and needs {LEAST_SECRET} or more; unset it, "
                "or set a longer one, and if mail went out with this one, tell it to `digest keys remember` first"
            )
        return secret


class RetentionSettings(Group):
    """How long what is known of people is kept; 0: for good (docs/howto/privacy.md)."""

    ip_days: int = Field(
        default=400,
        ge=0,
        description="addresses (IP) from which people asked and confirmed; that and when they did stays",
    )
    reply_days: int = Field(
        default=180, ge=0, description="what servers said of each mail; what became of it stays"
    )
    bounce_days: int = Field(default=400, ge=0, description="words of returned mail and of complaints")
    click_days: int = Field(
        default=400, ge=0, description="how often links of editions were opened on a day; of nobody"
    )


class KeySettings(Group):
    """The keys that seal what is mailed (docs/howto/keys.md)."""

    overlap_days: int = Field(
        default=400,
        ge=0,
        le=36_500,
        description="how long a key that was replaced goes on opening what it sealed; links to leave by never end",
    )


class CollectSettings(Group):
    """How sources are visited."""

    contact: str = Field(
        default="https://mujaz.example/bot",
        description="address in the User-Agent where publishers can complain",
    )
    total_seconds: float = Field(default=20, gt=0, description="longest that one visit may take")
    max_bytes: int = Field(default=5_242_880, gt=0, description="most decoded bytes read from one address")
    per_host: int = Field(default=2, ge=1, le=10, description="visits at once to one host")
    at_once: int = Field(default=50, ge=1, le=500, description="visits at once in all")
    allow_hosts: tuple[str, ...] = Field(
        default=(),
        description="hosts that may be visited although their address is private, as host or host:port",
    )
    full_text: bool = Field(
        default=True, description="visit the article's page when a feed gives only an excerpt"
    )
    min_minutes: int = Field(default=10, ge=1, description="shortest wait between two visits of a source")
    max_minutes: int = Field(default=1440, ge=1, description="longest wait between two visits of a source")
    keep_days: int = Field(default=90, ge=1, description="how long the text of articles is kept")
    silent_days: int = Field(
        default=3, ge=1, description="a source without a new article for so many days is reported as silent"
    )
    readers: int = Field(
        default=2,
        ge=0,
        le=32,
        description="child processes in which feeds and pages are read; 0: none, they are read in threads",
    )
    read_seconds: float = Field(
        default=10, gt=0, description="processor time that reading one feed or page may take"
    )
    read_megabytes: int = Field(
        default=512, ge=64, description="memory in MB that reading one feed or page may take"
    )
    rules_file: Path | None = Field(
        default=None, description="TOML file with more cleaning rules, for all sources or for one"
    )
    check_images: bool = Field(
        default=False, description="visit the pictures of new articles and leave out those that are none"
    )
    thumbnails: Path | None = Field(
        default=None, description="folder where small copies of pictures are kept; empty: none are"
    )
    imap_passwords: dict[str, SecretStr] = Field(
        default_factory=dict, description="passwords of mailboxes that are sources, by USER@HOST"
    )
    ingest_key: SecretStr | None = Field(
        default=None, description="key of POST /ingest; empty: articles are not taken that way"
    )


class SummarizeSettings(Group):
    """Who writes the summaries."""

    method: Literal["extractive", "llm"] = Field(
        default="extractive",
        description="extractive: sentences of the articles themselves; llm: written by a language model, checked, with extractive behind it",
    )
    label: bool = Field(
        default=True, description="print «ملخّص آلي» under a summary that a language model wrote"
    )
    url: str = Field(
        default="http://127.0.0.1:11434/v1",
        description="base address of an OpenAI-compatible endpoint; a private host must stand in collect.allow_hosts",
    )
    model: str = Field(default="", description="name of the model at that endpoint; llm needs one")
    key: SecretStr | None = Field(default=None, description="key of the endpoint; empty: none is sent")
    timeout_seconds: float = Field(default=30, gt=0, description="longest wait for one summary")
    edition_seconds: float = Field(
        default=300,
        gt=0,
        description="longest that the model may take for one edition; then extractive goes on",
    )
    edition_tokens: int = Field(
        default=100_000, ge=0, description="most tokens, asked and answered, for one edition"
    )
    edition_money: float = Field(
        default=1.0, ge=0, description="most that one edition may cost, in the currency of the prices"
    )
    price_in: float = Field(default=0.0, ge=0, description="price of a million tokens asked")
    price_out: float = Field(default=0.0, ge=0, description="price of a million tokens answered")


class AlarmSettings(Group):
    """Who is told when something needs a person (docs/howto/alarms.md); nobody by default."""

    email: str | None = Field(
        default=None, description="address that alarms are mailed to, through the same servers as all mail"
    )
    webhook: SecretStr | None = Field(
        default=None,
        description="address that alarms are posted to as JSON; a private host must stand in collect.allow_hosts",
    )
    stalled_minutes: int = Field(
        default=10,
        ge=1,
        description="an edition whose mail is due and that nobody has sent from for so many minutes raises an alarm",
    )


class RunSettings(Group):
    """How work gets run."""

    out: Path = Field(default=Path("out"), description="where previews are written")
    engine: Literal["inprocess", "procrastinate"] = Field(
        default="inprocess",
        description="who does the work of `digest serve`: this process, or `digest worker` processes (PostgreSQL)",
    )
    loop: Literal["auto", "asyncio", "uvloop"] = Field(
        default="auto",
        description="the event loop: uvloop, which sends with less work (the extra `fast`), Python's own, or the faster that is installed",
    )
    tick_seconds: float = Field(default=20, gt=0, description="how often the scheduler asks what is due")
    collect_first_seconds: float = Field(
        default=120, ge=0, description="how long an edition that is due waits for sources that are due, too"
    )
    batch_size: int = Field(default=500, ge=1, le=5000, description="recipients in one batch")
    lease_seconds: float = Field(default=120, gt=0, description="how long a claimed batch is a worker's own")
    metrics_port: int = Field(
        default=0,
        ge=0,
        le=65535,
        description="port on which `digest serve` shows its figures to Prometheus; 0: none",
    )
    worker_metrics_port: int = Field(
        default=0,
        ge=0,
        le=65535,
        description="port on which `digest worker` shows the same figures; 0: none",
    )
    metrics_host: str = Field(
        default="127.0.0.1",
        description="where the figures are shown; they need no login, so keep it to a safe network",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="what is logged"
    )
    log_format: Literal["console", "json"] = Field(default="console", description="how it is logged")
