"""Read settings from file and environment, with their origin."""

import json
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import SettingsError

from digest.errors import ConfigError
from digest.settings import complaints, hidden
from digest.settings.complaints import nearest
from digest.settings.tree import PREFIX, Settings, names, variable


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
            text = hidden.shown(getattr(getattr(self.settings, group), field))
            info = type(getattr(self.settings, group)).model_fields[field]
            yield Origin(
                name, text, self.origins.get(name, "default"), variable(name), info.description or ""
            )


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
    _refuse_unreadable_variables(known)
    try:
        loaded = Loaded(Settings(**content), origins)
    except ValidationError as error:
        said, remedy = complaints.sentence(error, origins, known)
        raise ConfigError(said, remedy=remedy) from None
    except SettingsError as error:
        raise ConfigError(f"{hidden.redacted(str(error))}.") from None
    hidden.remember(loaded.settings)
    return loaded


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
        except UnicodeDecodeError:
            raise ConfigError(f"{variable(name)}_FILE names {path}, which is not in UTF-8.") from None
        origins[name] = path
    return values, origins


def _refuse_unreadable_variables(known: set[str]) -> None:
    for name in sorted(known):
        given, field = os.environ.get(variable(name)), complaints.field_of(name)
        if given is None or field is None or not complaints.is_structured(field):
            continue
        try:
            json.loads(given)
        except ValueError:
            said, remedy = complaints.complaint(name, given, variable(name), field)
            raise ConfigError(said, remedy=remedy) from None


def _refuse_unknown_variables(known: set[str]) -> None:
    allowed = (
        {variable(name) for name in known} | {f"{variable(name)}_FILE" for name in known} | {"DIGEST_CONFIG"}
    )
    for key in sorted(os.environ):
        if key.startswith(PREFIX) and key not in allowed:
            near = nearest(key, allowed)
            raise ConfigError(
                f"There is no setting {key} (from the environment).", remedy=f"Did you mean {near}?"
            )
