"""The door for files of people: every row is a person or is refused with a sentence, and so is every file."""

import io
from collections.abc import Iterator

from openpyxl import Workbook

from digest.errors import InputError
from digest.services.audience.imports.reading import people_file, person_in
from digest.text.addresses.email_address import normalised
from tests.fuzz.promises import has_words, is_storable

ROWS = 'email,name,status\namal@mujaz.example,أمل,subscribed\nbadr@mujaz.example,"بدر, عمر",unsubscribed\n'


def people_are_read(body: bytes) -> None:
    """A person has an address that mail can be sent to, and a name that can be stored; nothing else comes out."""
    try:
        found = people_file(io.BytesIO(body))
        for line, cells in found.rows:
            assert line >= 0
            _row(cells, found.columns)
    except InputError as error:
        has_words(error)


def _row(cells: list[str], which: object) -> None:
    try:
        person = person_in(cells, which)  # type: ignore[arg-type]
    except InputError as error:
        has_words(error)
        return
    for text in (person.name, person.tags, person.choices):
        is_storable(text)
    assert normalised(person.email) == person.email


def people_seeds() -> Iterator[bytes]:
    yield ROWS.encode()
    yield ROWS.replace(",", ";").encode("utf-16")
    yield ROWS.replace(",", "\t").replace("\n", "\r").encode("cp1256")
    yield ROWS.encode("utf-16-le")
    yield "sep=|\nالبريد|الاسم|الحالة\n\u200famal@mujaz.example|أمل|مشترك\n".encode()
    yield b'{"email": "amal@mujaz.example", "status": "enabled"}\n{"email": null}\n'
    yield b'email,tags,choices\namal@mujaz.example,"vip,\xd8\xb5","{""hour"": 7, ""timezone"": ""Africa/Cairo""}"\n'
    yield b'[{"email": "amal@mujaz.example", "name": {"a": 1}}]'
    book = Workbook()
    book.worksheets[0].append(["email", "name"])
    book.worksheets[0].append(["amal@mujaz.example", "أمل"])
    kept = io.BytesIO()
    book.save(kept)
    yield kept.getvalue()
