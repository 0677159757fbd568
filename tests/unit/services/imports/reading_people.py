"""Read the people of a file, as these tests do."""

import io

from digest.services.audience.imports.person import Person
from digest.services.audience.imports.reading import people_file, person_in

AMAL, BADR, SALMA = (f"{name}@mujaz.example" for name in ("amal", "badr", "salma"))


def read(content: str | bytes, **wanted: str) -> list[Person]:
    """Return the people of a file; a row that is refused raises."""
    body = content.encode() if isinstance(content, str) else content
    found = people_file(io.BytesIO(body), wanted)
    return [person_in(cells, found.columns) for _, cells in found.rows]


def emails(content: str | bytes, **wanted: str) -> list[str]:
    return [one.email for one in read(content, **wanted)]
