"""Rows of JSON: an object a line, or one array of objects."""

import json
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

from digest.errors import PeopleFileError
from digest.services.audience.imports.delimited import Row

LOOKED_AT = 50
MOST_DEEP = 100_000_000
"""Letters of an array, which has to be read whole."""


def rows(lines: Iterable[str]) -> Iterator[Row]:
    """Yield the keys as the first row (line 0), then the values of each object; a line that is no object has
    one cell.

    Raises:
        PeopleFileError: an array is not closed, or holds other things than objects.
    """
    found = _objects(lines)
    head = list(islice(found, LOOKED_AT))
    keys = list(dict.fromkeys(key for _, one in head if isinstance(one, dict) for key in one))
    yield 0, keys
    for number, one in chain(head, found):
        if isinstance(one, dict):
            yield number, [_written(one.get(key)) for key in keys]
        else:
            yield number, [""]


def _objects(lines: Iterable[str]) -> Iterator[tuple[int, Any]]:
    numbered = ((at, line.strip().lstrip("\ufeff")) for at, line in enumerate(lines, 1))
    filled = ((at, text) for at, text in numbered if text)
    first = next(filled, (0, ""))
    if first[1].startswith("["):
        yield from _array(_rest(first[1], filled))
        return
    one, second = _value(first[1]), next(filled, None)
    others = chain([second], filled) if second else filled
    if first[1].startswith("{") and one is None and (second is None or _value(second[1]) is None):
        yield from _object(first, list(others))
        return
    if people := _people_in(one):
        yield from enumerate(people, 1)
        return
    if first[1]:
        yield first[0], one
    for at, text in others:
        yield at, _value(text)


def _object(first: tuple[int, str], others: list[tuple[int, str]]) -> Iterator[tuple[int, Any]]:
    """One object over several lines; else lines, of which the first is broken."""
    whole = _value(_rest(first[1], others))
    if isinstance(whole, dict):
        yield from enumerate(_people_in(whole) or [whole], 1)
    else:
        yield from ((at, _value(text)) for at, text in (first, *others))


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _people_in(found: Any) -> list[Any]:
    """The one list of objects that an object holds, as {"subscribers": […]} does; empty where there is
    none.
    """
    if not isinstance(found, dict):
        return []
    lists = [
        value for value in found.values() if isinstance(value, list) and value and isinstance(value[0], dict)
    ]
    return (
        lists[0]
        if len(lists) == 1
        and not any("@" in str(value) for value in found.values() if isinstance(value, str))
        else []
    )


def _rest(text: str, others: Iterable[tuple[int, str]]) -> str:
    pieces = [text]
    length = len(text)
    for _, more in others:
        length += len(more)
        if length > MOST_DEEP:
            raise PeopleFileError("json_long", "This JSON is too long.", remedy="Write one object a line.")
        pieces.append(more)
    return "\n".join(pieces)


def _array(text: str) -> Iterator[tuple[int, Any]]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PeopleFileError(
            "json_broken",
            "This JSON cannot be read: it is broken or cut off.",
            remedy="Export it again.",
        ) from error
    yield from enumerate(found, 1)


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    # A zero can be kept by no database; half a letter by none either.
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
