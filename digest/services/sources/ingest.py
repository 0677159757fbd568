"""Take in articles that are posted instead of fetched."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from digest.collect.failures import Happening
from digest.collect.sandbox import protocol
from digest.collect.sandbox.pool import facts_of
from digest.collect.sandbox.protocol import article_from
from digest.errors import InputError, SourceError
from digest.model import Article, Source, SourceKind
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.sources.arrivals import announce
from digest.services.sources.polling import event, place
from digest.storage.articles import articles, sources


@dataclass(frozen=True, slots=True)
class IngestResult:
    """How many articles came, and how many of them were new. A problem is a line about one that was put
    aside.
    """

    seen: int
    new: int
    problems: tuple[str, ...] = ()


async def take(app: App, body: bytes) -> IngestResult:
    """Keep the articles of a JSON body that are not known yet. One that cannot be read is put aside with a
    line in the history.

    Raises:
        InputError: the body is not of the shape of `Delivery`, or there is no such source.
    """
    try:
        delivery = await app.http.sandbox.read(protocol.PostJob(url="POST /ingest", body=body))
    except SourceError as error:
        raise InputError(error.message, remedy=error.remedy) from error
    now = app.clock.now()
    async with app.database.begin() as session:
        source = await sources.find(session, delivery["source"])
    if source.kind is not SourceKind.WEBHOOK:
        raise InputError(
            f"{delivery['source']} is no source that takes what is handed in.",
            remedy="Add one with `digest sources add ingest:NAME`.",
        )
    made, problems = await _made(app, delivery["articles"], source, now)
    await asyncio.to_thread(place, made)
    async with app.database.begin() as session:
        saved = await articles.save_new(session, made)
        for line in problems:
            await sources.record(session, event(source, Happening.QUARANTINED, now, detail=line))
        if saved.new:
            await sources.touch(session, row_id(source), now)
    if saved.new:
        await announce(app)
    return IngestResult(len(delivery["articles"]), len(saved.new), tuple(problems))


async def _made(
    app: App, handed: Sequence[dict[str, Any]], source: Source, now: datetime
) -> tuple[list[Article], list[str]]:
    facts = facts_of(source)
    jobs = [
        protocol.HandedJob(handed=one, source=facts, url=one["url"] or source.location, now=now)
        for one in handed
    ]
    made, problems = [], []
    for one, answer in zip(handed, await app.http.sandbox.answers(jobs), strict=True):
        if isinstance(answer, SourceError):
            problems.append(f"{one['title'][:60]}: put aside. {answer.message}")
            continue
        article = article_from(answer)
        article.rights_line = article.rights_line or source.rights_line
        made.append(article)
    return made, problems
