"""SQLAlchemy compiles a statement once in a run, not again for the engines of each test.

An engine keeps what it has compiled, under its own dialect. Here all engines keep it together, and dialects of one class for one
version of a server are alike.
"""

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

_COMPILED: LRUCache[Any, Any] = LRUCache(4096)


def compile_once() -> None:
    """Let all engines know what the others have compiled."""
    Engine._compiled_cache = property(lambda _: _COMPILED, lambda *_: None)  # type: ignore[assignment]
    DefaultDialect.__eq__ = _is_alike  # type: ignore[method-assign,assignment]
    DefaultDialect.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]


def _is_alike(one: DefaultDialect, other: object) -> bool:
    return (
        type(one) is type(other)
        and isinstance(other, DefaultDialect)
        and (one.server_version_info, one.default_schema_name)
        == (other.server_version_info, other.default_schema_name)
    )
