"""An edition as programs read it."""

from collections.abc import Mapping
from typing import Any

from digest.model import EditionContent, Story
from digest.services.app import App
from digest.storage.articles import articles


async def as_json(app: App, content: EditionContent) -> dict[str, Any]:
    """Return an edition in the shape of `digest run --json`, with the paragraphs of its articles."""
    ids = [
        ref.article_id for story in content.stories for ref in story.articles if ref.article_id is not None
    ]
    async with app.database.begin() as session:
        texts = {key: article.paragraphs for key, article in (await articles.by_ids(session, ids)).items()}
    return {
        "list": content.list_slug,
        "number": content.number,
        "date": content.local_date.isoformat(),
        "opening": _opening_json(content),
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "overview": section.overview,
                "stories": [_story_json(story, texts) for story in section.stories],
            }
            for section in content.sections
        ],
    }


def _opening_json(content: EditionContent) -> list[dict[str, Any]]:
    """Every sentence with its article, an editor's with the list; nothing when an article is gone, as mail
    and page have it.
    """
    opening = content.opening
    if opening.by_editor:
        return [{"text": one.text, "source": content.list_name, "url": None} for one in opening.sentences]
    stories = {story.key: story.articles for story in content.stories}
    cited = [(one, stories.get(one.story, ())) for one in opening.sentences]
    if not all(0 <= one.article < len(articles) for one, articles in cited):
        return []
    return [
        {"text": one.text, "source": articles[one.article].source, "url": articles[one.article].url}
        for one, articles in cited
    ]


def _story_json(story: Story, texts: Mapping[int, list[str]]) -> dict[str, Any]:
    return {
        "headline": story.headline,
        "summary": [sentence.text for sentence in story.summary.sentences],
        "articles": [
            {
                "title": ref.title,
                "source": ref.source,
                "url": ref.url,
                "paragraphs": texts.get(ref.article_id, []) if ref.article_id is not None else [],
            }
            for ref in story.articles
        ],
    }
