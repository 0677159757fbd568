"""A mailbox of newsletters as a source: each message is an article, its list (List-Id) the outlet."""

import asyncio
from datetime import datetime

from digest.collect.fetch.http import Http
from digest.collect.readers.imap_location import mailbox_of
from digest.collect.readers.protocol import Brought
from digest.errors import SourceError, SourceReason
from digest.model import Source
from digest.settings import CollectSettings

MOST_MESSAGES = 100
"""Messages read in one visit; the rest comes with the next."""


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
    from digest.collect.readers import imap_session as mailbox_session

    return await asyncio.to_thread(
        mailbox_session.read, source, box, password.get_secret_value(), settings, now
    )
