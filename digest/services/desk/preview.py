"""An edition's mail before it goes out: as anybody gets it, or one reader, with its size and what is wrong
with it.
"""

import asyncio
from base64 import b64encode
from dataclasses import dataclass

from digest.errors import NothingToSendError, RefusedError
from digest.model import EditionContent, MailingList
from digest.model.people.choice import EVERYTHING, Choice
from digest.model.rows import row_id
from digest.render.checks import LintFinding, check_mail
from digest.render.edition import MOST_BASE64
from digest.render.message.mime import prepare
from digest.render.message.recipient import Recipient
from digest.render.presenters.typesetting.greeting import greeter
from digest.services.app import App
from digest.services.editions import publish
from digest.services.mail_jobs import nobody
from digest.storage.audience import own_fields, subscribers
from digest.text.addresses.email_address import normalised


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionProof:
    """An edition's mail, for a reader who does not exist or with the choices of one who does. Its links are
    nobody's.

    `size` counts the octets of its HTML on the way, of which `room` are shown by mail programs.
    """

    subject: str
    html: str
    text: str
    source: bytes
    room: int = MOST_BASE64

    @property
    def size(self) -> int:
        """Octets of the HTML in base64, as Gmail counts them."""
        return len(b64encode(self.html.encode()))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Whose choices are shown, and with what the mail greets them."""

    choice: Choice = EVERYTHING
    name: str = ""
    values: tuple[tuple[str, str], ...] = ()
    is_somebody: bool = False


async def proof(app: App, mailing_list: MailingList, number: int, *, as_reader: str = "") -> EditionProof:
    """Return an edition's mail as somebody gets it who chose nothing, or as the reader of an address does.

    Raises:
        NotFoundError: the list has none of that number.
        RefusedError: it has no story (no_story), nobody with that address reads the list (no_reader), or
            nothing of it is left by what they chose (nothing_for_reader).
        ConfigError, EditionHeldError: it cannot be rendered.
    """
    edition = await publish.by_number(app, mailing_list, number)
    content = EditionContent.model_validate(edition.content)
    if not content.stories:
        raise RefusedError("no_story", "The edition has no story.")
    reader = await _reader(app, mailing_list, as_reader) if as_reader else _Reader()
    try:
        return await asyncio.to_thread(_proof, app, mailing_list, content, reader)
    except NothingToSendError as error:
        raise RefusedError("nothing_for_reader", "Nothing of it is for this reader.") from error


async def _reader(app: App, mailing_list: MailingList, address: str) -> _Reader:
    try:
        email = normalised(address)
    except ValueError as error:
        raise RefusedError("no_reader", f"{address} is no address.") from error
    list_id = row_id(mailing_list)
    async with app.database.read() as session:
        person = await subscribers.by_email(session, email)
        one = await subscribers.subscription(session, list_id, row_id(person)) if person else None
        values = await own_fields.values_of(session, [row_id(person)], list_id) if person else {}
    if person is None or one is None:
        raise RefusedError("no_reader", f"Nobody with the address {email} reads the list.")
    own = tuple(values.get(row_id(person), {}).items())
    return _Reader(one.choice(), person.name, own, is_somebody=True)


def _proof(app: App, mailing_list: MailingList, content: EditionContent, reader: _Reader) -> EditionProof:
    rendered = app.renderer.render(mailing_list, content, reader.choice)
    prepared = prepare(rendered, app.renderer.head(mailing_list, content.number, content.window_end))
    recipient = _greeted(
        nobody(app, mailing_list, "reader@mujaz.example", "preview", "preview"), mailing_list, reader
    )
    return EditionProof(
        subject=rendered.subject,
        html=prepared.html(recipient),
        text=prepared.text(recipient),
        source=prepared.build(recipient),
    )


def _greeted(recipient: Recipient, mailing_list: MailingList, reader: _Reader) -> Recipient:
    greet = greeter(mailing_list)
    if not reader.is_somebody or greet is None:
        return recipient
    return recipient._replace(greeting=greet({**dict(reader.values), "name": reader.name}))


async def findings(made: EditionProof) -> list[LintFinding]:
    """Return what is wrong with a mail in right-to-left programs, errors first."""
    return await asyncio.to_thread(check_mail, made.source)


def as_in_the_dark(html: str, *, dark: bool) -> str:
    """Return a mail's HTML as it looks on a dark device, or on a light one, whatever this one is."""
    chosen, other = ("dark", "light") if dark else ("light", "dark")
    for space in ("", " "):
        html = html.replace(f"(prefers-color-scheme:{space}{chosen})", "all")
        html = html.replace(f"(prefers-color-scheme:{space}{other})", "not all")
    return html
