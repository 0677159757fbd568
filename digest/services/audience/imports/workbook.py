"""Rows of an Excel workbook (.xlsx), read as a stream."""

import warnings
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO

from digest.errors import InputError, PeopleFileError
from digest.services.audience.imports.delimited import Row

ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_BYTES = 1_000_000_000
"""Unpacked; a million rows have some hundred megabytes."""
MOST_GROWN = 200
"""Times that a part may be larger than it is packed; sheets are some ten times."""
REMEDY = "Open it in a spreadsheet and save it as CSV (UTF-8)."


def rows(file: BinaryIO) -> Iterator[Row]:
    """Yield the rows of the first sheet that has any, with the numbers that the spreadsheet shows.

    Raises:
        PeopleFileError: it is no workbook, or a damaged or boundless one.
    """
    try:
        yield from _rows(file)
    except InputError:
        raise
    except Exception as error:
        raise PeopleFileError(
            "workbook_broken",
            f"This is no Excel workbook that can be read ({type(error).__name__}).",
            remedy=REMEDY,
        ) from error


def _rows(file: BinaryIO) -> Iterator[Row]:
    # Only here: a CSV does not need it.
    from openpyxl import load_workbook

    file.seek(0)
    _require_bounds(file)
    file.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        try:
            for sheet in book.worksheets:
                found = False
                sheet.reset_dimensions()
                for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
                    written = [_written(cell) for cell in cells]
                    if any(written):
                        found = True
                        yield number, written
                if found:
                    return
        finally:
            book.close()


def _require_bounds(file: BinaryIO) -> None:
    with zipfile.ZipFile(file) as packed:
        if not any(name.startswith("xl/") for name in packed.namelist()):
            raise PeopleFileError("zip", "This is a ZIP archive, and no Excel workbook.", remedy=REMEDY)
        parts = packed.infolist()
        if sum(part.file_size for part in parts) > MOST_BYTES or any(
            part.file_size > 10_000_000 and part.file_size > MOST_GROWN * max(part.compress_size, 1)
            for part in parts
        ):
            raise PeopleFileError(
                "workbook_large", "This workbook is too large to be unpacked.", remedy=REMEDY
            )


def _written(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    return str(cell)
