"""Settings: defaults that work on a laptop with no network, then digest.toml, then DIGEST_* variables.

A nested name is written `DIGEST_MAIL__HOST`. Every setting may come from a file instead: `DIGEST_MAIL__PASSWORD_FILE=/run/secrets/smtp`.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from digest.errors import ConfigError

PREFIX = "DIGEST_"


class Group(BaseModel):
    """A table of settings; a key it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DatabaseSettings(Group):
    """Where everything is kept."""

    url: str = Field(
        default="sqlite:///subscribers.db",
        description="sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME",
    )
    busy_seconds: float = Field(
        default=30, gt=0, description="how long a writer waits for a locked SQLite file"
    )


class MailSettings(Group):
    """The SMTP server. Without a host, mail goes to the embedded mailbox."""

    host: str | None = Field(default=None, description="SMTP server; empty: the embedded mailbox")
    port: int = Field(default=587, ge=1, le=65535, description="SMTP port")
    username: str | None = Field(default=None, description="SMTP user name")
    password: SecretStr | None = Field(default=None, description="SMTP password")
    tls: Literal["starttls", "implicit", "none", "opportunistic"] = Field(
        default="starttls", description="how the connection is encrypted"
    )
    timeout_seconds: float = Field(default=60, gt=0, description="how long one SMTP command may take")
    connections: int = Field(default=5, ge=1, le=100, description="connections at once to the server")
    gate: int = Field(
        default=64, ge=1, description="most messages on the wire or accepted but not yet recorded"
    )
    from_name: str = Field(default="موجز", description="display name of the sender")
    from_address: str = Field(default="digest@mujaz.example", description="address of the sender")
    bounce_domain: str | None = Field(default=None, description="domain of return paths; empty: the sender's")
    retry_minutes: tuple[int, ...] = Field(
        default=(5, 15, 45, 120), description="waits before the second, third, … try"
    )


class MailboxSettings(Group):
    """The embedded receiver that stands in for an SMTP server."""

    folder: Path = Field(default=Path("out/mailbox"), description="the Maildir that mail is kept in")
    host: str = Field(default="127.0.0.1", description="where `digest mailbox` listens")
    port: int = Field(default=8025, ge=0, le=65535, description="port of `digest mailbox`; 0: any free one")


class WebSettings(Group):
    """The public pages."""

    public_url: str = Field(
        default="http://127.0.0.1:8000",
        description="how subscribers reach the pages; links in mail start with it",
    )
    host: str = Field(default="127.0.0.1", description="where `digest serve` listens")
    port: int = Field(default=8000, ge=0, le=65535, description="port of `digest serve`")
    secret: SecretStr | None = Field(
        default=None, description="key that signs links in mail; empty: made once and kept in the database"
    )
    trusted_proxies: tuple[str, ...] = Field(
        default=(), description="addresses whose X-Forwarded-For is believed"
    )
    signups_an_hour: int = Field(default=20, ge=1, description="sign-ups taken an hour from one address")


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


class SummarizeSettings(Group):
    """Who writes the summaries."""

    method: Literal["extractive", "llm"] = Field(default="extractive", description="extractive or llm")


class RunSettings(Group):
    """How work gets run."""

    out: Path = Field(default=Path("out"), description="where previews are written")
    tick_seconds: float = Field(default=20, gt=0, description="how often the scheduler asks what is due")
    batch_size: int = Field(default=250, ge=1, le=5000, description="recipients in one batch")
    lease_seconds: float = Field(default=120, gt=0, description="how long a claimed batch is a worker's own")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="what is logged"
    )
    log_format: Literal["console", "json"] = Field(default="console", description="how it is logged")


class Settings(BaseSettings):
    """All settings, grouped as in digest.toml."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        nested_model_default_partial_update=True,
    )

    database: DatabaseSettings = DatabaseSettings()
    mail: MailSettings = MailSettings()
    mailbox: MailboxSettings = MailboxSettings()
    web: WebSettings = WebSettings()
    collect: CollectSettings = CollectSettings()
    summarize: SummarizeSettings = SummarizeSettings()
    run: RunSettings = RunSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # The environment wins over the file, which comes in as `init`; *_FILE variables are read by `load`.
        if isinstance(env_settings, EnvSettingsSource):
            env_settings.env_vars = {
                name: value
                for name, value in env_settings.env_vars.items()
                if not name.lower().endswith("_file")
            }
        return env_settings, init_settings


@dataclass(frozen=True, slots=True)
class Origin:
    """One setting as `digest config` shows it."""

    name: str
    value: str
    origin: str
    variable: str
    description: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings and, for each that was set, where it came from."""

    settings: Settings
    origins: Mapping[str, str]

    def rows(self) -> Iterator[Origin]:
        """Yield every setting with its value (secrets hidden) and origin, in the order of the groups."""
        for name, group, field in names():
            shown = getattr(getattr(self.settings, group), field)
            info = type(getattr(self.settings, group)).model_fields[field]
            text = "" if shown is None else "••••••" if isinstance(shown, SecretStr) else str(shown)
            yield Origin(
                name, text, self.origins.get(name, "default"), variable(name), info.description or ""
            )


def names() -> Iterator[tuple[str, str, str]]:
    """Yield (dotted name, group, field) of every setting."""
    for group, info in Settings.model_fields.items():
        kind = info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            for field in kind.model_fields:
                yield f"{group}.{field}", group, field


def variable(name: str) -> str:
    """Return the environment variable of a dotted setting name."""
    return PREFIX + name.replace(".", "__").upper()


def load(path: Path | None = None) -> Loaded:
    """Read defaults, then the file, then the environment.

    `path` defaults to `DIGEST_CONFIG` or `digest.toml` in the working folder, which may be missing.

    Raises:
        ConfigError: a key is unknown, a value is of the wrong kind, or a named file cannot be read. The sentence
            says which setting, where it came from and what would be right.
    """
    named = path or (Path(os.environ["DIGEST_CONFIG"]) if "DIGEST_CONFIG" in os.environ else None)
    file = named or Path("digest.toml")
    if named and not file.is_file():
        raise ConfigError(
            f"There is no settings file {file}.", remedy="Name one that exists, or leave the option out."
        )
    known = {name for name, _, _ in names()}
    content = _read_toml(file) if file.is_file() else {}
    origins = {name: str(file) for name in _flat(content)}
    secrets, secret_origins = _read_secret_files(known)
    _refuse_unknown_variables(known)
    for name, value in secrets.items():
        group, field = name.split(".")
        content.setdefault(group, {})[field] = value
    origins |= secret_origins
    origins |= {name: variable(name) for name in known if variable(name) in os.environ}
    try:
        return Loaded(Settings(**content), origins)
    except ValidationError as error:
        raise ConfigError(_sentence(error, origins, known)) from None
    except SettingsError as error:
        raise ConfigError(
            f"{error}.", remedy='Lists are written as JSON, for example \'["a", "b"]\'.'
        ) from None


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(
            f"{file} cannot be read: {error}.", remedy="Correct the file; it is TOML in UTF-8."
        ) from error


def _flat(content: Mapping[str, Any]) -> Iterator[str]:
    for group, table in content.items():
        if isinstance(table, Mapping):
            yield from (f"{group}.{field}" for field in table)
        else:
            yield group


def _read_secret_files(known: set[str]) -> tuple[dict[str, str], dict[str, str]]:
    values, origins = {}, {}
    for name in known:
        path = os.environ.get(f"{variable(name)}_FILE")
        if path is None:
            continue
        try:
            values[name] = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ConfigError(
                f"{variable(name)}_FILE names {path}, which cannot be read: {error.strerror}."
            ) from error
        origins[name] = path
    return values, origins


def _refuse_unknown_variables(known: set[str]) -> None:
    allowed = (
        {variable(name) for name in known} | {f"{variable(name)}_FILE" for name in known} | {"DIGEST_CONFIG"}
    )
    for key in sorted(os.environ):
        if key.startswith(PREFIX) and key not in allowed:
            near = _nearest(key, allowed)
            raise ConfigError(
                f"There is no setting {key} (from the environment).", remedy=f"Did you mean {near}?"
            )


def _sentence(error: ValidationError, origins: Mapping[str, str], known: set[str]) -> str:
    first = error.errors(include_url=False)[0]
    name = ".".join(str(part) for part in first["loc"][:2])
    origin = origins.get(name) or next(
        (origins[key] for key in origins if key.startswith(f"{name}.")), "the settings"
    )
    if first["type"] == "extra_forbidden":
        near = _nearest(name, known if "." in name else {key.partition(".")[0] for key in known})
        return f"There is no setting {name} (from {origin}). Did you mean {near}?"
    given = "" if "password" in name or "secret" in name else f" {first['input']!r}"
    return f"{name}{given} (from {origin}) is wrong: {first['msg']}."


def _nearest(name: str, among: set[str]) -> str:
    from difflib import get_close_matches

    return (get_close_matches(name, sorted(among), n=1, cutoff=0.0) or ["one of `digest config`"])[0]
