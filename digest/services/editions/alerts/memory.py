"""What a list's readers were alerted to already: no topic comes twice, unless there is a new fact."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import Article, ArticleRef, EditionContent
from digest.model.rows import row_id
from digest.services.editions.alerts.rules import is_one_topic, news_since
from digest.storage.articles import articles
from digest.storage.editions import editions

MEMORY = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class PublishedAlert:
    """An alert that went out: when, on which local date, and with which articles."""

    edition_id: int
    at: datetime
    day: str
    articles: tuple[Article, ...]


async def published_alerts(session: AsyncSession, list_id: int, now: datetime) -> list[PublishedAlert]:
    """Return the alerts of the last days, oldest first."""
    found = []
    for edition in await editions.published_alerts(session, list_id, now - MEMORY):
        content = EditionContent.model_validate(edition.content)
        refs = [ref for story in content.stories for ref in story.articles]
        stored = await articles.by_ids(session, [ref.article_id for ref in refs if ref.article_id])
        members = tuple(
            stored.get(ref.article_id or -1) or _stand_in(ref, edition.window_end) for ref in refs
        )
        at = edition.composed_at or edition.created_at
        found.append(PublishedAlert(row_id(edition), at, edition.local_date.isoformat(), members))
    return found


def _stand_in(ref: ArticleRef, at: datetime) -> Article:
    """What is known of an article that the store has no more."""
    return Article(
        url=ref.url,
        url_key=ref.url or "",
        title=ref.title,
        source_name=ref.source,
        published_at=ref.published_at,
        first_seen_at=ref.published_at or at,
    )


def topic_of(articles: Sequence[Article], published: Sequence[PublishedAlert]) -> tuple[Article, ...]:
    """Return what the earlier alerts on the same topic told; empty when there was none."""
    return tuple(
        article for one in published if is_one_topic(articles, one.articles) for article in one.articles
    )


def unpublished(
    articles: Sequence[Article], published: Sequence[PublishedAlert]
) -> tuple[tuple[Article, ...], bool]:
    """Return those of a story's articles that an alert may tell, and whether it is an update of an earlier
    one.
    """
    known = topic_of(articles, published)
    return (news_since(articles, known), True) if known else (tuple(articles), False)
