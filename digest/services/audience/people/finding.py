"""Find people: by words however they are spelled, by state, source, tag and segment, a page at a time."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from digest.errors import InputError, RefusedError, StoreError
from digest.model import MailingList, Subscriber, Subscription, SubscriptionState
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience.people import indexing
from digest.services.audience.people.spelling import asked_words
from digest.services.audience.segments import saved
from digest.services.audience.segments.tags import tag_of
from digest.storage.audience import own_fields
from digest.storage.audience.people import pages, words
from digest.storage.audience.people.pages import PeopleQuery

A_PAGE = 50
INDEXED_AT_ONCE = 1_000
"""So many newcomers get their words before a search; those of a large import get them beside it."""
LONGEST_SEARCH = 200
SOURCES = ("form", "admin", "import", "sample")
"""How people come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleFilter:
    """Who is looked for, as a person typed it; what is empty lets all through.

    `tag` and `segment` are of one list. `stopped`: those alone to whom mail was stopped.
    """

    text: str = ""
    state: str = ""
    source: str = ""
    tag: str = ""
    segment: str = ""
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A person, what stands between them and each list that is shown, and their tags there."""

    person: Subscriber
    subscriptions: tuple[Subscription, ...]
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """People, the newest first; `before` goes on where they end, None: at the end.

    `is_whole`: nobody waits for their words to be made, so that everybody can be found.
    """

    people: tuple[FoundPerson, ...]
    before: int | None
    is_whole: bool


async def find(
    app: App,
    wanted: PeopleFilter,
    *,
    mailing_list: MailingList | None = None,
    list_ids: Sequence[int] | None = None,
    before: int | None = None,
    most: int | None = None,
) -> PeoplePage:
    """Return a page of people of one list, or of those that are shown (`list_ids`, None: all); of `most`
    people, or of 50.

    Raises:
        InputError: there is no such state or segment, or a tag or segment is asked for of no list.
    """
    if wanted.text.strip():
        with suppress(StoreError):  # others write: the page then says that some cannot be found yet
            await indexing.index(app, INDEXED_AT_ONCE)
    shown = [row_id(mailing_list)] if mailing_list else list_ids
    query = await query_of(app, wanted, mailing_list, shown)
    if query is None:
        return PeoplePage((), None, True)  # noqa: FBT003 - its name is above
    async with app.database.read() as session:
        a_page = most or A_PAGE
        ids = await pages.page(session, query, before, a_page + 1)
        on_page = ids[:a_page]
        people = await pages.people(session, on_page)
        standing = await pages.subscriptions_of(session, on_page, shown)
        tags = await own_fields.tags_of(session, on_page, row_id(mailing_list)) if mailing_list else {}
        is_whole = not wanted.text.strip() or not await words.any_unindexed(session)
    return PeoplePage(_together(people, standing, tags), on_page[-1] if len(ids) > a_page else None, is_whole)


def _together(
    people: Sequence[Subscriber], standing: Sequence[Subscription], tags: Mapping[int, Sequence[str]]
) -> tuple[FoundPerson, ...]:
    return tuple(
        FoundPerson(
            one,
            tuple(each for each in standing if each.subscriber_id == one.id),
            tuple(tags.get(row_id(one), ())),
        )
        for one in people
    )


async def query_of(
    app: App, wanted: PeopleFilter, mailing_list: MailingList | None, shown: Sequence[int] | None
) -> PeopleQuery | None:
    """Return what is asked of the store; None: nobody can fit.

    Raises:
        InputError: as `find`.
    """
    asked = asked_words(wanted.text[:LONGEST_SEARCH])
    if wanted.text.strip() and not asked:
        return None
    segment = None
    if wanted.segment or wanted.tag:
        if mailing_list is None:
            raise RefusedError("of_one_list", "Tags and segments are of one list.", remedy="Choose a list.")
        async with app.database.read() as session:
            if wanted.segment:
                definition = await saved.of_name(session, mailing_list, wanted.segment)
                segment = await saved.ready(app, session, mailing_list, definition, name=wanted.segment)
    return PeopleQuery(
        list_ids=shown,
        words=asked,
        state=_state(wanted.state),
        source=wanted.source[:100],
        tag=tag_of(wanted.tag) if wanted.tag else "",
        segment=segment,
        stopped=wanted.stopped,
    )


def _state(word: str) -> SubscriptionState | None:
    if not word:
        return None
    try:
        return SubscriptionState(word)
    except ValueError as error:
        raise InputError(f"{word[:40]!r} is no state of a subscription.") from error
