"""A story of some of another's articles, told anew."""

from collections.abc import Sequence

from digest.model import Article, MailingList, Section, Story, Summary
from digest.services.app import App, SilentProgress
from digest.services.editions.composing.summarizing import SummaryInputs, summarized
from digest.services.editions.editing.draft import with_articles
from digest.storage.articles import articles, sources


async def story_apart(
    app: App, mailing_list: MailingList, story: Story, places: Sequence[int], key: str
) -> Story:
    """Return the story of these of its articles, under a key of its own, summarized anew from their texts.

    Where a text is not kept any more, it has what the whole story told of these articles.
    """
    apart = with_articles(story, places)
    title = apart.articles[0].title
    alone = apart.model_copy(
        update={"key": key, "headline": title, "pinned": False, "original": None, "related": ()}
    )
    members = await members_of(app, alone)
    if members is None:
        method = alone.summary.method if alone.summary.sentences else "headline"
        summary = Summary(sentences=alone.summary.sentences, method=method)
        return alone.model_copy(update={"summary": summary})
    async with app.database.read() as session:
        known = {one.id: one for one in await sources.all_sources(session, by_hand=True)}
    inputs = SummaryInputs(app.summarizer.for_edition(), mailing_list, {key: members}, known)
    section = Section(key=alone.section, title="", stories=(alone,))
    (made,) = await summarized(inputs, [section], SilentProgress())
    return made.stories[0]


async def members_of(app: App, story: Story) -> tuple[Article, ...] | None:
    """Return the articles of a story in its order, with their texts; None when one is not kept any more."""
    ids = [ref.article_id for ref in story.articles if ref.article_id is not None]
    async with app.database.read() as session:
        found = await articles.by_ids(session, ids)
    members = tuple(found[one] for one in ids if one in found and found[one].paragraphs)
    return members if members and len(members) == len(story.articles) else None
