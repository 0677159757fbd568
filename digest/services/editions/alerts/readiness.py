"""Make ready what an alert needs, before there is one: templates and words are read once, and then not in the
seconds that count.
"""

import asyncio

from digest.model import ArticleRef, EditionContent, EditionKind, MailingList, Section, Story, Summary
from digest.model.news.story import SummarySentence
from digest.render.message.mime import prepare
from digest.services.app import App
from digest.storage.audience import lists
from digest.storage.editions import alerts


async def get_ready(app: App) -> int:
    """Render an alert that nobody gets, for each list that alerts its readers; returns for how many."""
    async with app.database.begin() as session:
        found = [await lists.by_id(session, one) for one in await alerts.watching(session)]
    for mailing_list in filter(None, found):
        await asyncio.to_thread(_render, app, mailing_list)
    return len(found)


def _render(app: App, mailing_list: MailingList) -> None:
    now = app.clock.now()
    ref = ArticleRef(title=mailing_list.name, source=mailing_list.name, url=None)
    story = Story(
        key="ready",
        headline=mailing_list.name,
        section="politics",
        summary=Summary(sentences=(SummarySentence(text=mailing_list.name),)),
        articles=(ref,),
    )
    content = EditionContent(
        list_slug=mailing_list.slug,
        list_name=mailing_list.name,
        language=mailing_list.language,
        number=1,
        kind=EditionKind.BREAKING,
        local_date=now.date(),
        window_start=now,
        window_end=now,
        sections=(Section(key="politics", title=mailing_list.name, stories=(story,)),),
    )
    rendered = app.renderer.render(mailing_list, content)
    prepare(rendered, app.renderer.head(mailing_list, 1, now))
