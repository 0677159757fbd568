"""`digest lists`: who gets what, when."""

import json
from math import isnan
from typing import Annotated, Any

import typer

from digest.entrypoints.cli.audience import list_signups
from digest.entrypoints.cli.screen import JsonOption, as_row, say, say_json, stamp, table, with_app
from digest.errors import InputError
from digest.model import MailingList
from digest.services.app import App
from digest.services.audience import lists
from digest.services.audience.list_settings import settings_of
from digest.services.audience.list_sources import SourceChanges, SourceOfList, change_sources, sources_of
from digest.text.languages import LANGUAGES

app = typer.Typer(help="Lists: their schedule, zone, sections and looks.", no_args_is_help=True)
app.command("funnel")(list_signups.funnel)
app.command("form")(list_signups.form)


@app.command()
def add(
    slug: Annotated[
        str, typer.Argument(help="Short name in addresses: small Latin letters, digits, hyphens.")
    ],
    name: Annotated[str, typer.Option(help="Name that readers see.")] = "موجز اليوم",
    description: Annotated[str, typer.Option(help="One sentence on what it is.")] = "",
    language: Annotated[str, typer.Option(help=f"One of: {', '.join(LANGUAGES)}.")] = "ar",
    timezone: Annotated[str, typer.Option(help="IANA zone of its readers.")] = "Asia/Riyadh",
    send_at: Annotated[str, typer.Option(help="Local time at which it goes out, HH:MM.")] = "06:30",
    digits: Annotated[str, typer.Option(help="arab (٣), arabext (۳) or latn (3).")] = "arab",
    months: Annotated[
        str, typer.Option(help="default (يونيو), levant (حزيران) or maghreb (جوان).")
    ] = "default",
    from_name: Annotated[
        str, typer.Option(help="Display name of the sender; the setting's if left out.")
    ] = "",
    from_address: Annotated[str, typer.Option(help="Address of the sender; the setting's if left out.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Make a list."""

    values = {
        "name": name,
        "description": description,
        "language": language,
        "timezone": timezone,
        "send_at": send_at,
        "digits": digits,
        "months": months,
        "from_name": from_name,
        "from_address": from_address,
    }
    made = with_app(lambda app: lists.add(app, slug, values), creates=True)
    if as_json:
        say_json(settings_of(made))
        return
    say(f"Made the list {made.slug}: every day at {made.send_at} in {made.timezone}.")


@app.command("set")
def set_(
    slug: Annotated[str, typer.Argument(help="The list's slug.")],
    changes: Annotated[
        list[str],
        typer.Argument(help="NAME=VALUE, one or more; lists and tables are written as JSON."),
    ],
    as_json: JsonOption = False,
) -> None:
    """Change settings of a list, such as layout=weekly or theme='{"light": {"accent": "#14532d"}}'."""
    values = dict(map(_change, changes))

    async def work(app: App) -> tuple[MailingList, list[str]]:
        changed = await lists.change(app, slug, values)
        return changed, await lists.unmatched_pins(app, changed) if "pins" in values else []

    changed, unmatched = with_app(work)
    if as_json:
        say_json({"settings": settings_of(changed), "unmatched_pins": unmatched})
        return
    for name in values:
        say(f"{name} = {json.dumps(getattr(changed, name), ensure_ascii=False)}")
    for pin in unmatched:
        say(f"No article that was collected so far is {pin}: this pin does nothing until one is.")


@app.command()
def show(
    slug: Annotated[str, typer.Argument(help="The list's slug.")],
    as_json: JsonOption = True,
) -> None:
    """Show all settings of a list as JSON."""
    del as_json  # it is all that there is

    async def work(app: App) -> MailingList:
        return await lists.choose(app, slug)

    found = settings_of(with_app(work))
    say_json(found)


def _change(text: str) -> tuple[str, Any]:
    name, sign, value = text.partition("=")
    if not sign:
        raise InputError(f"{text!r} is no change.", remedy="Write NAME=VALUE, for example layout=weekly.")
    try:
        return name.strip(), json.loads(value)
    except ValueError:
        return name.strip(), value


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """Show the lists, their readers and when they go out next."""
    found = with_app(lists.every)
    if as_json:
        say_json(
            [
                as_row(
                    slug=one.mailing_list.slug,
                    name=one.mailing_list.name,
                    readers=one.confirmed,
                    timezone=one.mailing_list.timezone,
                    next_at=one.next_at,
                    public=one.mailing_list.public,
                    default=one.mailing_list.is_default,
                )
                for one in found
            ]
        )
        return
    table(
        ("list", "name", "readers", "zone", "next edition (UTC)"),
        [
            (
                one.mailing_list.slug + (" (default)" if one.mailing_list.is_default else ""),
                one.mailing_list.name,
                one.confirmed,
                one.mailing_list.timezone,
                stamp(one.next_at),
            )
            for one in found
        ],
        empty="There are no lists yet: `digest run` makes the first, or `digest lists add SLUG`.",
    )


@app.command()
def default(
    slug: Annotated[
        str | None, typer.Argument(help="The list's slug; shows the default list if left out.")
    ] = None,
    none: Annotated[bool, typer.Option("--none", help="Let no list be the default.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Set the list that commands mean when there are several and --list names none."""
    if none or slug:
        with_app(lambda app: lists.set_default(app, None if none else slug))
        if as_json:
            say_json({"default": None if none else slug})
            return
        say("No list is the default." if none else f"The default list is {slug}.")
        return
    names = [one.mailing_list.slug for one in with_app(lists.every) if one.mailing_list.is_default]
    if as_json:
        say_json({"default": names[0] if names else None})
        return
    say(f"The default list is {names[0]}." if names else "No list is the default.")


@app.command("sources")
def sources_(
    slug: Annotated[str, typer.Argument(help="The list's slug.")],
    add_: Annotated[
        list[str] | None,
        typer.Option(
            "--add",
            help="Id, name or location of a source that it reads; the first makes it read chosen ones alone. May be repeated.",
        ),
    ] = None,
    remove_: Annotated[
        list[str] | None, typer.Option("--remove", help="A source that it reads no more. May be repeated.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Read every source again, each with its own weight.")
    ] = False,
    weight: Annotated[
        list[str] | None,
        typer.Option(
            "--weight", help="SOURCE=WEIGHT, 0 to 3: what a source weighs in this list. May be repeated."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show or change which sources a list reads, and what they weigh there."""
    changes = SourceChanges(
        add=add_ or (), remove=remove_ or (), weights=tuple(map(_weight, weight or ())), every=every
    )

    async def work(app: App) -> tuple[MailingList, list[SourceOfList]]:
        if changes:
            await change_sources(app, slug, changes)
        return await sources_of(app, slug)

    mailing_list, seen = with_app(work)
    if as_json:
        say_json(
            [
                {
                    "id": one.source.id,
                    "location": one.source.location,
                    "read": one.is_read,
                    "weight": one.weight,
                }
                for one in seen
            ]
        )
        return
    read = sum(one.is_read for one in seen)
    whole = (
        "every source" if mailing_list.all_sources and read == len(seen) else f"{read} of {len(seen)} sources"
    )
    say(
        f"The list {slug} reads {whole}."
        + (" New sources are read, too." if mailing_list.all_sources else "")
    )
    table(
        ("id", "source", "read", "weight here"),
        [
            (
                one.source.id,
                one.source.name or one.source.location,
                "yes" if one.is_read else "no",
                f"{one.weight:g}" + (" (own)" if one.own_weight else ""),
            )
            for one in seen
        ],
        empty="There are no sources yet: `digest sources add URL`.",
    )


def _weight(text: str) -> tuple[str, float]:
    name, _, value = text.rpartition("=")
    try:
        weight = float(value) if name else float("nan")
    except ValueError:
        weight = float("nan")
    if isnan(weight):
        raise InputError(
            f"{text!r} is no weight of a source.", remedy="Write SOURCE=WEIGHT, for example 3=1.5."
        )
    return name, weight


@app.command()
def remove(
    slug: Annotated[str, typer.Argument(help="The list's slug.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Remove a list with its editions and subscriptions."""
    if not yes:
        typer.confirm(f"Remove the list {slug}, its editions and its subscriptions?", abort=True)
    with_app(lambda app: lists.remove(app, slug))
    if as_json:
        say_json({"removed": slug})
        return
    say(f"Removed the list {slug}.")
