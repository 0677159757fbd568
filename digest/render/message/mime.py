"""From a rendered edition to the bytes of one subscriber's message. Nothing here or later folds or encodes
them again.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256
from itertools import takewhile

from digest.errors import ConfigError
from digest.render.message import headers
from digest.render.message.message_id import edition_message_id, message_id, read_message_id
from digest.render.message.parts import Part, Segments, aligned
from digest.render.message.recipient import Recipient, is_plain, leaving_by_mail, plain_fields, values_of
from digest.render.message.rendered import RenderedEdition, Token
from digest.render.message.wrap import LONGEST, ROOM_FOR_VALUES, wrapped

__all__ = [
    "MessageHead",
    "PreparedMessage",
    "Recipient",
    "Spliced",
    "edition_message_id",
    "message_id",
    "prepare",
    "read_message_id",
]

QUIET = "DR, RN, NRN, OOF, AutoReply"
"""What Exchange should not answer. "All" would suppress NDR too, and bounces must come back."""
KEPT_PIECES = 2048
"""Pieces of composed mails, of a few thousand octets each, of which it is remembered what they hold."""
_KNOWN = re.compile("|".join(Token))
_LEFT_OVER = re.compile(r"__MUJAZ_\w*")
_UNSENDABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageHead:
    """Header values that all messages of an edition share. `date` is aware; `reply_to` is an address, empty
    for the sender's own.
    """

    from_name: str
    from_address: str
    list_name: str
    list_id: str
    archive_url: str
    feedback_id: str
    date: datetime
    reply_to: str = ""


@dataclass(frozen=True, slots=True)
class Spliced:
    """A message in three: its header with the empty line, the body's constant opening, the rest of the body.

    `opening` is the same object for all recipients, so that a signer can hash it once.
    """

    header: bytes
    opening: bytes
    rest: bytes


class PreparedMessage:
    """An edition's message with places for what is each subscriber's own. The same values give the same
    bytes.
    """

    def __init__(
        self, *, before: bytes, after: bytes, parts: tuple[Part, Part], closing: bytes, bulk: bool
    ) -> None:
        self._before = before
        self._after = {False: after + b"\r\n", True: after + b"Content-Transfer-Encoding: 8bit\r\n\r\n"}
        self._text, self._html = parts
        self._closing = closing
        self._bulk = bulk

    def build(self, recipient: Recipient, *, eight_bit: bool = False) -> bytes:
        """Return the whole message with CRLF lines.

        `eight_bit` asks for the form that servers with 8BITMIME (RFC 6152) take, a quarter smaller and
        quicker made; a part with a line longer than 998 octets is base64 all the same.

        Raises:
            InputError: a link or the Message-ID holds a character that would break the header.
        """
        return b"".join(self.pieces(recipient, eight_bit=eight_bit))

    def pieces(self, recipient: Recipient, *, eight_bit: bool = False) -> list[bytes]:
        """Return what `build` does, in pieces, of which the large ones are the same objects for all
        recipients.
        """
        header, body = self._pieces(recipient, eight_bit=eight_bit)
        return header + body

    def split(self, recipient: Recipient, *, eight_bit: bool = False) -> Spliced:
        """Return what `build` does, in three."""
        header, body = self._pieces(recipient, eight_bit=eight_bit)
        return Spliced(b"".join(header), body[0], b"".join(body[1:]))

    def html(self, recipient: Recipient) -> str:
        """Return the HTML part as this recipient gets it, with LF lines."""
        return self._html.filled(values_of(recipient, plain=False)[1])

    def text(self, recipient: Recipient) -> str:
        """Return the text part as this recipient gets it, with LF lines."""
        return self._text.filled(values_of(recipient, plain=False)[0])

    @property
    def octets(self) -> int:
        """About how much memory the message takes."""
        return self._text.octets + self._html.octets

    def _pieces(self, recipient: Recipient, *, eight_bit: bool) -> tuple[list[bytes], list[bytes]]:
        plain = is_plain(recipient)
        text_values, html_values = values_of(recipient, plain=plain)
        raw_text = eight_bit and self._text.fits(text_values)
        raw_html = eight_bit and self._html.fits(html_values)
        body = self._text.raw(text_values) if raw_text else self._text.base64(text_values)
        body += self._html.raw(html_values) if raw_html else self._html.base64(html_values)
        body.append(self._closing)
        return self._header(recipient, plain=plain, eight_bit=raw_text or raw_html), body

    def _header(self, recipient: Recipient, *, plain: bool, eight_bit: bool) -> list[bytes]:
        own = plain_fields(recipient) if plain and self._bulk else None
        return [self._before, *(own or self._fields(recipient)), self._after[eight_bit]]

    def _fields(self, recipient: Recipient) -> Iterator[bytes]:
        yield headers.mailbox("To", recipient.name, headers.recipient(recipient.email))
        yield headers.structured("Message-ID", [recipient.message_id])
        if self._bulk:
            https = headers.uri(recipient.unsubscribe_url)
            mailto = leaving_by_mail(recipient.unsubscribe_mailto)
            yield headers.structured("List-Unsubscribe", [f"{https},", mailto])


def prepare(
    rendered: RenderedEdition, head: MessageHead, *, notice: bool = False, segments: Segments | None = None
) -> PreparedMessage:
    """Return a message that can be spliced for any number of subscribers.

    What it has in common with other messages is kept once in `segments`, when given. A `notice` is a single
    mail that a person asked for: it says that a program answers (RFC 3834), and has none of the headers of a
    list. An edition asks for one-click leaving only where its pages are https (RFC 8058, section 3.1).

    Raises:
        ConfigError: a token is left in the subject, an unknown one in a text, or the sender's address cannot
            be used.
    """
    text, html = sendable(rendered.text), sendable(rendered.html)
    parts = Halves(text, (), canonical_html(html))
    _refuse_left_over(rendered)
    return _message(rendered.subject, parts, head, notice=notice, segments=segments)


@dataclass(frozen=True, slots=True)
class Halves:
    """What the parts of a message say. `opening` are pieces of the HTML part that other messages have, too,
    `sendable`, in canonical form and without tokens; `html` is the rest of it.
    """

    text: str
    opening: tuple[str, ...]
    html: str


def split_at_values(pieces: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Return the pieces of an HTML part that are alike for all readers, and the rest of it: from the piece on
    in which a reader's own value stands, which is the last where no greeting has any.
    """
    alike = list(takewhile(_is_alike, pieces[:-1]))
    return tuple(alike), "".join(pieces[len(alike) :])


@lru_cache(maxsize=KEPT_PIECES)
def _is_alike(piece: str) -> bool:
    return not _KNOWN.search(piece)


@lru_cache(maxsize=KEPT_PIECES)
def _digest(piece: str) -> bytes:
    return sha256(piece.encode()).digest()


def prepare_pieces(subject: str, halves: Halves, head: MessageHead, segments: Segments) -> PreparedMessage:
    """Return the message of an edition whose HTML part came in pieces: what messages share is encoded
    once.
    """
    clean = Halves(sendable(halves.text), halves.opening, halves.html)
    return _message(subject, clean, head, notice=False, segments=segments)


def sendable(text: str) -> str:
    """Return a text without characters that no message can hold."""
    return _UNSENDABLE.sub("\ufffd", text)


def _message(
    subject: str, halves: Halves, head: MessageHead, *, notice: bool, segments: Segments | None
) -> PreparedMessage:
    own = "|".join((subject, halves.text, halves.html)).encode()
    whole = sha256(b"".join((*map(_digest, halves.opening), own)))
    boundary = f"=_mujaz_{whole.hexdigest()[:24]}"
    delimiter = f"--{boundary}\r\n".encode()
    parts = (
        Part(halves.text, delimiter + b"Content-Type: text/plain; charset=utf-8\r\n"),
        Part(
            halves.html,
            delimiter + b"Content-Type: text/html; charset=utf-8\r\n",
            segments,
            opening=halves.opening,
        ),
    )
    before = (
        headers.structured("MIME-Version", ["1.0"]),
        headers.structured("Date", format_datetime(head.date).split(" ")),
        headers.mailbox("From", head.from_name, headers.sender(head.from_address)),
        headers.mailbox("Reply-To", "", headers.sender(head.reply_to)) if head.reply_to else b"",
        headers.unstructured("Subject", subject),
    )
    after = (
        *(_answering() if notice else _listed(head)),
        headers.structured("X-Auto-Response-Suppress", QUIET.split(" ")),
        headers.structured("Content-Type", ["multipart/alternative;", f'boundary="{boundary}"']),
    )
    return PreparedMessage(
        before=b"".join(before),
        after=b"".join(after),
        parts=parts,
        closing=f"--{boundary}--\r\n".encode(),
        bulk=not notice,
    )


def _answering() -> tuple[bytes, ...]:
    return (headers.structured("Auto-Submitted", ["auto-generated"]),)


def _listed(head: MessageHead) -> tuple[bytes, ...]:
    one_click = headers.structured("List-Unsubscribe-Post", ["List-Unsubscribe=One-Click"])
    return (
        one_click if head.archive_url.startswith("https://") else b"",
        headers.list_id("List-Id", head.list_name, head.list_id),
        headers.structured("List-Archive", [headers.uri(head.archive_url)]),
        headers.structured("Feedback-ID", [head.feedback_id]),
    )


def canonical_html(html: str) -> str:
    """Return a rendering's HTML as its part holds it: lines that SMTP carries, tables that end where a line
    of base64 does.
    """
    if any(token in html for token in Token):
        return aligned(wrapped(html, LONGEST - ROOM_FOR_VALUES))
    return wrapped(html)


def _refuse_left_over(rendered: RenderedEdition) -> None:
    for where, content in (
        ("subject", rendered.subject),
        ("text", _KNOWN.sub(" ", rendered.text)),
        ("HTML", _KNOWN.sub(" ", rendered.html)),
    ):
        unknown = _LEFT_OVER.search(content)
        if unknown:
            raise ConfigError(
                f"The {where} of the mail holds {unknown[0]}, which nothing fills.",
                remedy=f"Correct the template; it may use {', '.join(Token)}, and none in its subject.",
            )
