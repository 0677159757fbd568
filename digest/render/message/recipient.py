"""What is one subscriber's own in a message: header fields, and the values of its parts."""

import re
from functools import lru_cache
from html import escape
from typing import NamedTuple
from urllib.parse import quote

from digest.render.message import headers
from digest.render.message.parts import Values

_OPEN = re.compile(r"[a-z0-9+.]+@[a-z0-9.-]+")
# Characters that mean nothing to headers and HTML.
_AS_IT_IS = re.compile(r"[!#-%(-;=?-~]*")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")
MOST_PLAIN = 900


class Recipient(NamedTuple):
    """What is one subscriber's own. `message_id` is as `message_id` gives it; `unsubscribe_mailto` is an
    address; `greeting` is text and HTML, for a list whose greeting differs from reader to reader.
    """

    email: str
    name: str
    message_id: str
    unsubscribe_url: str
    unsubscribe_mailto: str
    preferences_url: str
    greeting: tuple[str, str] = ("", "")


def leaving_by_mail(address: str) -> str:
    # An address for each reader is made up of what needs no quoting; others are few, and quoting them costs.
    return f"<mailto:{address}?subject=unsubscribe>" if _OPEN.fullmatch(address) else _quoted_mailto(address)


@lru_cache(maxsize=64)
def _quoted_mailto(address: str) -> str:
    return headers.uri(f"mailto:{quote(address, safe='@+')}?subject=unsubscribe")


def is_plain(recipient: Recipient) -> bool:
    """Say whether all that is this recipient's own stands in headers, in text and in HTML as it is; it nearly
    always does.
    """
    links = recipient.unsubscribe_url + recipient.preferences_url
    return (
        len(links) < MOST_PLAIN
        and _AS_IT_IS.fullmatch(links) is not None
        and headers.is_everyday(recipient.email)
    )


def plain_fields(recipient: Recipient) -> tuple[bytes, ...] | None:
    """Return what `PreparedMessage._fields` does for a recipient of whom all but the name is plain, else
    None: the same, sooner.
    """
    if not _MESSAGE_ID.fullmatch(recipient.message_id):
        return None
    mailto = leaving_by_mail(recipient.unsubscribe_mailto)
    leave = f"List-Unsubscribe: <{recipient.unsubscribe_url}>,"
    gap = " " if len(leave) + 1 + len(mailto) <= headers.LINE else "\r\n "
    name, email = recipient.name, recipient.email
    to = headers.mailbox("To", name, email) if name else f"To: {email}\r\n".encode()
    return to, f"Message-ID: {recipient.message_id}\r\n{leave}{gap}{mailto}\r\n".encode()


def values_of(recipient: Recipient, *, plain: bool) -> tuple[Values, Values]:
    """Return the values for the text part and, escaped, those for the HTML part."""
    # In the order of Token; a mapping would cost more than all the rest of a splice.
    leave, prefer, email = recipient.unsubscribe_url, recipient.preferences_url, recipient.email
    greeting, marked_up = recipient.greeting
    if plain and not greeting:
        same = (leave.encode(), prefer.encode(), email.encode(), b"")
        return same, same
    lines = [headers.one_line(value) for value in (leave, prefer, email)]
    return (
        (*(line.encode() for line in lines), headers.one_line(greeting).encode()),
        (*(escape(line).encode() for line in lines), headers.one_line(marked_up).encode()),
    )
