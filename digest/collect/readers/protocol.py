"""The interface of source readers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from digest.collect.fetch.http import Http
from digest.collect.parse.feeds.items import FeedItem
from digest.model import Article, Source
from digest.model.news.fetch_state import FetchState
from digest.settings import CollectSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitResult:
    """What one visit brought.

    `items` still have to be made articles, `articles` are. `state` is stored once all of it was read; None:
    there is nothing to remember. A problem is a line about what may go better next time, `set_aside` about an
    item that was given up. `floor` is the shortest time in seconds until the next visit that the publisher
    asks for.
    """

    items: tuple[FeedItem, ...] = ()
    articles: tuple[Article, ...] = ()
    title: str = ""
    unchanged: bool = False
    floor: float = 0.0
    state: FetchState | None = None
    moved_to: str | None = None
    raw_hash: str | None = None
    problems: tuple[str, ...] = ()
    set_aside: tuple[str, ...] = ()


class SourceReader(Protocol):
    """Reads the sources of one kind."""

    async def __call__(
        self, source: Source, http: Http, settings: CollectSettings, now: datetime
    ) -> VisitResult:
        """Visit a source once.

        Raises:
            SourceError: it cannot be read as a whole.
        """
