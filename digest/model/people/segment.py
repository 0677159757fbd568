"""Segments: saved questions about a list's people. What may be asked is an allow-list; there is no SQL in it.

A definition is checked once (`services.audience.segments.checking`), which gives `Check`s whose values are
ready to compare. `matches` says whether a person fits; `storage.audience.segments` says the same in SQL.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Limited
from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

OWN = "field."
"""What the names of a list's own fields begin with."""


class Operator(StrEnum):
    """How a field is compared."""

    IS = "is"
    IS_NOT = "is_not"
    ALL_OF = "all_of"
    CONTAINS = "contains"
    BEGINS = "begins"
    ENDS = "ends"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BEFORE = "before"
    AFTER = "after"
    WITHIN_DAYS = "within_days"
    NOT_WITHIN_DAYS = "not_within_days"
    SET = "set"
    UNSET = "unset"


class FieldType(StrEnum):
    """What kind of value a field holds, and so how it may be compared."""

    CHOICE = "choice"
    SET = "set"
    TEXT = "text"
    DOMAIN = "domain"
    NUMBER = "number"
    DAY = "day"
    FLAG = "flag"
    INSTANT = "instant"


_PRESENCE = (Operator.SET, Operator.UNSET)
_EQUAL = (Operator.IS, Operator.IS_NOT)
OPERATORS: Mapping[FieldType, tuple[Operator, ...]] = {
    FieldType.CHOICE: _EQUAL,
    FieldType.SET: (*_EQUAL, Operator.ALL_OF),
    FieldType.TEXT: (*_EQUAL, Operator.CONTAINS, Operator.BEGINS, *_PRESENCE),
    FieldType.DOMAIN: (*_EQUAL, Operator.ENDS),
    FieldType.NUMBER: (*_EQUAL, Operator.AT_LEAST, Operator.AT_MOST, *_PRESENCE),
    FieldType.DAY: (*_EQUAL, Operator.BEFORE, Operator.AFTER, *_PRESENCE),
    FieldType.FLAG: _PRESENCE,
    FieldType.INSTANT: (
        Operator.BEFORE,
        Operator.AFTER,
        Operator.WITHIN_DAYS,
        Operator.NOT_WITHIN_DAYS,
        *_PRESENCE,
    ),
}
"""What may be asked of each type. `is` and `is_not` take several values: one of them, none of them."""

FIELDS: Mapping[str, FieldType] = {
    "section": FieldType.SET,
    "frequency": FieldType.CHOICE,
    "alerts": FieldType.CHOICE,
    "state": FieldType.CHOICE,
    "source": FieldType.CHOICE,
    "import": FieldType.NUMBER,
    "joined": FieldType.INSTANT,
    "asked": FieldType.INSTANT,
    "last_delivered": FieldType.INSTANT,
    "last_bounced": FieldType.INSTANT,
    "stopped": FieldType.FLAG,
    "language": FieldType.CHOICE,
    "domain": FieldType.DOMAIN,
    "tag": FieldType.SET,
}
"""What every list's people can be asked by; a list's own fields come to it."""


class Condition(BaseModel):
    """One thing asked, as a person wrote it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str
    op: Operator
    values: tuple[str, ...] = Limited(default=(), max_length=1000)


class SegmentDefinition(BaseModel):
    """Whom a segment means: who fits all (or any) of `include`, and none of `exclude`. Nothing asked: all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    match: Literal["all", "any"] = "all"
    include: tuple[Condition, ...] = Limited(default=(), max_length=50)
    exclude: tuple[Condition, ...] = Limited(default=(), max_length=50)


class EditionSegment(BaseModel):
    """Whom an edition is for, when it is not for all: kept with the edition as the segment was then."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    definition: SegmentDefinition

    @property
    def topic(self) -> str:
        """What tells its edition of a day from the list's own, and from those for other segments."""
        return f"segment:{self.name}"


class SavedSegment(SQLModel, table=True):
    """A saved question about a list's people."""

    __tablename__ = "segment"
    __table_args__ = (UniqueConstraint("list_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    list_id: int = Field(foreign_key="mailing_list.id", ondelete="CASCADE")
    name: str
    definition: dict[str, object] = Field(default_factory=dict, sa_type=JSON)
    created_at: datetime
    changed_at: datetime


Comparable = str | float | datetime


@dataclass(frozen=True, slots=True)
class Check:
    """A condition ready to be compared. `values` are folded text, numbers, days as YYYY-MM-DD or instants.

    `field_id` is set for a field of the list's own. Days of `within_days` have become instants.
    """

    field: str
    kind: FieldType
    op: Operator
    values: tuple[Comparable, ...] = ()
    field_id: int | None = None


@dataclass(frozen=True, slots=True)
class CheckedSegment:
    """A definition that was checked: of which list, and what holds of whom it means."""

    list_id: int
    match_all: bool = True
    include: tuple[Check, ...] = ()
    exclude: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentPerson:
    """What is asked of a person on a list. None: not known, never. `sections` None: all of them.

    `own` are the values of the list's own fields by id: folded text, a number, or a day as YYYY-MM-DD.
    """

    state: str
    frequency: str = "daily"
    alerts: str = "none"
    source: str = ""
    language: str = "ar"
    domain: str = ""
    stopped: str | None = None
    import_id: int | None = None
    joined: datetime | None = None
    asked: datetime | None = None
    last_delivered: datetime | None = None
    last_bounced: datetime | None = None
    sections: frozenset[str] | None = None
    tags: frozenset[str] = frozenset()
    own: Mapping[int, Comparable] = field(default_factory=dict)


def matches(person: SegmentPerson, segment: CheckedSegment) -> bool:
    """Say whether a segment means a person. Pure."""
    asked = [_holds(person, one) for one in segment.include]
    included = (all(asked) if segment.match_all else any(asked)) if asked else True
    return included and not any(_holds(person, one) for one in segment.exclude)


_BY_NAME: Mapping[str, Callable[[SegmentPerson], Comparable | None]] = {
    "frequency": lambda one: one.frequency,
    "alerts": lambda one: one.alerts,
    "state": lambda one: one.state,
    "source": lambda one: one.source,
    "language": lambda one: one.language,
    "domain": lambda one: one.domain,
    "stopped": lambda one: one.stopped,
    "import": lambda one: one.import_id,
    "joined": lambda one: one.joined,
    "asked": lambda one: one.asked,
    "last_delivered": lambda one: one.last_delivered,
    "last_bounced": lambda one: one.last_bounced,
}


def _holds(person: SegmentPerson, check: Check) -> bool:
    if check.kind is FieldType.SET:
        return _holds_set(person.sections if check.field == "section" else person.tags, check)
    value = person.own.get(check.field_id) if check.field_id is not None else _BY_NAME[check.field](person)
    if check.op is Operator.UNSET:
        return value is None
    if value is None:
        return check.op in {Operator.IS_NOT, Operator.NOT_WITHIN_DAYS}
    if check.op is Operator.SET:
        return True
    return _compares(value, check)


def _holds_set(values: frozenset[str] | None, check: Check) -> bool:
    """Whoever has all of them (None) has each."""
    if check.op is Operator.ALL_OF:
        return values is None or values.issuperset(check.values)
    has = values is None or not values.isdisjoint(check.values)
    return has if check.op is Operator.IS else not has


def _compares(value: Comparable, check: Check) -> bool:
    first = check.values[0]
    if check.op in {Operator.IS, Operator.IS_NOT}:
        return (value in check.values) is (check.op is Operator.IS)
    if isinstance(value, str) and isinstance(first, str):
        text = {
            Operator.CONTAINS: first in value,
            Operator.BEGINS: value.startswith(first),
            Operator.ENDS: value == first or value.endswith(f".{first}"),
        }
        if check.op in text:
            return text[check.op]
    below = value < first  # type: ignore[operator]
    return {
        Operator.BEFORE: below,
        Operator.AFTER: value > first,  # type: ignore[operator]
        Operator.AT_LEAST: not below,
        Operator.AT_MOST: value <= first,  # type: ignore[operator]
        Operator.WITHIN_DAYS: not below,
        Operator.NOT_WITHIN_DAYS: below,
    }[check.op]
