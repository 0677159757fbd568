"""A plain message to one person, of words alone: no layout, no links of a reader."""

from datetime import datetime
from email.utils import format_datetime

from digest.render.message import headers
from digest.render.message.message_id import message_id
from digest.render.message.parts import encoded_lines
from digest.text.addresses.domain import domain_of


def plain_message(
    sender: str, sender_name: str, to: str, subject: str, text: str, *, seed: str, at: datetime
) -> bytes:
    """Return the bytes of a message in plain text. The same `seed` gives the same Message-ID.

    Raises:
        InputError: an address is none.
    """
    own = message_id(seed, to, domain_of(sender))
    return b"".join(
        (
            headers.structured("MIME-Version", ["1.0"]),
            headers.structured("Date", format_datetime(at).split(" ")),
            headers.mailbox("From", sender_name, sender),
            headers.mailbox("To", "", headers.recipient(to)),
            headers.unstructured("Subject", subject),
            headers.structured("Message-ID", [own]),
            headers.structured("Auto-Submitted", ["auto-generated"]),
            headers.structured("Content-Type", ["text/plain;", "charset=utf-8"]),
            headers.structured("Content-Transfer-Encoding", ["base64"]),
            b"\r\n",
            encoded_lines(text.encode()),
        )
    )
