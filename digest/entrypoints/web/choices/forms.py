"""What the form of preferences says."""

from starlette.datastructures import FormData

from digest.model import AlertChoice, Frequency
from digest.services.audience.choices.rules import Changes
from digest.text.words.normalise import ascii_digits

WHOLE = "whole"
"""A field of the whole form: without it, what is missing stays as it is; with it, a box that is not ticked is
empty.
"""
MOST_LINES = 100


def changes_of(form: FormData, keys: list[str]) -> Changes:
    """Return what a form changes; `keys` are the list's sections. Values that no form of ours has count as
    missing.
    """
    weekly = form.get("frequency") == Frequency.WEEKLY
    found: Changes = {
        "sections": [str(one) for one in form.getlist("section")],
        "frequency": Frequency.WEEKLY if weekly else Frequency.DAILY,
    }
    alerts = str(form.get("alerts", ""))
    if alerts in {one.value for one in AlertChoice}:
        found["alerts"] = AlertChoice(alerts)
    if "quiet" in form.getlist("has"):
        found["quiet_hours"] = _quiet_hours(form)
    if not form.get(WHOLE):
        return found
    found["never"] = [str(one) for one in form.getlist("never")]
    found["order"] = _order(form, keys)
    found["headlines_only"] = form.get("form") == "headlines"
    found["muted_words"] = _lines(form, "muted_words")
    found["muted_outlets"] = _lines(form, "muted_outlets")
    found["timezone"] = str(form.get("timezone", ""))
    found["hour"] = _number(form, "hour")
    found["weekly_day"] = _number(form, "weekly_day")
    if "days" in form.getlist("has"):
        found["days"] = [int(one) for one in map(str, form.getlist("day")) if one in set("0123456")]
    if "digits" in form.getlist("has"):
        found["digits"] = str(form.get("digits", ""))
    if "hijri" in form.getlist("has"):
        found["hijri"] = bool(form.get("hijri"))
    return found


def _order(form: FormData, keys: list[str]) -> list[str]:
    """The sections that were given a place, by place; two in one place stand in the list's order."""
    places = [(_number(form, f"place.{key}"), key) for key in keys]
    return [key for _, key in sorted((place, keys.index(key), key)[::2] for place, key in places if place)]


def _quiet_hours(form: FormData) -> str:
    """From when until when no alert comes; half of it is kept as it was written, so that it is refused."""
    begin, end = (ascii_digits(str(form.get(name, ""))).strip()[:10] for name in ("quiet_from", "quiet_to"))
    return f"{begin}-{end}" if begin or end else ""


def _number(form: FormData, name: str) -> int | None:
    text = ascii_digits(str(form.get(name, ""))).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None


def _lines(form: FormData, name: str) -> list[str]:
    """The lines of a field; commas of any language part them, too."""
    text = str(form.get(name, ""))
    for comma in ",،؛;":
        text = text.replace(comma, "\n")
    return [line.strip() for line in text.splitlines() if line.strip()][:MOST_LINES]


def days_of_pause(form: FormData) -> int:
    """Return for how many days the form pauses; 0: it ends the pause. Anything else is -1, which is
    refused.
    """
    if form.get("end"):
        return 0
    text = ascii_digits(str(form.get("days", "")) or str(form.get("other", ""))).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 and int(text) else -1
