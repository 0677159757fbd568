"""A list's sections as rows of a form: key, title, colour, room and place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from digest.entrypoints.desk.visit import DeskVisit
from digest.model import MailingList
from digest.services.audience import lists
from digest.text.words.normalise import ascii_digits

MOST = 30
BLANK = 2
"""Rows to fill in for new sections."""
COLOUR = "#9a3412"
NAMES = ("key", "title", "colour", "max", "place")


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One row as it is shown; `key` "" is one to fill in."""

    key: str
    title: str
    colour: str
    max_stories: str
    place: int


def known_keys() -> tuple[str, ...]:
    """Return the keys of Mujaz's own sections."""
    return tuple(spec.key for spec in lists.DEFAULT_SECTIONS)


def shown(mailing_list: MailingList, sections: Sequence[dict[str, Any]]) -> list[SectionRow]:
    """Return the rows for sections, the default ones where the list names none, and some to fill in."""
    given = list(sections) or [spec.model_dump() for spec in lists.specs(mailing_list)]
    rows = [
        SectionRow(
            str(one.get("key", "")),
            str(one.get("title", "")),
            str(one.get("colour", COLOUR)),
            str(one.get("max_stories", 4)),
            place,
        )
        for place, one in enumerate(given, 1)
    ]
    return rows + [SectionRow("", "", COLOUR, "4", len(rows) + 1 + more) for more in range(BLANK)]


def read(visit: DeskVisit, *, of_address: bool = False) -> dict[str, Any]:
    """Return the sections that were typed, in the order of their places; a row without a key is none."""
    pairs = dict(visit.request.query_params.multi_items() if of_address else visit.fields)
    rows: list[tuple[float, int, dict[str, Any]]] = []
    for at in range(MOST + BLANK):
        key, title, colour, most, place = (pairs.get(f"s{at}_{name}", "")[:200].strip() for name in NAMES)
        if not key or pairs.get(f"s{at}_drop") == "yes":
            continue
        spec: dict[str, Any] = {"key": key, "title": title or key, "colour": colour or COLOUR}
        spec["max_stories"] = _number(most)
        where = _number(place)
        rows.append((float(where) if isinstance(where, int) else at + 1, at, spec))
    return {"sections": [spec for _, _, spec in sorted(rows, key=lambda row: row[:2])]}


def _number(text: str) -> int | str:
    plain = ascii_digits(text)
    return int(plain) if plain.isdecimal() and len(plain) < 5 else text
