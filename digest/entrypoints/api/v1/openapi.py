"""The interface as OpenAPI 3.1, made from the same table and models that answer."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from digest import __version__
from digest.entrypoints.api.v1.problems import PROBLEM_JSON, Problem
from digest.entrypoints.api.v1.table import ROOT, ApiAccess, ApiRoute

REFERENCE = "#/components/schemas/{model}"
WORDS = {
    200: "Done.",
    201: "Made; Location names it.",
    202: "Taken; it is worked on.",
    204: "Done; there is nothing to say.",
    304: "It is as If-None-Match knows it.",
    401: "The key is missing, wrong, revoked or expired.",
    403: "The key has no such scope, or is for another list.",
    404: "There is no such thing, or not for this key.",
    408: "The body took too long.",
    409: "It is in the way of something that goes on.",
    412: "It was changed since the ETag in If-Match was read.",
    413: "The body is too long.",
    415: "The body is of another type.",
    422: "What was sent is wrong; the answer says where.",
    429: "Too many calls; Retry-After says how long to wait.",
    500: "Something of ours is broken.",
    503: "It cannot be done now; try again later.",
}
Model = tuple[type[BaseModel], JsonSchemaMode]


@lru_cache(maxsize=2)
def openapi(routes: tuple[ApiRoute, ...]) -> dict[str, Any]:
    """Return the description of the routes, as an OpenAPI 3.1 document."""
    models: list[Model] = list(dict.fromkeys([(Problem, "serialization"), *_models(routes)]))
    names, definitions = models_json_schema(models, ref_template=REFERENCE)
    paths: dict[str, dict[str, Any]] = {}
    shown = {one.path for one in routes if one.method == "GET"}
    for one in routes:
        made = _operation(one, names, is_shown=one.path in shown)
        paths.setdefault(_plain(one.path), {})[one.method.lower()] = made
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Mujaz",
            "version": __version__,
            "description": "Lists, people, editions and sources, for programs. Errors are problems (RFC 9457).",
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": definitions.get("$defs", {}),
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _models(routes: Sequence[ApiRoute]) -> Iterator[Model]:
    for one in routes:
        if one.body is not None:
            yield one.body, "validation"
        if one.answer is not None:
            yield one.answer, "serialization"


def _plain(path: str) -> str:
    return re.sub(r":\w+}", "}", path)


def _operation(route: ApiRoute, names: Any, *, is_shown: bool) -> dict[str, Any]:
    """`is_shown`: its address answers GET, so that there is an ETag to name."""
    made: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.says,
        "tags": [route.path.removeprefix(f"{ROOT}/").removeprefix("lists/{slug}/").partition("/")[0]],
        "parameters": [*_of_path(route.path), *_of_query(route), *_of_headers(route, is_shown=is_shown)],
        "responses": {str(status): _answer(route, status, names) for status in statuses(route)},
    }
    if route.needs is not ApiAccess.ANYBODY:
        made["security"] = [{"key": []}]
        made["x-scope"] = str(route.needs)
    if route.body is not None:
        content = {"application/json": {"schema": names[route.body, "validation"]}}
        made["requestBody"] = {"required": True, "content": content}
    elif route.files:
        file = {"schema": {"type": "string", "format": "binary"}}
        made["requestBody"] = {"required": True, "content": dict.fromkeys(route.files, file)}
    return made


def statuses(route: ApiRoute) -> list[int]:
    """Return all statuses that a route may answer."""
    found = {route.status, *route.also, 422, 500, 503}
    if route.method == "GET":
        found.add(304)
    if route.needs is not ApiAccess.ANYBODY:
        found |= {401, 403, 429}
    if "{" in route.path:
        found.add(404)
    if route.body is not None or route.files:
        found |= {404, 408, 413, 415}
    if route.changes:
        found |= {403, 409, 413}
    if route.method in {"PUT", "PATCH", "DELETE"}:
        found.add(412)
    return sorted(found)


def _answer(route: ApiRoute, status: int, names: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"description": WORDS[status]}
    if named := _headers_of(route, status):
        made["headers"] = {
            name: {"description": words, "schema": {"type": "string"}} for name, words in named.items()
        }
    if status >= 400:
        made["content"] = {PROBLEM_JSON: {"schema": names[Problem, "serialization"]}}
    elif status not in {204, 304} and route.answer is not None:
        made["content"] = {"application/json": {"schema": names[route.answer, "serialization"]}}
    return made


def _headers_of(route: ApiRoute, status: int) -> dict[str, str]:
    """The headers that an answer may bring, with what they say."""
    found: dict[str, str] = {}
    if route.method == "GET" and status in {200, 304}:
        found["ETag"] = "for If-None-Match, and for If-Match on a change"
    if status == 201:
        found["Location"] = "the address of what was made"
    if status in {409, 429, 503}:
        found["Retry-After"] = "seconds to wait"
    if route.method == "POST" and route.changes and status < 500:
        found["Idempotency-Replayed"] = "true: it was done before, for the same Idempotency-Key"
    return found


def _of_path(path: str) -> Iterator[dict[str, Any]]:
    for name, kind in re.findall(r"{(\w+)(?::(\w+))?}", path):
        number = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
        word = {"type": "string", "minLength": 1, "pattern": "^[^/\\x00]+$"}
        yield {"name": name, "in": "path", "required": True, "schema": number if kind == "int" else word}


def _of_query(route: ApiRoute) -> Iterator[dict[str, Any]]:
    schema = route.query.model_json_schema(ref_template=REFERENCE)
    definitions = schema.get("$defs", {})
    for name, given in schema.get("properties", {}).items():
        shown = _inlined(given, definitions)
        words = {"description": shown.pop("description")} if "description" in shown else {}
        yield {"name": name, "in": "query", "required": False, "schema": shown, **words}


def _inlined(given: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Return a parameter's schema that refers to nothing; null is said by leaving the parameter out."""
    found = dict(given)
    choices = [one for one in found.pop("anyOf", []) if one.get("type") != "null"]
    if choices:
        found |= choices[0]
        found.pop("default", None)
    if "$ref" in found:
        found |= definitions[found.pop("$ref").rpartition("/")[2]]
    found.pop("title", None)
    return found


def _of_headers(route: ApiRoute, *, is_shown: bool) -> Iterator[dict[str, Any]]:
    text = {"type": "string"}
    if route.method == "GET":
        yield {"name": "If-None-Match", "in": "header", "required": False, "schema": text}
    elif route.method == "POST" and route.changes:
        words = "a name of your choosing: the same request with it is done once within 24 hours"
        short = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"}
        yield {
            "name": "Idempotency-Key", "in": "header", "required": False, "schema": short, "description": words,
        }  # fmt: skip
    elif route.method != "POST" and is_shown:
        yield {"name": "If-Match", "in": "header", "required": False, "schema": text}
