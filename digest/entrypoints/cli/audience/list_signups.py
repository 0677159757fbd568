"""`digest lists funnel` and `digest lists form`: how people come to a list."""

import json
import sys
from dataclasses import asdict
from typing import Annotated

import typer

from digest.entrypoints.cli.screen import JsonOption, as_row, say, say_json, table, with_app
from digest.services.app import App
from digest.services.audience import lists
from digest.services.audience.joining import funnel as signup_funnel
from digest.services.audience.joining import snippet


def funnel(
    slug: Annotated[str, typer.Argument(help="The list's slug.")],
    days: Annotated[int, typer.Option(min=1, max=3650, help="How many days back.")] = 30,
    as_json: JsonOption = False,
) -> None:
    """Show how many of each day's sign-ups were confirmed, by page or by reply, or declined."""
    found = with_app(lambda app: signup_funnel.funnel(app, slug, days=days))
    if as_json:
        say_json([as_row(**asdict(one)) for one in found])
        return
    table(
        ("day", "asked", "opened", "confirmed", "by page", "by reply", "declined"),
        [
            (
                one.day.isoformat(),
                one.asked,
                one.opened,
                one.confirmed,
                one.by_page,
                one.by_reply,
                one.declined,
            )
            for one in found
        ],
        empty=f"Nobody asked for the list {slug} in that time.",
    )


def form(
    slug: Annotated[str, typer.Argument(help="The list's slug.")],
    site: Annotated[
        str, typer.Option(help="Site whose own form posts to the list, as https://HOST; a frame if left out.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Print the form to copy into a page of a site that `form_sites` names."""

    async def work(app: App) -> tuple[str, list[str]]:
        found = await lists.choose(app, slug)
        made = snippet.posted(app, found, site) if site else snippet.framed(app, found)
        return made, found.form_sites

    made, sites = with_app(work)
    works = site.rstrip("/") in sites if site else bool(sites)
    if as_json:
        say_json({"list": slug, "html": made.rstrip(), "form_sites": sites, "works": works})
        return
    say(made.rstrip())
    if not works:
        named = json.dumps([*sites, site.rstrip("/") or "https://www.example.org"])
        sys.stderr.write(f"It works once the site is named: digest lists set {slug} form_sites='{named}'\n")
