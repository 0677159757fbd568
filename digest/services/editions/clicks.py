"""Links of editions that are opened: where they lead, and how often on a day. Never by whom."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import date, timedelta

from digest.errors import StoreError
from digest.model import Edition, EditionContent
from digest.model.rows import row_id
from digest.render import clicks
from digest.render.presenters.context import address
from digest.services.app import App
from digest.services.schedule.local_time import zone
from digest.storage.editions import clicks as stored


async def follow(app: App, token: str, *, counts: bool) -> str | None:
    """Return the address that an edition's link leads to, and count it; None: it leads nowhere.

    It is always one of those that the edition holds. It is counted where the list still wants that, and
    `counts` says that somebody opened it; a reader does not wait for a database that cannot write now.
    """
    named = clicks.edition_of(token)
    if named is None:
        return None
    async with app.database.read() as session:
        found = await stored.edition_of(session, named[0])
    if found is None:
        return None
    edition, mailing_list = found
    opened = clicks.opened(app.links, *named, EditionContent.model_validate(edition.content))
    if opened is None:
        return None
    place, url = opened
    today = app.clock.now().astimezone(zone(mailing_list.timezone)).date()
    if counts and mailing_list.count_clicks and _is_kept(app, edition, today):
        with suppress(StoreError):
            async with app.database.begin() as session:
                await stored.add(session, row_id(edition), place, today)
    return url


def _is_kept(app: App, edition: Edition, today: date) -> bool:
    days = app.settings.retention.click_days
    return not days or edition.local_date > today - timedelta(days=days)


async def by_day(app: App, list_ids: Collection[int], since: date) -> Mapping[date, int]:
    """Return how often links of lists' editions were opened on each day since one."""
    async with app.database.read() as session:
        return await stored.by_day(session, list_ids, since)


async def by_story(app: App, edition: Edition) -> list[tuple[str, int]]:
    """Return how often the links of each story of an edition were opened, most first: headline and count."""
    async with app.database.read() as session:
        opened = await stored.of_edition(session, row_id(edition))
    if not opened:
        return []
    content = EditionContent.model_validate(edition.content)
    by_url = {url: opened.get(place, 0) for place, url in enumerate(clicks.outbound(content))}
    by_headline: dict[str, int] = {}
    for story in content.stories:
        urls = {one.url for one in story.articles}
        by_headline[story.headline] = sum(by_url.get(address(url), 0) for url in urls)
    return sorted(((one, count) for one, count in by_headline.items() if count), key=lambda one: -one[1])
