"""`digest lists`: who gets what, when."""

import json
from typing import Annotated, Any

import typer

from digest.entrypoints.cli.screen import say, say_json, stamp, table, with_app
from digest.errors import InputError
from digest.model import MailingList
from digest.services.app import App
from digest.services.audience import lists
from digest.services.audience.list_settings import settings_of

app = typer.Typer(help="Lists: their schedule, zone, sections and looks.", no_args_is_help=True)


@app.command()
def add(
    slug: Annotated[
        str, typer.Argument(help="Short name in addresses: small Latin letters, digits, hyphens.")
    ],
    name: Annotated[str, typer.Option(help="Name that readers see.")] = "موجز اليوم",
    description: Annotated[str, typer.Option(help="One sentence on what it is.")] = "",
    language: Annotated[str, typer.Option(help="ar, fa, ur, he or en.")] = "ar",
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
    made = with_app(lambda app: lists.add(app, slug, values))
    say(f"Made the list {made.slug}: every day at {made.send_at} in {made.timezone}.")


@app.command("set")
def set_(
    slug: Annotated[str, typer.Argument(help="The list's slug.")],
    changes: Annotated[
        list[str],
        typer.Argument(help="NAME=VALUE, one or more; lists and tables are written as JSON."),
    ],
) -> None:
    """Change settings of a list, such as layout=weekly or theme='{"light": {"accent": "#14532d"}}'."""
    values = dict(map(_change, changes))
    changed = with_app(lambda app: lists.change(app, slug, values))
    for name in values:
        say(f"{name} = {json.dumps(getattr(changed, name), ensure_ascii=False)}")


@app.command()
def show(slug: Annotated[str, typer.Argument(help="The list's slug.")]) -> None:
    """Show all settings of a list as JSON."""

    async def work(app: App) -> MailingList:
        return await lists.ensure(app, slug)

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
def list_() -> None:
    """Show the lists, their readers and when they go out next."""
    table(
        ("list", "name", "readers", "zone", "next edition (UTC)"),
        [
            (one.mailing.slug, one.mailing.name, one.confirmed, one.mailing.timezone, stamp(one.next_at))
            for one in with_app(lists.every)
        ],
        empty="There are no lists yet: `digest run` makes the first, or `digest lists add SLUG`.",
    )


@app.command()
def remove(
    slug: Annotated[str, typer.Argument(help="The list's slug.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Remove a list with its editions and subscriptions."""
    if not yes:
        typer.confirm(f"Remove the list {slug}, its editions and its subscriptions?", abort=True)
    with_app(lambda app: lists.remove(app, slug))
    say(f"Removed the list {slug}.")
