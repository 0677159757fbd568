"""Read data blocks: markets, weather, prayer times."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import structlog
from pydantic import TypeAdapter, ValidationError

from digest.errors import InputError, SourceError
from digest.model import DataBlock
from digest.services.app import App

log = structlog.get_logger()

MOST_OCTETS = 65_536
_SHAPE: TypeAdapter[DataBlock | tuple[DataBlock, ...]] = TypeAdapter(DataBlock | tuple[DataBlock, ...])


async def read_blocks(app: App, places: Sequence[str]) -> tuple[DataBlock, ...]:
    """Return the data blocks that these places hold, in their order; those without rows are left out.

    A place is the path of a JSON file or an https address of one, at most 64 kB: one block or a list of them.
    A place that is missing, too large or not in that shape is logged and left out: figures never hold an
    edition up.
    """
    found = await asyncio.gather(*(_read(app, place) for place in places))
    return tuple(block for blocks in found for block in blocks if block.rows)


async def _read(app: App, place: str) -> tuple[DataBlock, ...]:
    try:
        if "://" in place:
            content = (await app.http.get(place, most=MOST_OCTETS)).body
        else:
            content = await asyncio.to_thread(_file, Path(place))
        made = _SHAPE.validate_json(content)
    except (SourceError, InputError) as error:
        log.warning("block.hidden", place=place, reason=error.message)
        return ()
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        log.warning("block.hidden", place=place, reason=f"{where}: {first['msg']}".strip(": "))
        return ()
    return (made,) if isinstance(made, DataBlock) else made


def _file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_OCTETS + 1)
    except (OSError, ValueError) as error:
        raise InputError(f"it cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if len(content) > MOST_OCTETS:
        raise InputError(f"it is larger than {MOST_OCTETS} octets")
    return content
