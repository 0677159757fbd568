"""Rows of JSON: an object a line, or one array of objects."""

import json
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

from digest.errors import InputError
from digest.services.audience.imports.delimited import Row

LOOKED_AT = 50
MOST_DEEP = 100_000_000
"""Letters of an array, which has to be read whole."""


def rows(lines: Iterable[str]) -> Iterator[Row]:
    """Yield the keys as the first row (line 0), then the values of each object; a line that is no object has
    one cell.

    Raises:
        InputError: an array is not closed, or holds other things than objects.
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
    numbered = enumerate(lines, 1)
    for number, line in numbered:
        text = line.strip().lstrip("\ufeff")
        if text.startswith("["):
            yield from _array(text, (more for _, more in numbered))
            return
        if text:
            try:
                yield number, json.loads(text)
            except (ValueError, RecursionError):
                yield number, None


def _array(text: str, others: Iterable[str]) -> Iterator[tuple[int, Any]]:
    pieces = [text]
    length = len(text)
    for more in others:
        length += len(more)
        if length > MOST_DEEP:
            raise InputError("This JSON array is too long.", remedy="Write one object a line.")
        pieces.append(more)
    try:
        found = json.loads("\n".join(pieces))
    except (ValueError, RecursionError) as error:
        raise InputError(
            "This JSON cannot be read: it is broken or cut off.", remedy="Export it again."
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
