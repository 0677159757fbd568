"""From a rendered edition to the bytes of one subscriber's message. Nothing here or later folds or encodes them again."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256
from html import escape
from urllib.parse import quote

from digest.errors import ConfigError
from digest.render import headers
from digest.render.identity import Returned, message_id, read_return_path, return_path
from digest.render.prepared import Part, Values
from digest.render.rendered import RenderedEdition, Token
from digest.render.wrap import LONGEST, wrapped

__all__ = [
    "Head",
    "PreparedMessage",
    "Recipient",
    "Returned",
    "Spliced",
    "message_id",
    "prepare",
    "read_return_path",
    "return_path",
]

QUIET = "DR, RN, NRN, OOF, AutoReply"
"""What Exchange should not answer. "All" would suppress NDR too, and bounces must come back."""
ROOM_FOR_VALUES = 300
"""Octets that HTML lines leave for what is spliced into them, so that the 8-bit form rarely has to give way to base64."""

_KNOWN = re.compile("|".join(Token))
_LEFT_OVER = re.compile(r"__MUJAZ_\w*")
_UNSENDABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Header values that all messages of an edition share. `date` is aware."""

    from_name: str
    from_address: str
    list_name: str
    list_id: str
    archive_url: str
    feedback_id: str
    date: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """What is one subscriber's own. `message_id` is as `message_id` gives it; `unsubscribe_mailto` is an address."""

    email: str
    name: str
    message_id: str
    unsubscribe_url: str
    unsubscribe_mailto: str
    preferences_url: str


@dataclass(frozen=True, slots=True)
class Spliced:
    """A message in three: its header with the empty line, the body's constant opening, the rest of the body.

    `opening` is the same object for all recipients, so that a signer can hash it once.
    """

    header: bytes
    opening: bytes
    rest: bytes


class PreparedMessage:
    """An edition's message with places for what is each subscriber's own. The same values give the same bytes."""

    def __init__(
        self, *, before: bytes, after: bytes, parts: tuple[Part, Part], closing: bytes, bulk: bool
    ) -> None:
        self._before = before
        self._after = after
        self._text, self._html = parts
        self._closing = closing
        self._bulk = bulk

    def build(self, recipient: Recipient, *, eight_bit: bool = False) -> bytes:
        """Return the whole message with CRLF lines.

        `eight_bit` asks for the form that servers with 8BITMIME (RFC 6152) take, a quarter smaller and quicker made; a
        part with a line longer than 998 octets is base64 all the same.

        Raises:
            InputError: a link or the Message-ID holds a character that would break the header.
        """
        header, body = self._pieces(recipient, eight_bit=eight_bit)
        return b"".join(header + body)

    def split(self, recipient: Recipient, *, eight_bit: bool = False) -> Spliced:
        """Return what `build` does, in three."""
        header, body = self._pieces(recipient, eight_bit=eight_bit)
        return Spliced(b"".join(header), body[0], b"".join(body[1:]))

    def html(self, recipient: Recipient) -> str:
        """Return the HTML part as this recipient gets it, with LF lines."""
        return self._html.filled(_values(recipient)[1])

    def text(self, recipient: Recipient) -> str:
        """Return the text part as this recipient gets it, with LF lines."""
        return self._text.filled(_values(recipient)[0])

    @property
    def octets(self) -> int:
        """About how much memory the message takes."""
        return self._text.octets + self._html.octets

    def _pieces(self, recipient: Recipient, *, eight_bit: bool) -> tuple[list[bytes], list[bytes]]:
        text_values, html_values = _values(recipient)
        raw_text = eight_bit and self._text.fits(text_values)
        raw_html = eight_bit and self._html.fits(html_values)
        body = self._text.raw(text_values) if raw_text else self._text.base64(text_values)
        body += self._html.raw(html_values) if raw_html else self._html.base64(html_values)
        body.append(self._closing)
        return self._header(recipient, eight_bit=raw_text or raw_html), body

    def _header(self, recipient: Recipient, *, eight_bit: bool) -> list[bytes]:
        made = [
            self._before,
            headers.mailbox("To", recipient.name, headers.recipient(recipient.email)),
            headers.structured("Message-ID", [recipient.message_id]),
        ]
        if self._bulk:
            https = headers.uri(recipient.unsubscribe_url)
            mailto = _leaving_by_mail(recipient.unsubscribe_mailto)
            made.append(headers.structured("List-Unsubscribe", [f"{https},", mailto]))
        made += (self._after, b"Content-Transfer-Encoding: 8bit\r\n\r\n" if eight_bit else b"\r\n")
        return made


def prepare(rendered: RenderedEdition, head: Head, *, notice: bool = False) -> PreparedMessage:
    """Return a message that can be spliced for any number of subscribers.

    A `notice` is a single mail that a person asked for: it says that a program answers (RFC 3834), and has none of the
    headers of a list.

    Raises:
        ConfigError: a token is left in the subject, an unknown one in a text, or the sender's address cannot be used.
    """
    text, html = (_UNSENDABLE.sub("\ufffd", part) for part in (rendered.text, rendered.html))
    boundary = f"=_mujaz_{sha256(f'{rendered.subject}|{text}|{html}'.encode()).hexdigest()[:24]}"
    delimiter = f"--{boundary}\r\n".encode()
    parts = (
        Part(text, delimiter + b"Content-Type: text/plain; charset=utf-8\r\n"),
        Part(_wrapped(html), delimiter + b"Content-Type: text/html; charset=utf-8\r\n"),
    )
    _refuse_left_over(rendered)
    before = (
        headers.structured("MIME-Version", ["1.0"]),
        headers.structured("Date", format_datetime(head.date).split(" ")),
        headers.mailbox("From", head.from_name, headers.sender(head.from_address)),
        headers.unstructured("Subject", rendered.subject),
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


def _listed(head: Head) -> tuple[bytes, ...]:
    return (
        headers.structured("List-Unsubscribe-Post", ["List-Unsubscribe=One-Click"]),
        headers.list_id("List-Id", head.list_name, head.list_id),
        headers.structured("List-Archive", [headers.uri(head.archive_url)]),
        headers.structured("Feedback-ID", [head.feedback_id]),
    )


@lru_cache(maxsize=64)
def _leaving_by_mail(address: str) -> str:
    return headers.uri(f"mailto:{quote(address, safe='@+')}?subject=unsubscribe")


def _values(recipient: Recipient) -> tuple[Values, Values]:
    """Return the values for the text part and, escaped, those for the HTML part."""
    # In the order of Token; a mapping would cost more than all the rest of a splice.
    leave = headers.one_line(recipient.unsubscribe_url)
    prefer = headers.one_line(recipient.preferences_url)
    email = headers.one_line(recipient.email)
    return (leave.encode(), prefer.encode(), email.encode()), (
        escape(leave).encode(),
        escape(prefer).encode(),
        escape(email).encode(),
    )


def _wrapped(html: str) -> str:
    return (
        wrapped(html, LONGEST - ROOM_FOR_VALUES) if any(token in html for token in Token) else wrapped(html)
    )


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
