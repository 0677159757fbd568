"""How a list's mail would look with settings that are only being tried, and the logos that it may carry."""

import asyncio
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from digest.errors import RefusedError, SourceError
from digest.model import EditionContent, ListLogo, MailingList
from digest.model.rows import row_id
from digest.render.message.mime import prepare
from digest.services.app import App
from digest.services.audience.list_settings import checked, settings_of
from digest.services.mail_jobs import nobody
from digest.storage import list_logos
from digest.storage.home import newest_content

MOST_LOGO = 3_000_000
"""Octets of a picture that becomes a logo."""


def tried(mailing_list: MailingList, values: Mapping[str, Any], *, layouts: str = "") -> MailingList:
    """Return a list as it would be with some settings; nothing is kept.

    Raises:
        InputError, ConfigError: as `checked`.
    """
    found = checked({**settings_of(mailing_list), **values}, layouts=layouts)
    kept = {name: getattr(mailing_list, name) for name in ("id", "slug", "created_at", "all_sources")}
    return MailingList(**{**found, **kept})


async def look(app: App, mailing_list: MailingList, values: Mapping[str, Any]) -> str:
    """Return the HTML of the newest edition's mail as it would be with some settings.

    Raises:
        InputError, ConfigError: as `tried`.
        RefusedError: no edition has a story yet.
    """
    async with app.database.read() as session:
        raw = await newest_content(session, row_id(mailing_list))
    content = EditionContent.model_validate(raw) if raw else None
    if content is None or not content.stories:
        raise RefusedError("no_story", "No edition has a story yet.")
    shown = tried(mailing_list, values, layouts=str(app.settings.mail.layouts or ""))
    return await asyncio.to_thread(_html, app, shown, content)


def _html(app: App, shown: MailingList, content: EditionContent) -> str:
    rendered = app.renderer.render(shown, content)
    prepared = prepare(rendered, app.renderer.head(shown, content.number, content.window_end))
    return prepared.html(nobody(app, shown, "reader@mujaz.example", "preview", "preview"))


async def keep_logo(app: App, picture: bytes) -> str:
    """Make a logo of a picture, in the sandbox, and keep it; returns its address.

    Raises:
        RefusedError: it is no picture that a mail can show, or too large.
    """
    if len(picture) > MOST_LOGO:
        raise RefusedError("logo_large", f"The picture has more than {MOST_LOGO} octets.")
    try:
        made = await app.http.sandbox.logo(picture)
    except SourceError as error:
        raise RefusedError("logo_broken", str(error)) from error
    name = sha256(made).hexdigest()[:32]
    async with app.database.begin() as session:
        await list_logos.keep(session, ListLogo(name=name, content=made, created_at=app.clock.now()))
    return f"{app.settings.web.public_url.rstrip('/')}/logos/{name}.png"


async def logo(app: App, name: str) -> bytes | None:
    """Return a logo, or None."""
    async with app.database.read() as session:
        return await list_logos.content(session, name)
