"""Read newsletter mail into articles, in linear time."""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from html import escape

from digest.collect.clean.article import extract_text
from digest.collect.clean.rules import Rulebook
from digest.collect.parse.decode import decode
from digest.collect.parse.feeds.items import identifier
from digest.collect.parse.pages import page
from digest.errors import SourceError
from digest.model import Article
from digest.text.sanitise import inline
from digest.text.words.normalise import clean

LONGEST_FIELD = 4_000
"""Header fields that are longer are not looked at: the time that their readers take grows with their length's
square.
"""
LONGEST_MESSAGE = 5_000_000
"""A message is read up to here; its text stands before what is attached."""
MOST_PARTS = 200
MOST_INNER = 100
"""Parts that may hold further ones."""
INNER = re.compile(rb"^content-type:[ \t]*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailMessage:
    """What a mail says. Fields are clean and empty where it says nothing; `sent` is aware, or None."""

    subject: str
    sender: str
    sent: datetime | None
    list_id: str
    message_id: str
    text: str
    is_html: bool


def read_message(body: bytes) -> MailMessage:
    """Read a mail's fields and its text, the HTML one when there are several. Its encodings are believed
    last.

    Raises:
        SourceError: it has no subject or no text, or breaks its own form.
    """
    try:
        return _read(body)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, MessageError) as error:
        # The standard library's parser trips over some of what it was never meant for.
        raise SourceError("the mail cannot be read") from error


def parse_message(body: bytes) -> Message:
    """Parse a mail's first 5 MB; for a mail of parts within parts, the parser's time grows with its length
    times their depth.

    Raises:
        ValueError: it has more parts within parts than any program writes.
    """
    head = body[:LONGEST_MESSAGE]
    if len(INNER.findall(head)) > MOST_INNER:
        raise ValueError("too many parts within parts")
    return email.message_from_bytes(head)


def _read(body: bytes) -> MailMessage:
    message = parse_message(body)
    texts = {part.get_content_subtype(): part for part in reversed([*_texts(message)])}
    part = texts.get("html") or texts.get("plain")
    subject = inline(_field(message, "subject"))
    if part is None or not subject:
        raise SourceError("the mail has no subject or no text")
    content = part.get_payload(decode=True)
    return MailMessage(
        subject=subject,
        sender=inline(parseaddr(_field(message, "from"))[0]),
        sent=_instant(_field(message, "date")),
        list_id=clean(_field(message, "list-id")),
        message_id=identifier(clean(_field(message, "message-id"))) or "",
        text=decode(content if isinstance(content, bytes) else b"", part.get_content_charset()),
        is_html=part.get_content_subtype() == "html",
    )


def _texts(message: Message) -> Iterator[Message]:
    """The parts that are text to be read, in their order; what is attached or forwarded is none."""
    waiting = [message]
    for _ in range(MOST_PARTS):
        if not waiting:
            return
        part = waiting.pop()
        for name in [key for key, value in part.raw_items() if len(str(value)) > LONGEST_FIELD]:
            del part[name]
        inner = part.get_payload() if part.is_multipart() else None
        if isinstance(inner, list) and part.get_content_maintype() == "multipart":
            waiting += [one for one in reversed(inner) if isinstance(one, Message)]
        elif part.get_content_maintype() == "text" and part.get_content_disposition() != "attachment":
            yield part


def _field(message: Message, name: str) -> str:
    """The first field of a name with its encoded words undone, empty when there is none."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name), "")
    return unfolded(decode(raw.encode("utf-8", "surrogateescape")))


def unfolded(raw: str) -> str:
    """Return a header field's value with its encoded words (RFC 2047) undone; as it stands where they are
    broken.
    """
    try:
        return str(make_header(decode_header(raw)))
    except (ValueError, LookupError, MessageError):
        return raw


def _instant(written: str) -> datetime | None:
    try:
        sent = parsedate_to_datetime(written)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return sent if sent.tzinfo else None


def message_article(
    message: MailMessage, now: datetime, *, zone: str = "UTC", book: Rulebook | None = None
) -> Article:
    """Make an article of a message: the subject is its title, the sender its outlet, its Date the date.

    Raises:
        SourceError: there is no text in it.
    """
    if message.is_html:
        titled = f"<html><head><title>{escape(message.subject)}</title></head>{message.text}</html>"
        article = page.extract(titled, url=None, now=now, zone=zone, book=book)
        article.title = message.subject
    else:
        article = extract_text(f"{message.subject}\n\n{message.text}", now=now, book=book)
    article.source_name = article.source_name or message.sender
    article.published_at = min(message.sent, now) if message.sent else None
    return article
