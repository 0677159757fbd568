"""`digest fields`: what a list asks of its readers; `digest tags`: what admins call them."""

from typing import Annotated

import typer

from digest.entrypoints.cli.list_choice import chosen_list
from digest.entrypoints.cli.screen import JsonOption, ListOption, say, say_json, table, with_app
from digest.errors import InputError
from digest.model import CustomField, FieldKind
from digest.services.app import App
from digest.services.audience.segments import fields, tags

app = typer.Typer(help="Fields of a list's own: text, numbers, dates and choices.", no_args_is_help=True)
tags_app = typer.Typer(help="Tags that admins give people on a list.", no_args_is_help=True)

Addresses = Annotated[list[str], typer.Argument(help="Addresses of people on the list.")]


@app.command()
def add(
    key: Annotated[
        str, typer.Argument(help="Its name in files and segments: small Latin letters, digits and _.")
    ],
    title: Annotated[
        str, typer.Option(help="What readers see, in the list's language; the key if left out.")
    ] = "",
    kind: Annotated[FieldKind, typer.Option(help="text, number, date or choice.")] = FieldKind.TEXT,
    choice: Annotated[list[str] | None, typer.Option(help="What a choice may be. May be repeated.")] = None,
    in_form: Annotated[bool, typer.Option("--in-form", help="The form to subscribe asks for it.")] = False,
    list_slug: ListOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a field of a list."""

    async def work(app: App) -> CustomField:
        mailing_list = await chosen_list(app, list_slug)
        return await fields.add(
            app, mailing_list, key, title=title, kind=kind, choices=choice or (), in_form=in_form
        )

    made = with_app(work)
    if as_json:
        say_json(_row(made))
        return
    say(f"Made the field {made.key} ({made.kind.value}).")


@app.command("list")
def list_(list_slug: ListOption = None, as_json: JsonOption = False) -> None:
    """Show a list's own fields."""

    async def work(app: App) -> list[CustomField]:
        return list(await fields.of_list(app, await chosen_list(app, list_slug)))

    found = with_app(work)
    if as_json:
        say_json([_row(one) for one in found])
        return
    table(
        ("field", "title", "kind", "choices", "in the form"),
        [
            (one.key, one.title, one.kind.value, ", ".join(one.choices), "yes" if one.in_form else "no")
            for one in found
        ],
        empty="The list has no fields of its own: `digest fields add KEY`.",
    )


@app.command("set")
def set_(
    address: Annotated[str, typer.Argument(help="The person's address.")],
    values: Annotated[list[str], typer.Argument(help="KEY=VALUE, one or more; KEY= empties a field.")],
    list_slug: ListOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write what a person has in a list's own fields."""
    given = dict(map(_pair, values))

    async def work(app: App) -> dict[str, str]:
        return await fields.set_values(app, await chosen_list(app, list_slug), address, given)

    found = with_app(work)
    if as_json:
        say_json(found)
        return
    for key, value in found.items():
        say(f"{key} = {value}")


@app.command()
def remove(
    key: Annotated[str, typer.Argument(help="The field's key.")],
    list_slug: ListOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove a field with all that people have in it; segments that ask for it say so from then on."""

    async def work(app: App) -> None:
        await fields.remove(app, await chosen_list(app, list_slug), key)

    with_app(work)
    if as_json:
        say_json({"removed": key})
        return
    say(f"The field {key} is removed, with what people had in it.")


@tags_app.command("add")
def give(
    tag: Annotated[str, typer.Argument(help="The tag.")],
    addresses: Addresses,
    list_slug: ListOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give people a tag."""

    async def work(app: App) -> int:
        return await tags.give(app, await chosen_list(app, list_slug), addresses, tag)

    count = with_app(work)
    if as_json:
        say_json({"tag": tags.tag_of(tag), "people": count})
        return
    say(f"{count} people have the tag {tags.tag_of(tag)}.")


@tags_app.command("remove")
def take(
    tag: Annotated[str, typer.Argument(help="The tag.")],
    addresses: Addresses,
    list_slug: ListOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a tag from people."""

    async def work(app: App) -> int:
        return await tags.take(app, await chosen_list(app, list_slug), addresses, tag)

    count = with_app(work)
    if as_json:
        say_json({"tag": tags.tag_of(tag), "taken": count})
        return
    say(f"The tag {tags.tag_of(tag)} is taken from {count} people.")


@tags_app.command("list")
def list_tags(list_slug: ListOption = None, as_json: JsonOption = False) -> None:
    """Show a list's tags, and how many people have each."""

    async def work(app: App) -> dict[str, int]:
        return await tags.counts(app, await chosen_list(app, list_slug))

    found = with_app(work)
    if as_json:
        say_json(found)
        return
    table(("tag", "people"), found.items(), empty="Nobody has a tag: `digest tags add TAG ADDRESS`.")


def _row(one: CustomField) -> dict[str, object]:
    return {
        "key": one.key,
        "title": one.title,
        "kind": one.kind.value,
        "choices": one.choices,
        "in_form": one.in_form,
    }


def _pair(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign:
        raise InputError(
            f"{text!r} is no value of a field.", remedy="Write KEY=VALUE, for example city=الرياض."
        )
    return key.strip(), value
