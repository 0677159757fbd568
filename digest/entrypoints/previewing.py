"""`digest preview`: the mail in a browser, shown again whenever a template changes."""

import asyncio
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer

from digest.bootstrap import opened
from digest.entrypoints.cli.database_here import require_database
from digest.entrypoints.cli.list_choice import chosen_list
from digest.entrypoints.cli.screen import ListOption, say, settings
from digest.entrypoints.listening import address, answer, bound
from digest.entrypoints.web.preview import Proof, preview_app
from digest.errors import NothingToSendError
from digest.model import Edition, EditionContent, MailingList
from digest.render.message.rendered import RenderedEdition
from digest.render.templating.templates import templates_folder
from digest.services.app import App
from digest.services.audience import lists
from digest.services.editions import publish
from digest.services.editions.preview import as_read

HOST = "127.0.0.1"


def preview(
    list_slug: ListOption = None,
    number: Annotated[
        int | None, typer.Option("--edition", help="Number of the edition; the newest if left out.")
    ] = None,
    layout: Annotated[
        str | None,
        typer.Option(help="Layout to try: daily, weekly, breaking or your own; the list's if left out."),
    ] = None,
    port: Annotated[int, typer.Option(help="Port to listen on; 0: any free one.", min=0, max=65535)] = 8026,
) -> None:
    """Show an edition's mail in the browser, and again whenever a template or a setting of the list
    changes.
    """
    chosen = settings().settings
    require_database(chosen.database.url, creates=False)
    watched = [templates_folder() / "email", *([Path(chosen.mail.layouts)] if chosen.mail.layouts else [])]

    async def go() -> None:
        async with opened(chosen) as app:
            mailing_list = await chosen_list(app, list_slug)
            await _chosen(app, mailing_list, number)
            sock = bound(HOST, port)
            say(f"The preview is open: {address(sock)} (Ctrl-C closes it)")
            await answer(preview_app(_proof(app, mailing_list.slug, number, layout, watched)), sock)

    asyncio.run(go())


def _proof(app: App, slug: str, number: int | None, layout: str | None, watched: list[Path]) -> Proof:
    async def make() -> RenderedEdition:
        mailing_list = await lists.choose(app, slug)
        if layout:
            mailing_list.layout = layout
        edition = await _chosen(app, mailing_list, number)
        content = EditionContent.model_validate(edition.content)
        return await asyncio.to_thread(as_read, app, mailing_list, content)

    async def stamp() -> str:
        mailing_list = await lists.choose(app, slug)
        newest = await publish.latest(app, mailing_list, 1)
        return await asyncio.to_thread(
            stamp_of, watched, f"{mailing_list!r} {[edition.fingerprint for edition in newest]}"
        )

    return Proof(make, stamp)


async def _chosen(app: App, mailing_list: MailingList, number: int | None) -> Edition:
    if number is not None:
        return await publish.by_number(app, mailing_list, number)
    newest = await publish.latest(app, mailing_list, 1)
    if not newest:
        raise NothingToSendError(
            f"The list {mailing_list.slug} has no edition yet.", remedy="`digest run` makes one."
        )
    return newest[0]


def stamp_of(folders: list[Path], words: str) -> str:
    """Return a word that changes with any file in the folders, and with the words."""
    times = sorted(
        f"{path}:{path.stat().st_mtime_ns}"
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
    )
    return sha256("\n".join([*times, words]).encode()).hexdigest()
