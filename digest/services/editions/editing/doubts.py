"""What the guard finds in the words that people wrote: a warning beside them, never a refusal."""

import asyncio
from collections.abc import Mapping

from digest.model import EditionContent, Story
from digest.services.app import App
from digest.storage.articles import articles
from digest.summarize.guard.check import problems


async def doubts_of(app: App, content: EditionContent) -> Mapping[str, tuple[str, ...]]:
    """Return by story what is doubtful in its edited words: numbers, names and dates that its articles do not
    have, as the guard names them. Stories without any are left out.
    """
    edited = [one for one in content.stories if one.original is not None]
    ids = [ref.article_id for one in edited for ref in one.articles if ref.article_id is not None]
    if not ids:
        return {}
    async with app.database.read() as session:
        known = await articles.by_ids(session, ids)
    texts = {key: (one.title, *one.paragraphs) for key, one in known.items()}
    found = await asyncio.to_thread(
        lambda: {one.key: _doubts(one, texts, content.language) for one in edited}
    )
    return {key: doubts for key, doubts in found.items() if doubts}


def _doubts(story: Story, texts: Mapping[int, tuple[str, ...]], language: str) -> tuple[str, ...]:
    sources = [
        text for ref in story.articles if ref.article_id is not None for text in texts.get(ref.article_id, ())
    ]
    original = story.original
    if not sources or original is None:
        return ()
    written = [story.headline] if original.headline is not None else []
    before = {one.text for one in original.summary.sentences} if original.summary else set()
    if original.summary is not None:
        written += [one.text for one in story.summary.sentences if one.text not in before]
    found = [problem for one in written for problem in problems(one, sources, language=language)]
    return tuple(dict.fromkeys(one for one in found if not one.startswith("length")))
