"""Read an IMAP mailbox of newsletters as a source."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from digest.collect.fetch.http import Http
from digest.collect.readers.imap_location import list_name, mailbox_of
from digest.collect.readers.protocol import VisitResult
from digest.collect.sandbox import protocol
from digest.collect.sandbox.pool import own_rules
from digest.collect.sandbox.protocol import article_from
from digest.errors import SourceError, SourceReason, TemporarySourceError
from digest.model import Article, Source
from digest.model.news.fetch_state import FetchState
from digest.settings import CollectSettings

if TYPE_CHECKING:
    from digest.collect.readers.imap_session import MailboxVisit

T = TypeVar("T")

STEP = 3
"""How many times `collect.total_seconds` one step of a visit may take: to log in and look, or to fetch a
message.
"""
MOST_COSTLY = 3
"""Messages that may break a limit in one visit."""
LONGEST_VISIT = 300.0
"""Seconds after which no further message of a mailbox is read in one visit."""


async def read_mailbox(source: Source, http: Http, settings: CollectSettings, now: datetime) -> VisitResult:
    """Read the messages that came since the last visit; none is marked or moved.

    Raises:
        TemporarySourceError: the server cannot be reached.
        SourceError: there is no password for it, the server refuses it, or its certificate is not right.
    """
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
    from digest.collect.readers import imap_session

    mailbox = await asyncio.to_thread(imap_session.dial, box, settings)
    visit = imap_session.MailboxVisit(mailbox, "", [])
    longest = STEP * settings.total_seconds
    try:
        visit = await _step(
            visit, longest, imap_session.visit, mailbox, box, password.get_secret_value(), source.cursor
        )
        return await _messages(visit, source, http, now, longest)
    finally:
        await asyncio.to_thread(visit.close)


async def _step(visit: "MailboxVisit", longest: float, work: Callable[..., T], *given: object) -> T:
    """Wait for the server, in a thread that is woken when this is called off.

    Raises:
        TemporarySourceError: it takes longer than `longest` seconds altogether, however it drips.
    """
    try:
        async with asyncio.timeout(longest):
            return await asyncio.to_thread(work, *given)
    except TimeoutError as error:
        visit.abandon()
        raise TemporarySourceError(
            f"The mailbox did not answer within {longest:g} seconds.", reason=SourceReason.SLOW
        ) from error
    except asyncio.CancelledError:
        visit.abandon()
        raise


async def _messages(
    visit: "MailboxVisit", source: Source, http: Http, now: datetime, longest: float
) -> VisitResult:
    """Read messages one after another, so that no more than a few are held; one that cannot be read is a
    line.
    """
    articles: list[Article] = []
    problems: list[str] = []
    done = source.cursor
    costly = 0
    started = time.monotonic()
    for uid in visit.uids:
        if costly >= MOST_COSTLY or time.monotonic() - started > LONGEST_VISIT:
            break  # the rest comes with the next visit
        try:
            body = await _step(visit, longest, visit.fetch, uid)
        except TemporarySourceError as error:
            if done == source.cursor:
                raise
            # What was read before the connection was lost is kept.
            problems.append(f"message {uid}: {error}")
            break
        try:
            articles.append(await _article(body, source, http, now))
        except SourceError as error:
            costly += error.reason is SourceReason.TOO_COSTLY
            problems.append(f"message {uid}: {error}")
        done = f"{visit.validity}:{uid}"
    state = replace(FetchState.of(source), cursor=done)
    return VisitResult(
        articles=tuple(articles), state=state, unchanged=not visit.uids, set_aside=tuple(problems)
    )


async def _article(body: bytes, source: Source, http: Http, now: datetime) -> Article:
    job = protocol.MailJob(
        url=source.location,
        body=body,
        now=now,
        zone=source.timezone,
        names=(source.name, source.location),
        rules_file=http.sandbox.rules_file,
        own=own_rules(source),
    )
    answer = await http.sandbox.read(job)
    article = article_from(answer["article"])
    article.source_id = source.id
    article.source_name = list_name(answer["list_id"]) or source.name or article.source_name
    article.section = source.section or article.section
    article.guid = answer["message_id"] or None
    article.url_key = article.guid or article.content_hash
    return article
