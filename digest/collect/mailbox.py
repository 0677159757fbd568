"""A mailbox of newsletters as a source: each message is an article, its list (List-Id) the outlet."""

import asyncio
import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote, urlsplit

from digest.collect.door import Brought
from digest.collect.fetch import Http
from digest.collect.letter import unfolded
from digest.errors import SourceError, SourceReason
from digest.model import Source
from digest.settings import CollectSettings
from digest.text.normalise import clean

MOST_MESSAGES = 100
"""Messages read in one visit; the rest comes with the next."""
LIST_NAME = re.compile(r"^\s*\"?([^<\"]*?)\"?\s*<([^>]+)>")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where a mailbox is: imaps://USER@HOST/FOLDER, or imap:// for a server that begins encryption when asked (STARTTLS)."""

    host: str
    port: int
    user: str
    folder: str
    encrypted: bool


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
    )


async def read_mailbox(source: Source, http: Http, settings: CollectSettings, now: datetime) -> Brought:
    """Read the messages that came since the last visit; none is marked or moved.

    Raises:
        TemporarySourceError: the server cannot be reached.
        SourceError: there is no password for it, the server refuses it, or its certificate is not right.
    """
    del http
    box = mailbox_of(source.location)
    password = settings.imap_passwords.get(f"{box.user}@{box.host}")
    if password is None:
        raise SourceError(
            f"There is no password for {box.user}@{box.host}.",
            location=source.location,
            remedy="Set it in collect.imap_passwords.",
            reason=SourceReason.PASSWORD,
        )
    # Only who has a mailbox among the sources needs it.
    from digest.collect import mailbox_session

    return await asyncio.to_thread(
        mailbox_session.read, source, box, password.get_secret_value(), settings, now
    )


def list_name(header: str) -> str:
    """Return the name in a List-Id header (RFC 2919): its phrase, else the first label of its identifier."""
    found = LIST_NAME.match(clean(unfolded(header)))
    if found is None:
        return ""
    return found[1].strip() or found[2].partition(".")[0].strip()
