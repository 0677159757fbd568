"""The table of a list's settings: on which page each stands, and by which control it is set.

A new setting of a list gets onto the desk by a line here, and its words `set_NAME` and `help_NAME`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from zoneinfo import available_timezones

from digest.entrypoints.desk.people.choices_form import parts
from digest.entrypoints.desk.visit import DeskVisit
from digest.model import Approval, AtNight, OnUnknown, WithoutApproval
from digest.text.languages import LANGUAGES
from digest.text.words.normalise import ascii_digits


class Control(StrEnum):
    """How a setting is shown and typed."""

    LINE = "line"
    TEXT = "text"
    NUMBER = "number"
    TICK = "tick"
    CHOICE = "choice"
    DAYS = "days"
    LINES = "lines"
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingField:
    """One setting: its name, its control, what it may be chosen from, and whether it is Latin by nature."""

    name: str
    control: Control = Control.LINE
    choices: Sequence[str] = ()
    latin: bool = False
    empty: str = ""
    """What an empty choice means, by its word; "": there is none."""


LAYOUTS = ("daily", "weekly", "breaking")
DAYS = tuple("0123456")


def _line(name: str, *, latin: bool = False) -> SettingField:
    return SettingField(name=name, latin=latin)


def _number(*names: str) -> tuple[SettingField, ...]:
    return tuple(SettingField(name=one, control=Control.NUMBER, latin=True) for one in names)


def _ticks(*names: str) -> tuple[SettingField, ...]:
    return tuple(SettingField(name=one, control=Control.TICK) for one in names)


def _lines(name: str) -> SettingField:
    return SettingField(name=name, control=Control.LINES, latin=True)


def _choice(name: str, choices: Sequence[str], *, empty: str = "") -> SettingField:
    return SettingField(name=name, control=Control.CHOICE, choices=choices, empty=empty)


PAGES: Mapping[str, tuple[SettingField, ...]] = {
    "general": (
        _line("name"),
        SettingField(name="description", control=Control.TEXT),
        _choice("language", LANGUAGES),
        _line("postal_address"),
        *_ticks("enabled", "public", "indexed", "count_clicks"),
    ),
    "schedule": (
        SettingField(name="weekdays", control=Control.DAYS),
        _line("send_at", latin=True),
        _line("timezone", latin=True),
        _choice("weekly_day", DAYS, empty="weekly_day_free"),
        *_number("window_hours", "misfire_hours"),
    ),
    "content": (
        _choice("layout", LAYOUTS),
        *_number("min_stories", "max_stories", "summary_words", "score_floor", "freshness_hours"),
        SettingField(name="keywords", control=Control.WORDS),
        _lines("pins"),
        _lines("blocks"),
        _choice("digits", ("arab", "arabext", "latn")),
        _choice("months", ("default", "levant", "maghreb", "morocco")),
        _choice("hijri_offset", ("-2", "-1", "0", "1", "2")),
    ),
    "sender": (
        _line("from_name"),
        _line("from_address", latin=True),
        _choice("on_unknown", tuple(one.value for one in OnUnknown)),
    ),
    "approval": (
        _choice("approval", tuple(one.value for one in Approval)),
        _choice("without_approval", tuple(one.value for one in WithoutApproval)),
        *_number("compose_minutes_before", "cooling_off_minutes"),
    ),
    "signup": (*_ticks("welcome"), _lines("form_sites")),
    "alerts": (
        *_ticks("alerts"),
        *_number("alert_outlets", "alert_minutes", "alerts_a_day"),
        _choice("alerts_at_night", tuple(one.value for one in AtNight)),
        _line("quiet_hours", latin=True),
        _lines("alert_sources"),
    ),
}
"""Each page with its settings; sections and theme have pages of their own."""
ALL_PAGES = ("general", "schedule", "approval", "sections", "theme", "content", "sender", "signup", "alerts")
ZONES = tuple(
    sorted(one for one in available_timezones() if "/" in one and not one.startswith(("Etc/", "SystemV")))
)
LONGEST = 20_000


def shown(field: SettingField, value: Any) -> Any:
    """Return a setting as its control shows it: text, a list of texts for days, or whether it is on."""
    if field.control is Control.TICK:
        return bool(value)
    if field.control is Control.DAYS:
        return [str(day) for day in value]
    if field.control is Control.LINES:
        return "\n".join(value)
    if field.control is Control.WORDS:
        return "، ".join(value)
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(getattr(value, "value", value))


def typed(visit: DeskVisit, fields: Sequence[SettingField], *, of_address: bool = False) -> dict[str, Any]:
    """Return what stands in the controls of a form, or of the address, as `shown`."""
    pairs = visit.request.query_params.multi_items() if of_address else visit.fields
    found: dict[str, Any] = {}
    for field in fields:
        given = [value[:LONGEST] for name, value in pairs if name == field.name]
        if field.control is Control.TICK:
            found[field.name] = "yes" in given
        elif field.control is Control.DAYS:
            found[field.name] = [one for one in given if one in DAYS]
        else:
            found[field.name] = given[0] if given else ""
    return found


def read(fields: Sequence[SettingField], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings of what was typed. What is no number stays text, and is refused where settings are
    checked.
    """
    return {field.name: _read(field, given[field.name]) for field in fields}


def _read(field: SettingField, value: Any) -> Any:
    if field.control is Control.TICK:
        return value
    if field.control is Control.DAYS:
        return sorted({int(one) for one in value})
    if field.control is Control.LINES:
        return [one.strip() for one in value.splitlines() if one.strip()]
    if field.control is Control.WORDS:
        return parts(value)
    text = str(value).strip()
    if field.control is Control.NUMBER or field.name in {"hijri_offset", "weekly_day"}:
        plain = ascii_digits(text).replace("٫", ".")
        if not plain and field.empty:
            return None
        return _as_number(plain)
    if field.name in {"send_at", "quiet_hours"}:
        return ascii_digits(text)
    return " ".join(text.split()) if field.control is Control.LINE else text.replace("\r\n", "\n")


def _as_number(text: str) -> float | int | str:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text
