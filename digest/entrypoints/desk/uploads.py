"""Forms that bring a file: read as they come, measured, and given up where they are too long."""

from collections.abc import AsyncGenerator

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request

from digest.entrypoints.desk.visit import clean
from digest.entrypoints.security import MAX_BODY

MOST_FIELDS = 50
LONGEST_PASTE = 2_000_000
"""Octets of a text that was pasted instead."""
AROUND = 10_000
"""What a form needs besides its file."""


class TooLargeError(MultiPartException):
    """A body is longer than is taken. The parser closes what it has read so far."""

    def __init__(self) -> None:
        super().__init__("The body is too long.")


async def read_upload(request: Request, most: int) -> tuple[list[tuple[str, str]], UploadFile | None]:
    """Return a form's fields and its file, if it brings one; the file lies on the disk unless it is small.

    Raises:
        TooLargeError: it is longer than `most` octets; the rest is not read.
        HTTPException: it is no form.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_multipart = kind == "multipart/form-data"
    body = _measured(request, most + AROUND if is_multipart else MAX_BODY)
    try:
        if is_multipart:
            form = await MultiPartParser(
                request.headers, body, max_files=1, max_fields=MOST_FIELDS, max_part_size=LONGEST_PASTE
            ).parse()
        elif kind == "application/x-www-form-urlencoded":
            form = await FormParser(request.headers, body).parse()
        else:
            return [], None
    except TooLargeError:
        if is_multipart:
            raise
        raise HTTPException(413) from None  # no file, but a form like any other
    except (MultiPartException, KeyError, ValueError, UnicodeError) as error:
        if "exceeded maximum size" in str(error):
            raise TooLargeError from error
        raise HTTPException(422) from error
    fields = [(clean(name), clean(value)) for name, value in form.multi_items() if isinstance(value, str)]
    files = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
    for one in files[1:] if files and files[0].filename else files:
        await one.close()
    return fields, files[0] if files and files[0].filename else None


async def _measured(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    length = request.headers.get("content-length", "0")
    if length.isdecimal() and int(length) > most:
        raise TooLargeError
    read = 0
    async for piece in request.stream():
        read += len(piece)
        if read > most:
            raise TooLargeError
        yield piece
