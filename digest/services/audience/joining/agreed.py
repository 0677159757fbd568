"""The words that somebody agreed to, kept once under the beginning of their hash: their version."""

from hashlib import sha256

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import ConsentText, MailingList
from digest.services.app import App
from digest.storage.audience.joining import signups


async def keep(app: App, session: AsyncSession, mailing_list: MailingList, words: str) -> str:
    """Keep the words that a page of a list showed, and return their key; no words have an empty one."""
    if not words:
        return ""
    key = sha256(f"{mailing_list.language}\0{words}".encode()).hexdigest()[:16]
    now = app.clock.now()
    await signups.keep_text(
        session,
        ConsentText(key=key, language=mailing_list.language, words=words, first_shown_at=now),
    )
    return key
