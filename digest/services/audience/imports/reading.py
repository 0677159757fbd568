"""A file of people → rows with their columns known. Nothing is kept of it but a few lines at a time."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import BinaryIO

from digest.errors import InputError, PeopleFileError
from digest.model import CustomField
from digest.model.people.custom_fields import LONGEST_TAG
from digest.services.audience.choices import portable
from digest.services.audience.imports import json_rows, workbook
from digest.services.audience.imports.addresses import (
    SHOWN,
    address_in,
    plain_address,
    unquoted,
    unseen_removed,
)
from digest.services.audience.imports.column_names import known_as
from digest.services.audience.imports.columns import Columns, columns, is_header
from digest.services.audience.imports.decoding import encoding_of, lines
from digest.services.audience.imports.delimited import Row, announced, rows, separator_of
from digest.services.audience.imports.person import Person, PersonRow
from digest.services.audience.imports.states import STATES, FileState, is_set, said, state_of
from digest.services.audience.segments.checking import compared
from digest.services.audience.segments.fields import fitting

LOOKED_AT = 60
"""Rows by which the columns are told."""
MOST_TITLES = 15
"""Rows that may stand above the header."""
LONGEST_CELL = 131_072
LONGEST_NAME = 300
_COMMAS = re.compile("[,،؛;|]")
_NUMBERS = {word: int(state) for word, state in STATES.items()}
FLAGS = {"left": FileState.LEFT, "bounced": FileState.BOUNCED, "blocked": FileState.BLOCKED}


@dataclass(frozen=True, slots=True)
class PeopleFile:
    """A file whose columns are known. `rows` can be taken once."""

    columns: Columns
    rows: Iterator[Row]
    own: Mapping[str, CustomField] = field(default_factory=dict)


def people_file(
    file: BinaryIO, wanted: Mapping[str, str] | None = None, own: Sequence[CustomField] = ()
) -> PeopleFile:
    """Find out what a file is: CSV and its kin in any usual encoding, an Excel workbook, or JSON lines.

    `wanted` names columns by role, or by the key of one of the list's `own` fields, where a person knows
    better.

    Raises:
        PeopleFileError: it is empty, no table, a damaged one, or has no column of addresses.
    """
    found = _table(file)
    head = list(islice(found, LOOKED_AT))
    if not head:
        raise PeopleFileError(
            "empty", "The file is empty.", remedy="One address a line, or a CSV with a column named email."
        )
    at = _header(head)
    header, sample = (None, head) if at is None else (head[at][1], head[at + 1 :])
    titles = {one.key: one.title for one in own}
    chosen = columns(header, [cells for _, cells in sample], wanted or {}, titles)
    return PeopleFile(chosen, chain(sample, found), {one.key: one for one in own})


def _table(file: BinaryIO) -> Iterator[Row]:
    file.seek(0)
    start = file.read(64)
    if start.startswith(workbook.ZIP):
        return workbook.rows(file)
    if start.startswith(workbook.OLD_EXCEL):
        raise PeopleFileError(
            "old_excel", "This is a workbook of an old Excel (.xls).", remedy="Save it as .xlsx or as CSV."
        )
    if start.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"SQLite format")):
        raise PeopleFileError(
            "no_table", "This file is no table of people.", remedy="Export them as CSV, .xlsx or JSON lines."
        )
    text = lines(file, encoding_of(file))
    numbered = enumerate(text, 1)
    number, first = next(((at, line) for at, line in numbered if line.strip('\ufeff \t,;|"')), (0, ""))
    if not first:
        return iter(())
    following = (line for _, line in numbered)
    first = first.lstrip("\ufeff")
    if unseen_removed(first)[:1] in {"{", "["}:
        return json_rows.rows(chain([first], following))
    separator = announced(first)
    if separator:
        return rows(following, separator, first=number + 1)
    head = list(islice(following, LOOKED_AT))
    return rows(chain([first], head, following), separator_of([first, *head]), first=number)


def _header(head: Sequence[Row]) -> int | None:
    """Return which of the first rows names the columns; None: none does. Titles may stand above it."""
    for at, (_, cells) in enumerate(head[:MOST_TITLES]):
        if is_header(cells) and all(_is_title(row, len(cells)) for _, row in head[:at]):
            return at
    with_address = next(
        (at for at, (_, row) in enumerate(head) if any("@" in c or "＠" in c for c in row)), None
    )
    if with_address == 0:
        return None
    return 0 if with_address is None else with_address - 1


def _is_title(row: Sequence[str], width: int) -> bool:
    filled = sum(bool(cell.strip()) for cell in row)
    return filled <= 1 < width or not any("@" in cell for cell in row)


def reader_of(which: Columns, own: Mapping[str, CustomField]) -> Callable[[Sequence[str]], PersonRow]:
    """Return what reads the rows of a file as `person_in` does, as bare tuples; rows that need no cleaning in
    a third of the time.
    """
    if (
        which.flags
        or which.own
        or which.tags
        or which.choices
        or max(len(which.names), len(which.states)) > 1
    ):
        return lambda cells: (*person_in(cells, which, own),)
    width, at, confirmed = len(which.titles), which.email, int(FileState.CONFIRMED)
    named, stated = (places[0] if places else None for places in (which.names, which.states))

    def read(cells: Sequence[str]) -> PersonRow:
        if len(cells) == width and (email := plain_address(cells[at])):
            name = cells[named].strip() if named is not None else ""
            state = _NUMBERS.get(cells[stated]) if stated is not None else confirmed
            if state is not None and len(name) <= LONGEST_NAME and (not name or _stands(name)):
                return email, name, state, "", "", ""
        return (*person_in(cells, which, own),)

    return read


def person_in(cells: Sequence[str], which: Columns, own: Mapping[str, CustomField] | None = None) -> Person:
    """Return the person of a row.

    Raises:
        PeopleFileError: it holds no address or several, does not say how the person stands, has what does not
            fit one of the list's `own` fields, or choices that cannot be read; the sentence says why.
    """
    if len(cells) <= which.email:
        raise PeopleFileError("no_address", "There is no e-mail address.")
    email, beside = address_in(cells[which.email])
    name = _name(cells, which) or unseen_removed(beside)[:LONGEST_NAME]
    fields = _own(cells, which, own) if own else ""
    if not which.tags and not which.choices:
        return Person(email, name, int(_state(cells, which)), fields)
    choices = _cell(cells, which.choices)
    return Person(
        email,
        name,
        int(_state(cells, which)),
        fields,
        tags=_tags(_cell(cells, which.tags)),
        choices=_choices(choices) if choices else "",
    )


def _choices(cell: str) -> str:
    try:
        return portable.read(cell)
    except InputError as error:
        raise PeopleFileError(
            "choices", error.message, remedy=error.remedy, about={"cell": cell[:SHOWN]}
        ) from error


def _cell(cells: Sequence[str], places: Sequence[int]) -> str:
    at = places[0] if places else len(cells)
    return unquoted(cells[at].strip()) if at < len(cells) else ""


def _tags(cell: str) -> str:
    """Tags as they are kept, with commas between; programs write them with commas or as a list of JSON."""
    words = [compared(_COMMAS.sub(" ", one))[:LONGEST_TAG].strip() for one in _listed(unseen_removed(cell))]
    return ",".join(dict.fromkeys(one for one in words if one))


def _listed(cell: str) -> list[str]:
    if cell.startswith("["):
        with suppress(ValueError, RecursionError):
            return [unseen_removed(str(one)) for one in json.loads(cell)]
    return [one.strip(" \"'") for one in _COMMAS.split(cell)]


def _own(cells: Sequence[str], which: Columns, own: Mapping[str, CustomField]) -> str:
    found = {}
    for at, key in which.own:
        cell = unquoted(cells[at].strip()) if len(cells) > at else ""
        if cell:
            try:
                found[key] = fitting(own[key], cell)[0]
            except InputError as error:
                raise PeopleFileError(
                    f"no_{own[key].kind.value}",
                    error.message,
                    remedy=error.remedy,
                    about={"cell": cell[:SHOWN], "field": own[key].title},
                ) from error
    return json.dumps(found, ensure_ascii=False) if found else ""


def _name(cells: Sequence[str], which: Columns) -> str:
    if not which.names:
        return ""
    parts = []
    for at in which.names:
        cell = cells[at] if len(cells) > at else ""
        if len(cell) > LONGEST_CELL:
            raise PeopleFileError(
                "cell_long",
                f"The cell «{which.title(at)}» is {len(cell):,} letters long.",
                about={"column": which.title(at), "letters": len(cell)},
            )
        if cell:
            parts.append(_words(cell))
    return " ".join(part for part in parts if part)[:LONGEST_NAME]


def _words(cell: str) -> str:
    text = cell.strip()
    if _stands(text):
        return text  # nearly all: what follows would leave it as it is
    text = unquoted(text)
    # What nobody sees stays where a word needs it: Persian has a joiner of its own.
    if not text.isascii():
        text = text.strip("\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff\u00a0 ")
    return " ".join(text.split())


def _stands(text: str) -> bool:
    """Say whether a trimmed name needs no cleaning."""
    return text.isprintable() and "  " not in text and not text.startswith(("'", '="'))


def _state(cells: Sequence[str], which: Columns) -> FileState:
    state = FileState.CONFIRMED
    for at in which.states:
        state = max(state, state_of(cells[at] if len(cells) > at else "", which.title(at)))
    for at, kind in which.flags:
        if len(cells) > at and is_set(cells[at]):
            complained = said(cells[at]).startswith("complain")
            state = max(state, FileState.BLOCKED if complained else FLAGS[kind])
    if which.titles and len(cells) > len(which.titles):
        # More cells than columns: a comma in a name has moved them, and a state may stand where nobody looks.
        for cell in cells[len(which.titles) :]:
            if "@" in cell:
                beside = cell.strip()[:SHOWN]
                raise PeopleFileError(
                    "two_addresses",
                    f"The row has more than one e-mail address, with {beside!r}.",
                    about={"cell": beside},
                )
            if len(which.titles) == 1:
                continue
            word = said(cell)
            if word in STATES and known_as(cell) and STATES[word] is not FileState.CONFIRMED:
                raise PeopleFileError(
                    "state_beside",
                    f"The row has more cells than there are columns, and one of them says {word!r}.",
                    about={"said": word[:SHOWN]},
                )
    return state
