"""Parse foreign bytes in a pool of child processes."""

from base64 import b64decode
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from digest.collect.parse.feeds.items import Feed, FeedItem
from digest.collect.sandbox import protocol
from digest.collect.sandbox.children import Children
from digest.collect.sandbox.protocol import SandboxJob, article_from, feed_from, item_from
from digest.errors import SourceError
from digest.model import Article, Source
from digest.model.news.cleaning import SourceCleaning


class SandboxPool(Children):
    """The children, and what they are asked. Every question raises SourceError for what cannot be read or
    breaks a limit.
    """

    @property
    def rules_file(self) -> Path | None:
        """The file of more cleaning rules that the settings name."""
        return self._settings.rules_file

    async def feed(self, body: bytes, *, url: str, zone: str, now: datetime) -> Feed:
        """Read a feed's bytes.

        Raises:
            SourceError: it is no feed, or reading it broke a limit.
        """
        return feed_from(await self.answer(protocol.FeedJob(body=body, url=url, zone=zone, now=now)))

    async def page(
        self,
        body: bytes,
        *,
        url: str,
        zone: str,
        now: datetime,
        charset: str | None = None,
        names: tuple[str, ...] = (),
        own: protocol.OwnRules = protocol.NO_RULES,
    ) -> Article:
        """Read an article's page. `names`: the source's names, for its own rules; `own`: those that an editor
        typed.

        Raises:
            SourceError: there is no article on it, or reading it broke a limit.
        """
        job = protocol.PageJob(
            body=body,
            url=url,
            zone=zone,
            now=now,
            charset=charset,
            names=names,
            rules_file=self.rules_file,
            own=own,
        )
        return article_from(await self.answer(job))

    async def links(
        self, body: bytes, *, selector: str, url: str, charset: str | None
    ) -> tuple[FeedItem, ...]:
        """Read the links of a page that a CSS selector finds.

        Raises:
            SourceError: the selector is wrong or finds none, or reading broke a limit.
        """
        job = protocol.LinksJob(body=body, url=url, selector=selector, charset=charset)
        return tuple(map(item_from, await self.answer(job)))

    async def posts(self, body: bytes, *, url: str, now: datetime) -> tuple[str, tuple[FeedItem, ...]]:
        """Read the name and the posts of a Telegram channel.

        Raises:
            SourceError: there is no channel on the page, or reading it broke a limit.
        """
        title, items = await self.answer(protocol.PostsJob(body=body, url=url, now=now))
        return title, tuple(map(item_from, items))

    async def may_visit(self, robots: bytes, url: str) -> bool:
        """Ask a robots.txt whether an address may be visited.

        Raises:
            SourceError: reading it broke a limit.
        """
        return bool(await self.answer(protocol.RobotsJob(body=robots, url=url)))

    async def thumbnail(self, body: bytes, *, url: str) -> bytes:
        """Make a small copy of a picture.

        Raises:
            SourceError: it is none that a mail can show, or making it broke a limit.
        """
        return b64decode(await self.answer(protocol.PictureJob(body=body, url=url)))

    async def logo(self, body: bytes) -> bytes:
        """Make a logo of a picture.

        Raises:
            SourceError: it is none that a mail can show, or making it broke a limit.
        """
        return b64decode(await self.answer(protocol.LogoJob(body=body, url="")))

    async def articles(
        self, items: Sequence[FeedItem], source: Source, now: datetime, *, title: str, names: tuple[str, ...]
    ) -> list[Article | SourceError]:
        """Make articles of a feed's items; one that cannot be made is its error, and the others go on."""
        facts, own = facts_of(source), own_rules(source)
        jobs = [
            protocol.ItemJob(
                item=item,
                url=item.url or source.location,
                title=title,
                source=facts,
                names=names,
                rules_file=self.rules_file,
                own=own,
                now=now,
            )
            for item in items
        ]
        return [
            one if isinstance(one, SourceError) else article_from(one) for one in await self.answers(jobs)
        ]

    async def article(self, job: protocol.ArticleJob) -> Article:
        """Make an article of a file or of what was handed in.

        Raises:
            SourceError: there is none in it, or reading it broke a limit.
        """
        answer = await self.answer(job)
        return article_from(answer["article"] if isinstance(answer, dict) else answer)

    async def read(self, job: SandboxJob) -> Any:
        """Do any other job: see `protocol` for its answer.

        Raises:
            SourceError: it cannot be read, or reading it broke a limit.
        """
        return await self.answer(job)


def own_rules(source: Source) -> protocol.OwnRules:
    """Return the rules that an editor typed for a source, as they cross to a child."""
    return SourceCleaning.of(source.cleaning).crossing()


def facts_of(source: Source) -> tuple[int | None, str, str | None]:
    """Return what a child has to know of a source."""
    return source.id, source.name, source.section
