"""Read the location of an IMAP mailbox."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from digest.collect.parse.mail import unfolded
from digest.errors import SourceError
from digest.text.words.normalise import clean

LIST_NAME = re.compile(r"^\s*\"?([^<\"]*?)\"?\s*<([^>]+)>")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where a mailbox is: imaps://USER@HOST/FOLDER, or imap:// for a server that begins encryption when asked
    (STARTTLS).
    """

    host: str
    port: int
    user: str
    folder: str
    encrypted: bool
    location: str = ""


def mailbox_of(location: str) -> Mailbox:
    """Read a mailbox's address.

    Raises:
        SourceError: it is none.
    """
    try:
        parts = urlsplit(location)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in {"imap", "imaps"} or not parts.hostname or not parts.username:
        raise SourceError(
            f"{location} is no mailbox.", location=location, remedy="Write it imaps://USER@HOST/FOLDER."
        )
    encrypted = parts.scheme == "imaps"
    return Mailbox(
        host=parts.hostname,
        port=port or (993 if encrypted else 143),
        user=unquote(parts.username),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        encrypted=encrypted,
        location=location,
    )


def list_name(header: str) -> str:
    """Return the name in a List-Id header (RFC 2919): its phrase, else the first label of its identifier."""
    found = LIST_NAME.match(clean(unfolded(header)))
    if found is None:
        return ""
    return found[1].strip() or found[2].partition(".")[0].strip()
