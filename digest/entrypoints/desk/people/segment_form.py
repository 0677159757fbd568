"""A segment as a form: a row a condition, with the controls that fit what is asked; read back from pairs."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from digest.entrypoints.desk.people.choices_form import parts
from digest.entrypoints.desk.visit import clean
from digest.errors import InputError, RefusedError
from digest.model import Condition, CustomField, FieldKind, SegmentDefinition
from digest.model.people.segment import FIELDS, OPERATORS, OWN, FieldType, Operator
from digest.services.audience.segments.checking import DAYS, TYPES

MOST_ROWS = 20
LONGEST = 2_000
_ROW = re.compile(r"([cvx])(\d{1,2})")
PRESENCE = {Operator.SET, Operator.UNSET}


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentRow:
    """One condition in the form. `control` is none, choices, number, day or text."""

    field: str
    op: str
    values: tuple[str, ...] = ()
    exclude: bool = False
    control: str = "text"
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentForm:
    """What somebody built so far."""

    name: str = ""
    match: str = "all"
    rows: tuple[SegmentRow, ...] = ()


Known = dict[str, tuple[tuple[str, str], ...]]
"""For fields with a few values: each value with its word."""


def read(pairs: Iterable[tuple[str, str]], own: Sequence[CustomField], known: Known) -> SegmentForm:
    """Return the form that was sent, with the row that was asked for and without the one that was dropped."""
    given = [(name, clean(value)[:LONGEST]) for name, value in pairs][:400]
    simple = dict(given)
    asked: dict[int, str] = {}
    values: dict[int, list[str]] = {}
    excluded = set[int]()
    for name, value in given:
        if not (found := _ROW.fullmatch(name)):
            continue
        at = int(found[2])
        if found[1] == "c":
            asked[at] = value
        elif found[1] == "v":
            values.setdefault(at, []).append(value)
        else:
            excluded.add(at)
    dropped = simple.get("drop", "")
    rows = [
        row
        for at, what in sorted(asked.items())[:MOST_ROWS]
        if str(at) != dropped and (row := _row(what, values.get(at, []), at in excluded, own, known))
    ]
    if simple.get("add") and len(rows) < MOST_ROWS and (row := _row(simple["add"], [], False, own, known)):
        rows.append(row)
    return SegmentForm(
        name=simple.get("name", "").strip()[:100],
        match="any" if simple.get("match") == "any" else "all",
        rows=tuple(rows),
    )


def _row(
    what: str,
    values: Sequence[str],
    exclude: bool,
    own: Sequence[CustomField],
    known: Known,
) -> SegmentRow | None:
    field, _, word = what.rpartition(" ")
    kind = kind_of(field, own)
    if kind is None or word not in set(OPERATORS[kind]):
        return None
    control, choices = _control(field, kind, Operator(word), own, known)
    split = values if control == "choices" else [each for one in values for each in _split(one, control)]
    kept = tuple(dict.fromkeys(one for one in split if one))
    return SegmentRow(field=field, op=word, values=kept, exclude=exclude, control=control, choices=choices)


def _split(text: str, control: str) -> list[str]:
    return parts(text) if control == "text" else [text.strip()]


def kind_of(field: str, own: Sequence[CustomField]) -> FieldType | None:
    """Return of which type a field is; None: there is no such field."""
    named = {f"{OWN}{one.key}": TYPES[one.kind] for one in own}
    return FIELDS.get(field) or named.get(field)


def _control(
    field: str, kind: FieldType, op: Operator, own: Sequence[CustomField], known: Known
) -> tuple[str, tuple[tuple[str, str], ...]]:
    if op in PRESENCE:
        return "none", ()
    if op in DAYS or kind is FieldType.NUMBER:
        return "number", ()
    if kind in {FieldType.DAY, FieldType.INSTANT}:
        return "day", ()
    if known.get(field) and op in {Operator.IS, Operator.IS_NOT, Operator.ALL_OF}:
        return "choices", known[field]
    chosen = next((one for one in own if f"{OWN}{one.key}" == field and one.kind is FieldKind.CHOICE), None)
    if chosen and op in {Operator.IS, Operator.IS_NOT}:
        return "choices", tuple((one, one) for one in chosen.choices)
    return "text", ()


def shown(name: str, definition: SegmentDefinition, own: Sequence[CustomField], known: Known) -> SegmentForm:
    """Return the form for a segment that is saved."""
    rows = []
    for exclude, conditions in ((False, definition.include), (True, definition.exclude)):
        for one in conditions:
            kind = kind_of(one.field, own)
            control, choices = _control(one.field, kind, one.op, own, known) if kind else ("text", ())
            rows.append(
                SegmentRow(
                    field=one.field,
                    op=one.op.value,
                    values=one.values,
                    exclude=exclude,
                    control=control,
                    choices=choices,
                )
            )
    return SegmentForm(name=name, match=definition.match, rows=tuple(rows))


def definition_of(form: SegmentForm) -> SegmentDefinition:
    """Return what was built.

    Raises:
        RefusedError: a condition has no value.
        InputError: there are too many.
    """
    for one in form.rows:
        if one.control != "none" and not one.values:
            raise RefusedError("no_value", f"{one.field} has no value.")
    try:
        return SegmentDefinition(
            match="any" if form.match == "any" else "all",
            include=tuple(_condition(one) for one in form.rows if not one.exclude),
            exclude=tuple(_condition(one) for one in form.rows if one.exclude),
        )
    except ValidationError as error:
        raise InputError("The segment cannot be kept.") from error


def _condition(one: SegmentRow) -> Condition:
    return Condition(field=one.field, op=Operator(one.op), values=() if one.control == "none" else one.values)


def questions(own: Sequence[CustomField]) -> list[tuple[str, list[str]]]:
    """Return each field that can be asked, the list's own last, with its operators."""
    every = [*FIELDS, *(f"{OWN}{one.key}" for one in own)]
    return [(field, [op.value for op in OPERATORS[kind]]) for field in every if (kind := kind_of(field, own))]
