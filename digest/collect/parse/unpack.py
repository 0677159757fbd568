"""Unpack gzip bodies that no header announces."""

import zlib

from digest.errors import SourceError

GZIP = b"\x1f\x8b\x08"
LARGEST = 30_000_000
"""Bytes after unpacking; a larger body is refused."""


def unpacked(body: bytes, url: str = "") -> bytes:
    """Return a body without its gzip; any other body as it is. What breaks off keeps its beginning.

    Raises:
        SourceError: it is larger than 30 MB when unpacked, or damaged from the start.
    """
    if not body.startswith(GZIP):
        return body
    reader = zlib.decompressobj(wbits=31)
    try:
        whole = reader.decompress(body, LARGEST)
    except zlib.error as error:
        raise SourceError("The packed file is damaged.", location=url, remedy="Try again later.") from error
    if reader.unconsumed_tail:
        raise SourceError("The packed file is too large.", location=url)
    return whole
