"""Why a story is in an edition or out of it: the choice is made again from the stored articles, and every
verdict is kept.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from digest.errors import InputError
from digest.model import MailingList
from digest.model.rows import row_id
from digest.services.app import App, SilentProgress
from digest.services.editions.composing.compose import Case, Chosen, Window, choose
from digest.services.editions.composing.find import of_day
from digest.services.editions.composing.summarizing import headlined
from digest.services.schedule.kinds import looks_back, regular_kind
from digest.services.schedule.local_time import whole_day, zone
from digest.storage.articles import sources
from digest.text.words.tokens import stems

SHORTEST_KEY = 4


async def cases_of(app: App, mailing_list: MailingList, day: date | None = None) -> tuple[Case, ...]:
    """Return all stories of a local date (None: today) with what is decided on each: those told first, in the
    edition's order.

    The window is that of the date's edition, and without one that of `digest run`. Articles of folders and
    addresses that were read by hand count only when there are no others. Articles whose text has been dropped
    since weigh less than they did.

    Raises:
        InputError: there are no articles in that window.
    """
    window = await window_of(app, mailing_list, day)
    chosen = await choose(app, mailing_list, window, report=SilentProgress())
    if not chosen.articles:
        async with app.database.begin() as session:
            by_hand = [row_id(one) for one in await sources.all_sources(session, by_hand=True)]
        window = Window(
            day=window.day, start=window.start, end=window.end, source_ids=frozenset(by_hand) or None
        )
        chosen = await choose(app, mailing_list, window, report=SilentProgress())
    if not chosen.articles:
        raise InputError(
            f"There are no articles between {window.start.isoformat()} and {window.end.isoformat()}.",
            remedy="Choose another date with --date, or collect first with `digest run --dry-run`.",
        )
    order = {section.key: place for place, section in enumerate(chosen.sections)}
    cases = await asyncio.to_thread(_headlined, chosen)
    return tuple(
        sorted(
            cases,
            key=lambda case: (
                order.get(case.verdict.section or "", len(order)),
                case.verdict.place,
                -case.story.score,
                case.story.key,
            ),
        )
    )


def _headlined(chosen: Chosen) -> list[Case]:
    """The cases under the headlines that the edition gives them; what is left out has its first article's
    title.
    """
    return [
        replace(case, story=headlined(case.story, chosen.members[case.story.key], chosen.sources))
        if case.is_in and case.story.key in chosen.members
        else case
        for case in chosen.cases
    ]


def matching(cases: Sequence[Case], wanted: str) -> tuple[Case, ...]:
    """Return the cases that `wanted` means, in their order; may be empty.

    It is a story's key (or its first digits, four at least), its number among the cases counted from 1, or
    words that all stand, in any form, in the headline or one of the articles' titles.
    """
    text = wanted.strip()
    if keyed := [case for case in cases if _is_key(text, case.story.key)]:
        return tuple(keyed)
    if text.isdecimal() and 1 <= int(text) <= len(cases):
        return (cases[int(text) - 1],)
    words = frozenset(stems(text))
    return tuple(case for case in cases if words and _says(case, words))


def _is_key(text: str, key: str) -> bool:
    # Three digits or fewer, and no letter, are a number.
    return len(text) >= SHORTEST_KEY and key.startswith(text.lower())


def _says(case: Case, words: frozenset[str]) -> bool:
    titles = (case.story.headline, *(article.title for article in case.story.articles))
    return any(words <= frozenset(stems(title)) for title in titles)


async def window_of(app: App, mailing_list: MailingList, day: date | None = None) -> Window:
    """Return which articles the edition of a date (None: today) is made of, or was."""
    now = app.clock.now()
    where = zone(mailing_list.timezone)
    today = now.astimezone(where).date()
    chosen = day or today
    edition = await of_day(app, mailing_list, chosen)
    if edition is not None:
        return Window(day=chosen, start=edition.window_start, end=edition.window_end)
    if chosen == today:
        return Window(day=chosen, start=now - looks_back(mailing_list, regular_kind(mailing_list)), end=now)
    start, end = whole_day(chosen, where)
    return Window(day=chosen, start=start, end=end)
