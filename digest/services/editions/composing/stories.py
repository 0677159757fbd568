"""From weighed articles to the stories of an edition."""

from collections.abc import Collection, Sequence

from digest.curate.events.cluster import key_of
from digest.curate.events.likeness import OPENING_CHARS
from digest.curate.ranking.desks import desk
from digest.curate.ranking.lead import Topic
from digest.curate.ranking.rank import Ranked
from digest.model import Article, ArticleRef, Related, Story
from digest.model.news.sections import section_of
from digest.summarize.extract import titles

MOST_RELATED = 2


def story_of(topic: Topic, sections: Collection[str]) -> Story:
    """Return the story that is told of a topic, not yet summarized; `sections` are the keys that the list
    has.
    """
    one = topic.main
    lead = one.articles[0]
    pictured = next((article for article in one.articles if article.image_url), None)
    return Story(
        key=key_of(one.articles),
        headline=lead.title,
        section=shown_in(one.articles, sections),
        score=round(one.score, 4),
        reasons=one.reasons,
        articles=tuple(
            ArticleRef(
                article_id=article.id,
                title=article.title,
                source=article.source_name,
                url=article.url,
                published_at=article.published_at,
            )
            for article in one.articles
        ),
        image_url=pictured.image_url if pictured else None,
        image_alt=pictured.image_alt if pictured else None,
        thumbnail=pictured.thumbnail if pictured else None,
        breaking=any(article.breaking for article in one.articles),
        update=one.update,
        new_toll=one.new_toll,
        related=_related(topic.others),
    )


def _related(others: Sequence[Ranked]) -> tuple[Related, ...]:
    """The other sides of a matter, by their plainest titles; one that only teases is no side of it."""
    found = []
    for one in others:
        plain = [
            Related(headline=title, url=article.url, outlet=article.source_name)
            for article in one.articles
            if not titles.teases(title := titles.cleaned(article.title, article.source_name))
        ]
        found += plain[:1]
    return tuple(found[:MOST_RELATED])


def shown_in(members: Sequence[Article], sections: Collection[str]) -> str:
    """Return the section that the articles are sure of, or one of the list's that the lead's words ask
    for.
    """
    key = section_of(members)
    lead = members[0]
    moved = desk(key, lead.title, " ".join(lead.body)[:OPENING_CHARS])
    return moved if moved in sections else key
