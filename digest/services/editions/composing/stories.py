"""From weighed articles to the stories of an edition."""

from collections.abc import Collection, Sequence

from digest.curate.events.cluster import key_of
from digest.curate.events.likeness import OPENING_CHARS
from digest.curate.ranking.desks import desk
from digest.curate.ranking.lead import Topic
from digest.curate.ranking.rank import Ranked
from digest.model import Article, ArticleRef, Related, Story

MOST_RELATED = 3


def story_of(topic: Topic, sections: Collection[str]) -> Story:
    """Return the story that is told of a topic, not yet summarized; `sections` are the keys that the list
    has.
    """
    one = topic.told
    lead = one.articles[0]
    pictured = next((article for article in one.articles if article.image_url), None)
    return Story(
        key=key_of(one.articles),
        headline=lead.title,
        section=section_of(one.articles, sections),
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
        related=tuple(map(_related, topic.others[:MOST_RELATED])),
    )


def _related(one: Ranked) -> Related:
    lead = one.articles[0]
    return Related(headline=lead.title, url=lead.url, outlet=lead.source_name)


def section_of(members: Sequence[Article], sections: Collection[str]) -> str:
    """The section that most of the articles are sure of (the lead's breaks a tie), or one of the list's that
    its words ask for.
    """
    weight: dict[str, float] = {}
    for place, article in enumerate(members):
        if article.section:
            weight[article.section] = (
                weight.get(article.section, 0.0) + article.section_confidence + (place == 0) * 0.01
            )
    named = {key: value for key, value in weight.items() if key != "misc"} or weight
    key = max(named, key=lambda key: named[key]) if named else "misc"
    lead = members[0]
    moved = desk(key, lead.title, " ".join(lead.body)[:OPENING_CHARS])
    return moved if moved in sections else key
