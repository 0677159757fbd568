"""`digest subscribers set`: choose for a person who asked for it."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from digest.entrypoints.cli.list_choice import chosen_list
from digest.entrypoints.cli.screen import JsonOption, ListOption, as_row, say, say_json, stamp, with_app
from digest.errors import InputError
from digest.model import AlertChoice, Frequency, MailingList
from digest.services.app import App
from digest.services.audience import lists
from digest.services.audience.choices import pausing, preferences
from digest.services.audience.choices.rules import Changes, Preferences

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def set_(
    address: Annotated[str, typer.Argument(help="The person's address.")],
    sections: Annotated[
        str | None,
        typer.Option(help="Keys of the sections that this person gets, with commas between; all for all."),
    ] = None,
    order: Annotated[
        str | None,
        typer.Option(help="Keys of the sections that come first, in this order; empty: the list's."),
    ] = None,
    never: Annotated[
        str | None, typer.Option(help="Keys of the sections that are never shown; empty: none.")
    ] = None,
    frequency: Annotated[
        Frequency | None,
        typer.Option(help="daily or weekly; weekly: the daily list's weekly edition instead."),
    ] = None,
    days: Annotated[
        str | None,
        typer.Option(help="Days of the daily editions, such as sunday,tuesday; all for all."),
    ] = None,
    weekly_day: Annotated[
        str | None, typer.Option(help="Day of the weekly edition, such as friday; empty: the list's.")
    ] = None,
    hour: Annotated[
        str | None, typer.Option(help="Hour at which mail comes, 0 to 23; empty: the list's time.")
    ] = None,
    timezone: Annotated[
        str | None, typer.Option(help="Zone of that hour, such as Africa/Cairo; empty: the list's.")
    ] = None,
    headlines_only: Annotated[
        bool | None, typer.Option("--headlines-only/--summaries", help="Headlines without summaries.")
    ] = None,
    mute_words: Annotated[
        str | None, typer.Option(help="Words whose stories are left out, with commas between; empty: none.")
    ] = None,
    mute_outlets: Annotated[
        str | None, typer.Option(help="Outlets whose stories are left out, with commas between; empty: none.")
    ] = None,
    digits: Annotated[
        str | None, typer.Option(help="arab, arabext or latn; empty: the list's digits.")
    ] = None,
    hijri: Annotated[bool | None, typer.Option("--hijri/--no-hijri", help="Show the Hijri date.")] = None,
    pause: Annotated[
        int | None, typer.Option(help="Pause mail for so many days; 0 ends a pause.", min=0)
    ] = None,
    alerts: Annotated[
        AlertChoice | None,
        typer.Option(help="Which alerts this person gets as things happen: none, big or all."),
    ] = None,
    quiet_hours: Annotated[
        str | None,
        typer.Option(help="When no alert reaches this person, HH:MM-HH:MM in the list's zone; empty: never."),
    ] = None,
    list_slug: ListOption = None,
    as_json: JsonOption = False,
) -> None:
    """Choose for a person who asked for it: which sections, when, in which form, and which alerts."""
    given = {
        "order": _keys(order),
        "never": _keys(never),
        "frequency": frequency,
        "days": _days(days),
        "timezone": timezone,
        "headlines_only": headlines_only,
        "muted_words": _keys(mute_words),
        "muted_outlets": _keys(mute_outlets),
        "digits": digits,
        "hijri": hijri,
        "alerts": alerts,
        "quiet_hours": quiet_hours,
    }
    changes: Changes = {name: value for name, value in given.items() if value is not None}  # type: ignore[assignment]
    if weekly_day is not None:
        changes["weekly_day"] = _day(weekly_day) if weekly_day else None
    if hour is not None:
        changes["hour"] = _hour(hour) if hour else None

    async def work(app: App) -> tuple[MailingList, Preferences, datetime | None]:
        mailing_list = await chosen_list(app, list_slug)
        if sections is not None:
            every = [spec.key for spec in lists.specs(mailing_list)]
            changes["sections"] = every if sections == "all" else _keys(sections)
        chosen = await preferences.set_by_admin(app, mailing_list, address, changes)
        if pause is not None:
            await pausing.pause_by_admin(app, mailing_list, address, pause)
        _, known = await preferences.subscribed(app, mailing_list, address)
        return mailing_list, chosen, known.paused_until

    mailing_list, chosen, until = with_app(work)
    if as_json:
        say_json(as_row(email=address, list=mailing_list.slug, paused_until=until, **asdict(chosen)))
        return
    say(f"{address} gets it {chosen.frequency.value}: {', '.join(chosen.sections or ('all sections',))}.")
    if named := named_choices(chosen):
        say(f"{'; '.join(named)}.")
    if until:
        say(f"Mail is paused until {stamp(until)} (UTC).")
    if chosen.alerts is not AlertChoice.NONE or alerts is not None:
        hours = f", but none at {chosen.quiet_hours}" if chosen.quiet_hours else ""
        say(f"Alerts: {chosen.alerts.value}{hours}.")


def named_choices(chosen: Preferences) -> list[str]:
    """Return what of a choice is not the list's own, in short words."""
    named = [
        f"{name}: {', '.join(values)}"
        for name, values in (
            ("first", chosen.order),
            ("never", chosen.never),
            ("muted words", chosen.muted_words),
            ("muted outlets", chosen.muted_outlets),
        )
        if values
    ]
    if len(chosen.days) < len(DAYS):
        named.append(f"on {', '.join(DAYS[day] for day in chosen.days)}")
    if chosen.weekly_day is not None:
        named.append(f"weekly on {DAYS[chosen.weekly_day]}")
    if chosen.hour is not None:
        named.append(f"at {chosen.hour:02}:00")
    named += [chosen.timezone] if chosen.timezone else []
    named += ["headlines only"] if chosen.headlines_only else []
    named += [f"digits {chosen.digits}"] if chosen.digits else []
    return named if chosen.hijri else [*named, "no Hijri date"]


def _keys(text: str | None) -> list[str] | None:
    if text is None:
        return None
    return [one.strip() for one in text.replace("،", ",").split(",") if one.strip()]


def _days(text: str | None) -> list[int] | None:
    if text == "all":
        return list(range(7))
    keys = _keys(text)
    return None if keys is None else [_day(one) for one in keys]


def _day(name: str) -> int:
    found = [number for number, day in enumerate(DAYS) if len(name) >= 3 and day.startswith(name.lower())]
    if not found:
        raise InputError(f"{name!r} is no day of the week.", remedy=f"Write one of {', '.join(DAYS)}.")
    return found[0]


def _hour(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise InputError(f"{text!r} is no hour of the day.", remedy="Choose one from 0 to 23.")
    return int(text)
