"""The form of a person's choices: what it shows, and what was typed into it."""

from dataclasses import dataclass

from digest.entrypoints.desk.visit import DeskVisit
from digest.errors import ChoiceError
from digest.model import AlertChoice, Frequency
from digest.services.audience import lists
from digest.services.audience.choices.rules import Changes, Preferences
from digest.text.words.normalise import ascii_digits

LONGEST = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoicesShown:
    """What stands in the form's fields."""

    sections: tuple[str, ...] | None
    never: tuple[str, ...]
    order: str
    frequency: str
    days: tuple[int, ...]
    weekly_day: str
    hour: str
    timezone: str
    headlines_only: bool
    muted_words: str
    muted_outlets: str
    digits: str
    hijri: bool
    alerts: str
    quiet_hours: str
    pause: str = ""


def shown(held: Preferences) -> ChoicesShown:
    """Return the fields for choices that are kept."""
    return ChoicesShown(
        sections=held.sections,
        never=held.never,
        order="، ".join(held.order),
        frequency=held.frequency.value,
        days=held.days,
        weekly_day="" if held.weekly_day is None else str(held.weekly_day),
        hour="" if held.hour is None else str(held.hour),
        timezone=held.timezone,
        headlines_only=held.headlines_only,
        muted_words="، ".join(held.muted_words),
        muted_outlets="، ".join(held.muted_outlets),
        digits=held.digits,
        hijri=held.hijri,
        alerts=held.alerts.value,
        quiet_hours=held.quiet_hours,
    )


def typed(visit: DeskVisit) -> ChoicesShown:
    """Return the fields as somebody typed them: nothing is lost because one of them was wrong."""
    given = {
        name: visit.field(name)[:LONGEST] for name in ("order", "weekly_day", "hour", "timezone", "digits")
    }
    more = {
        name: visit.field(name)[:LONGEST] for name in ("muted_words", "muted_outlets", "quiet_hours", "pause")
    }
    return ChoicesShown(
        sections=tuple(visit.every("section")),
        never=tuple(visit.every("never")),
        frequency=visit.field("frequency"),
        days=tuple(_days(visit)),
        headlines_only=visit.field("headlines_only") == "yes",
        hijri=visit.field("hijri") == "yes",
        alerts=visit.field("alerts"),
        **given,
        **more,
    )


def changes(visit: DeskVisit) -> tuple[Changes, int | None]:
    """Return what was typed as changes, and for how many days mail is paused (None: as it is).

    Raises:
        ChoiceError: something is no number, or none of the choices there are.
    """
    one = typed(visit)
    keys = [spec.key for spec in lists.specs(visit.here)]
    found = Changes(
        sections=[key for key in keys if key in (one.sections or ())],
        never=[key for key in keys if key in one.never],
        order=[key for key in parts(one.order) if key in keys],
        weekly_day=_number(one.weekly_day, "days"),
        hour=_number(one.hour, "hour"),
        timezone=one.timezone,
        headlines_only=one.headlines_only,
        muted_words=parts(one.muted_words),
        muted_outlets=parts(one.muted_outlets),
        hijri=one.hijri,
        digits=one.digits,
        quiet_hours=ascii_digits(one.quiet_hours),
    )
    if one.days:
        found["days"] = one.days
    if one.frequency:
        found["frequency"] = _frequency(one.frequency)
    if one.alerts in set(AlertChoice):
        found["alerts"] = AlertChoice(one.alerts)
    return found, _number(one.pause, "pause")


def parts(text: str) -> list[str]:
    """Return what stands between commas, Arabic or Latin."""
    return [one.strip() for one in text.replace("،", ",").split(",") if one.strip()]


def _days(visit: DeskVisit) -> list[int]:
    return [int(one) for one in visit.every("day") if one in set("0123456")]


def _frequency(text: str) -> Frequency:
    try:
        return Frequency(text)
    except ValueError as error:
        raise ChoiceError("There is no such frequency.", about="weekly") from error


def _number(text: str, about: str) -> int | None:
    bare = ascii_digits(text).strip()
    if not bare:
        return None
    if not bare.isdecimal() or len(bare) > 4:
        raise ChoiceError(f"{bare[:20]!r} is no number.", about=about)
    return int(bare)
