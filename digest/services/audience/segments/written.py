"""Conditions as a person writes them on a line: «section is economy,sport», «joined within_days 30»
(pure).
"""

import csv
from collections.abc import Iterable

from pydantic import ValidationError

from digest.errors import InputError
from digest.model import Condition, CustomField, SegmentDefinition
from digest.model.people.segment import FIELDS, OPERATORS, OWN, Operator
from digest.services.audience.segments.checking import TYPES


def condition(line: str) -> Condition:
    """Read one condition: FIELD OPERATOR VALUE,VALUE…; a value with a comma stands in quotes.

    Raises:
        InputError: it is none.
    """
    field, _, rest = line.strip().partition(" ")
    word, _, given = rest.strip().partition(" ")
    if word not in set(Operator):
        raise InputError(
            f"{line!r} is no condition.",
            remedy="Write FIELD OPERATOR VALUE, for example 'joined within_days 30' or 'tag is vip,press'. "
            f"Operators: {', '.join(Operator)}.",
        )
    row = next(csv.reader([given.strip()], skipinitialspace=True), [])
    values = tuple(one.strip() for one in row if one.strip())
    return Condition(field=field, op=Operator(word), values=values)


def definition(include: Iterable[str], exclude: Iterable[str], *, any_of: bool = False) -> SegmentDefinition:
    """Read a definition from lines.

    Raises:
        InputError: a line is no condition, or there are too many.
    """
    try:
        return SegmentDefinition(
            match="any" if any_of else "all",
            include=tuple(map(condition, include)),
            exclude=tuple(map(condition, exclude)),
        )
    except ValidationError as error:
        raise InputError(f"The definition cannot be kept: {error.errors()[0]['msg']}.") from error


def from_json(text: str) -> SegmentDefinition:
    """Read a definition that was written as JSON.

    Raises:
        InputError: it is none.
    """
    try:
        return SegmentDefinition.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise InputError(f"The definition cannot be read: {where}: {first['msg']}.") from error


def line(one: Condition) -> str:
    """Write a condition so that `condition` reads it."""
    values = ",".join(
        f'"{each.replace(chr(34), chr(34) * 2)}"' if set(each) & set(',"') else each for each in one.values
    )
    return f"{one.field} {one.op.value} {values}".strip()


def lines(found: SegmentDefinition) -> list[str]:
    """Write a definition for people."""
    if not found.include and not found.exclude:
        return ["everybody on the list"]
    joined = " and " if found.match == "all" else " or "
    parts = [joined.join(line(one) for one in found.include)] if found.include else ["everybody"]
    return [*parts, *(f"but not: {line(one)}" for one in found.exclude)]


def askable(own: Iterable[CustomField] = ()) -> list[tuple[str, str]]:
    """Return each field, the list's own last, with the operators that it can be asked by."""
    kinds = {**FIELDS, **{f"{OWN}{one.key}": TYPES[one.kind] for one in own}}
    return [(name, ", ".join(OPERATORS[kind])) for name, kind in kinds.items()]
