"""Explain a wrong setting in one sentence."""

import json
import types
from collections.abc import Iterator, Mapping
from datetime import time
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MinLen
from pydantic import BaseModel, SecretStr, ValidationError
from pydantic.fields import FieldInfo

from digest.settings.hidden import redacted
from digest.settings.tree import PREFIX, Settings, variable

LONGEST_GIVEN = 80
_HIDDEN = ("password", "secret", "key", "login", "token", "url", "webhook")


def sentence(error: ValidationError, origins: Mapping[str, str], known: set[str]) -> tuple[str, str]:
    """Return what is wrong first, and what to do about it."""
    first = error.errors(include_url=False)[0]
    place = first["loc"]
    name = ".".join(str(part) for part in place)
    top = ".".join(str(part) for part in place[:2])
    origin = origins.get(top) or next(
        (origins[key] for key in origins if key.startswith(f"{top}.")), "the settings"
    )
    if first["type"] == "extra_forbidden":
        return _unknown(place, origin, known)
    field = _field(place[0], place[1]) if len(place) > 1 else None
    if field is None and place and isinstance(first.get("input"), str | int | float | bool | list):
        return (
            f"{name} (from {origin}) is no table.",
            f"Write [{name}] on a line of its own, and its settings below.",
        )
    if first["type"] == "value_error":
        return f"{name} (from {origin}) is wrong: {first['msg'].removeprefix('Value error, ')}.", ""
    if first["type"] == "missing":
        return f"{name} (from {origin}) is missing.", ""
    inner = _inner(field, place[2:])
    if inner is None:
        return f"{name} (from {origin}) is wrong.", ""
    if len(place) > 2:
        return (
            f"{name}{_given(first.get('input'), place, inner)} (from {origin}) is wrong: it must be {expected(inner)}.",
            "",
        )
    return complaint(name, first.get("input"), origin, inner)


def complaint(name: str, given: object, origin: str, field: FieldInfo) -> tuple[str, str]:
    """Return the sentence for a value of the wrong kind, and an example of the right one."""
    place = tuple(name.split("."))
    said = f"{name}{_given(given, place, field)} (from {origin}) is wrong: it must be {expected(field)}."
    return said, f"For example: {example(name, field, in_environment=origin.startswith(PREFIX))}"


def expected(field: FieldInfo) -> str:
    """Return what a setting must be, in words."""
    kind = _kind(field.annotation)
    origin = get_origin(kind)
    if origin is Literal:
        words = [str(one) for one in get_args(kind)]
        return f"{', '.join(words[:-1])} or {words[-1]}"
    if origin is tuple:
        inner = get_args(kind)[0]
        return "a list of " + {int: "whole numbers", str: "texts"}.get(inner, "tables")
    if origin is dict:
        return "a table of texts"
    word = {
        bool: "true or false",
        int: "a whole number",
        float: "a number",
        Path: "a path",
        time: "a time of day, HH:MM",
    }.get(kind, "a text")
    return word + _bounds(field)


def example(name: str, field: FieldInfo, *, in_environment: bool) -> str:
    """Return a line that sets it right."""
    group, _, key = name.partition(".")
    value = _example(field)
    if in_environment:
        plain = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        return (
            f"{variable(name)}={plain}" if plain.replace(":", "").isalnum() else f"{variable(name)}='{plain}'"
        )
    written = _toml(value)
    return f"{key} = {written} below [{group}]."


def is_structured(field: FieldInfo) -> bool:
    """Say whether a setting is written as JSON in the environment."""
    return get_origin(_kind(field.annotation)) in {tuple, dict}


def field_of(name: str) -> FieldInfo | None:
    """Return the field of a setting."""
    group, _, key = name.partition(".")
    return _field(group, key)


def _unknown(place: tuple[int | str, ...], origin: str, known: set[str]) -> tuple[str, str]:
    name = ".".join(str(part) for part in place)
    if len(place) > 2:
        last = str(place[-1])
        field = _field(place[0], place[1])
        model = _model(field.annotation) if field is not None else None
        near = nearest(last, set(model.model_fields)) if model is not None else ""
        return f"There is no setting {name} (from {origin}).", f"Did you mean {near}?" if near else ""
    near = nearest(name, known if "." in name else {key.partition(".")[0] for key in known})
    return f"There is no setting {name} (from {origin}).", f"Did you mean {near}?"


def nearest(name: str, among: set[str]) -> str:
    """Return the name that is most like one."""
    from difflib import get_close_matches

    return (get_close_matches(name, sorted(among), n=1, cutoff=0.0) or ["one of `digest config`"])[0]


def _given(value: object, place: tuple[int | str, ...], field: FieldInfo) -> str:
    """Return what was given, unless it is, or may hold, a secret."""
    secret = SecretStr in _parts(field.annotation) or _model(field.annotation) is not None
    named = any(word in str(part) for part in place for word in _HIDDEN)
    if secret or named or not isinstance(value, str | int | float | bool):
        return ""
    text = repr(redacted(value) if isinstance(value, str) else value)
    return f" {text}" if len(text) <= LONGEST_GIVEN else f" {text[:LONGEST_GIVEN]}…"


def _field(group: object, key: object) -> FieldInfo | None:
    found = Settings.model_fields.get(str(group))
    kind = found.annotation if found else None
    return kind.model_fields.get(str(key)) if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _inner(field: FieldInfo | None, place: tuple[int | str, ...]) -> FieldInfo | None:
    """Return what stands deeper in a list or table: a field of its model, or one made for its values."""
    for part in place:
        if field is None:
            return None
        kind = field.annotation
        if isinstance(part, str) and (model := _model(kind)) is not None and part in model.model_fields:
            field = model.model_fields[part]
        else:
            inner = [one for one in get_args(_kind(kind)) if one is not Ellipsis]
            field = FieldInfo(annotation=inner[-1]) if inner else field
    return field


def _model(kind: Any) -> type[BaseModel] | None:
    found = (one for one in _parts(kind) if isinstance(one, type) and issubclass(one, BaseModel))
    return next(found, None)


def _parts(kind: Any) -> Iterator[Any]:
    yield kind
    for one in get_args(kind):
        yield from _parts(one)


def _kind(kind: Any) -> Any:
    """Return the kind without its `None`."""
    if get_origin(kind) in {Union, types.UnionType}:
        return next(one for one in get_args(kind) if one is not type(None))
    return kind


def _bounds(field: FieldInfo) -> str:
    least = next((one.ge for one in field.metadata if isinstance(one, Ge)), None)
    most = next((one.le for one in field.metadata if isinstance(one, Le)), None)
    above = next((one.gt for one in field.metadata if isinstance(one, Gt)), None)
    below = next((one.lt for one in field.metadata if isinstance(one, Lt)), None)
    if any(isinstance(one, MinLen) for one in field.metadata):
        return " that is not empty"
    if least is not None and most is not None:
        return f" from {least} to {most}"
    low = f"above {above}" if above is not None else f"of {least} or more" if least is not None else ""
    high = f"at most {most}" if most is not None else f"below {below}" if below is not None else ""
    return "".join(f" {one}" for one in (", ".join(filter(None, (low, high))),) if one)


def _example(field: FieldInfo) -> Any:
    kind = _kind(field.annotation)
    origin = get_origin(kind)
    default = field.get_default(call_default_factory=True)
    if origin is tuple:
        inner = get_args(kind)[0]
        if inner is int:
            return list(default or (5, 15))
        return ["a", "b"] if inner is str else [{"host": "smtp.example.org"}]
    if origin is dict:
        return {"reader@imap.example.org": "…"}
    if origin is Literal:
        return default
    plain = {bool: True, int: 1, float: 1.5, Path: "file", time: "22:00"}.get(kind, "…")
    return default if type(default) is kind and default not in {"", 0} else plain


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False, default=str)
