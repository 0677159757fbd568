"""A segment's definition → checks whose values are ready to compare, or a sentence on what is wrong
(pure).
"""

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from digest.errors import InputError
from digest.model import (
    AlertChoice,
    CheckedSegment,
    Condition,
    CustomField,
    FieldKind,
    Frequency,
    MailingList,
    SegmentDefinition,
    SubscriptionState,
)
from digest.model.people.segment import FIELDS, OPERATORS, OWN, Check, Comparable, FieldType, Operator
from digest.model.rows import row_id
from digest.text.words.normalise import ascii_digits, fold

TYPES = {
    FieldKind.TEXT: FieldType.TEXT,
    FieldKind.CHOICE: FieldType.TEXT,
    FieldKind.NUMBER: FieldType.NUMBER,
    FieldKind.DATE: FieldType.DAY,
}
KNOWN = {
    "frequency": frozenset(one.value for one in Frequency),
    "alerts": frozenset(one.value for one in AlertChoice),
    "state": frozenset(one.value for one in SubscriptionState),
}
"""The words of fields that have a few."""
LONGEST = 500
MOST_DAYS = 36_500
DAYS = frozenset({Operator.WITHIN_DAYS, Operator.NOT_WITHIN_DAYS})
ONE = frozenset(
    {
        Operator.CONTAINS,
        Operator.BEGINS,
        Operator.ENDS,
        Operator.AT_LEAST,
        Operator.AT_MOST,
        Operator.BEFORE,
        Operator.AFTER,
        *DAYS,
    }
)
"""What compares with one value."""


def compared(text: str) -> str:
    """Return a text as values are compared: folded, with single spaces."""
    return " ".join(fold(text).split())


def checked(
    definition: SegmentDefinition,
    mailing_list: MailingList,
    own: Iterable[CustomField],
    sections: Sequence[str],
    now: datetime,
) -> CheckedSegment:
    """Return a definition ready to be asked, of a list that has these own fields and sections.

    Raises:
        InputError: it asks for a field that the list has not (any more), for what cannot be asked of it, or
            compares with what is no value of it.
    """
    fields = {f"{OWN}{one.key}": one for one in own}

    def check(condition: Condition) -> Check:
        return _check(condition, fields, mailing_list, sections, now)

    return CheckedSegment(
        list_id=row_id(mailing_list),
        match_all=definition.match == "all",
        include=tuple(map(check, definition.include)),
        exclude=tuple(map(check, definition.exclude)),
    )


def _check(
    asked: Condition,
    own: dict[str, CustomField],
    mailing_list: MailingList,
    sections: Sequence[str],
    now: datetime,
) -> Check:
    field = own.get(asked.field)
    kind = TYPES[field.kind] if field else FIELDS.get(asked.field)
    if kind is None:
        _refuse_unknown(asked.field, own, mailing_list)
    assert kind is not None
    allowed = OPERATORS[kind]
    if asked.op not in allowed:
        raise InputError(
            f"{asked.field} cannot be asked by {asked.op.value}.",
            remedy=f"It can by {', '.join(one.value for one in allowed)}.",
        )
    _count(asked)
    if asked.field == "section":
        _among(asked, sections, f"The list {mailing_list.slug} has no section")
    elif asked.field in KNOWN:
        _among(asked, sorted(KNOWN[asked.field]), f"{asked.field} is never")
    zone = ZoneInfo(mailing_list.timezone)
    values = tuple(_value(asked, one, kind, zone, now) for one in asked.values)
    return Check(asked.field, kind, asked.op, values, field.id if field else None)


def _refuse_unknown(name: str, own: dict[str, CustomField], mailing_list: MailingList) -> None:
    if name.startswith(OWN):
        raise InputError(
            f"The list {mailing_list.slug} has no field {name.removeprefix(OWN)!r} (any more).",
            remedy="Change the segment, or make the field again: `digest fields add`."
            + (f" There are: {', '.join(sorted(own))}." if own else ""),
        )
    raise InputError(
        f"Nothing can be asked by {name!r}.", remedy=f"There are: {', '.join([*FIELDS, *sorted(own)])}."
    )


def _count(asked: Condition) -> None:
    given = len(asked.values)
    if asked.op in {Operator.SET, Operator.UNSET}:
        if given:
            raise InputError(f"{asked.field} {asked.op.value} takes no value.")
    elif asked.op in ONE and given != 1:
        raise InputError(f"{asked.field} {asked.op.value} takes one value, not {given}.")
    elif not given:
        raise InputError(f"{asked.field} {asked.op.value} needs a value.")


def _among(asked: Condition, known: Sequence[str], words: str) -> None:
    unknown = [one for one in asked.values if one not in known]
    if unknown:
        raise InputError(f"{words} {', '.join(unknown)}.", remedy=f"There are: {', '.join(known)}.")


def _value(asked: Condition, text: str, kind: FieldType, zone: ZoneInfo, now: datetime) -> Comparable:
    if len(text) > LONGEST:
        raise InputError(f"A value of {asked.field} is {len(text)} letters long; {LONGEST} are compared.")
    if asked.op in DAYS:
        return now - timedelta(days=_days(asked, text))
    if kind is FieldType.NUMBER:
        return number(text, asked.field)
    if kind is FieldType.DAY:
        return day(text, asked.field).isoformat()
    if kind is FieldType.INSTANT:
        # Before a day is before it begins, after a day after it has ended, where the list lives.
        wanted = day(text, asked.field)
        if asked.op is Operator.AFTER:
            wanted += timedelta(days=1)
        begins = datetime.combine(wanted, time(0), zone).astimezone(UTC)
        return begins - timedelta(microseconds=1) if asked.op is Operator.AFTER else begins
    if kind is FieldType.DOMAIN:
        return domain(text)
    return compared(text) if kind is FieldType.TEXT or asked.field == "tag" else text


def domain(text: str) -> str:
    """Return a domain as addresses keep it."""
    bare = text.strip().lower().lstrip("@.")
    try:
        return bare if bare.isascii() else bare.encode("idna").decode()
    except UnicodeError as error:
        raise InputError(f"{text!r} is no domain.") from error


def _days(asked: Condition, text: str) -> float:
    days = number(text, asked.field)
    if not 0 < days <= MOST_DAYS:
        raise InputError(f"{asked.field} {asked.op.value} takes 1 to {MOST_DAYS} days, not {text}.")
    return days


def number(text: str, field: str) -> float:
    """Read a number, in Latin or Arabic digits.

    Raises:
        InputError: it is none.
    """
    plain = ascii_digits(text).strip().replace("٫", ".").replace("٬", "").replace("−", "-")
    try:
        found = float(plain)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise InputError(f"{text[:60]!r} is no number for {field}.")
    return found


def day(text: str, field: str) -> date:
    """Read a day, in Latin or Arabic digits.

    Raises:
        InputError: it is none.
    """
    try:
        found = date.fromisoformat(ascii_digits(text).strip().replace("/", "-"))
    except ValueError as error:
        raise InputError(f"{text[:60]!r} is no day for {field}.", remedy="Write it as YYYY-MM-DD.") from error
    if not 1 < found.year < 9999:
        raise InputError(f"{text[:60]!r} is no day for {field}.")
    return found
