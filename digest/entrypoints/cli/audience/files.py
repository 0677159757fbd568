"""Files that a person names on the command line, opened so that they can be read twice."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from digest.errors import InputError

IN_MEMORY = 4_000_000


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file that can be read more than once; what comes by a pipe is kept in a temporary one.

    Raises:
        InputError: it cannot be read.
    """
    try:
        if str(path) != "-" and path.is_file():
            with path.open("rb") as file:
                yield file
            return
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as kept:
            if str(path) == "-":
                shutil.copyfileobj(sys.stdin.buffer, kept)
            else:
                with path.open("rb") as pipe:
                    shutil.copyfileobj(pipe, kept)
            yield kept  # type: ignore[misc]
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
