"""Act on many people of a list at once, and say of whom it was not done, and why."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from digest.errors import RefusedError
from digest.model import MailingList, SubscriptionState
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience.joining.leaving import end
from digest.services.audience.joining.memberships import ConsentEvidence
from digest.services.audience.people.finding import PeopleFilter, query_of
from digest.services.audience.segments.tags import tag_of
from digest.storage.audience import own_fields, subscribers
from digest.storage.audience.people import pages

MOST = 20_000
"""People of one act; more are done by several, or by an import."""
AT_ONCE = 500
NOT_HERE, LEFT_BEFORE, TAGGED_BEFORE, NOT_TAGGED = "not_here", "left_before", "tagged_before", "not_tagged"


@dataclass(frozen=True, slots=True)
class BulkDone:
    """Of how many people something was done, and of how many not, by the reason."""

    done: int
    skipped: Mapping[str, int] = field(default_factory=dict)


async def chosen(
    app: App, mailing_list: MailingList, wanted: PeopleFilter, ids: Sequence[int] | None
) -> tuple[int, ...]:
    """Return the ids of those who were marked (`ids`), or of all who fit a filter.

    Raises:
        InputError: as `finding.query_of`.
        RefusedError: nobody is chosen, or more than can be done at once.
    """
    if ids is None:
        query = await query_of(app, wanted, mailing_list, [row_id(mailing_list)])
        async with app.database.read() as session:
            found = [] if query is None else await pages.page(session, query, None, MOST + 1)
    else:
        found = list(dict.fromkeys(ids))
    if not found:
        raise RefusedError("nobody_chosen", "Nobody is chosen.", remedy="Mark people first.")
    if len(found) > MOST:
        raise RefusedError("too_many_chosen", f"These are more than {MOST} people.", remedy="Narrow it down.")
    return tuple(found)


async def remove(app: App, mailing_list: MailingList, ids: Iterable[int], *, by: str) -> BulkDone:
    """End people's subscriptions to a list, because an admin says so; each gets a row of consent."""
    evidence = ConsentEvidence(how="admin", came_from=by)
    tally: Counter[str] = Counter()
    for some in _parts(ids):
        async with app.database.begin() as session:
            for one in some:
                known = await subscribers.subscription(session, row_id(mailing_list), one)
                if known is None:
                    tally[NOT_HERE] += 1
                elif known.state is not SubscriptionState.LEFT and await end(
                    session, known, app.clock.now(), evidence
                ):
                    tally["done"] += 1
                else:
                    tally[LEFT_BEFORE] += 1
    return _done(tally)


async def tag(app: App, mailing_list: MailingList, ids: Iterable[int], text: str) -> BulkDone:
    """Give people of a list a tag.

    Raises:
        InputError: it is no tag.
    """
    return await _tagged(app, mailing_list, ids, tag_of(text), give=True)


async def untag(app: App, mailing_list: MailingList, ids: Iterable[int], text: str) -> BulkDone:
    """Take a tag from people of a list.

    Raises:
        InputError: it is no tag.
    """
    return await _tagged(app, mailing_list, ids, tag_of(text), give=False)


async def _tagged(
    app: App, mailing_list: MailingList, ids: Iterable[int], word: str, *, give: bool
) -> BulkDone:
    list_id, tally = row_id(mailing_list), Counter[str]()
    for some in _parts(ids):
        async with app.database.begin() as session:
            here = {one.subscriber_id for one in await pages.subscriptions_of(session, some, [list_id])}
            tags = await own_fields.tags_of(session, here, list_id)
            have = {one for one, every in tags.items() if word in every}
            tally[NOT_HERE] += len(some) - len(here)
            if give:
                await own_fields.give_tag(session, list_id, sorted(here - have), word, app.clock.now())
                tally["done"] += len(here - have)
                tally[TAGGED_BEFORE] += len(have)
            else:
                tally["done"] += await own_fields.take_tag(session, list_id, sorted(have), word)
                tally[NOT_TAGGED] += len(here - have)
    return _done(tally)


def _parts(ids: Iterable[int]) -> Iterable[list[int]]:
    every = list(ids)
    return (every[start : start + AT_ONCE] for start in range(0, len(every), AT_ONCE))


def _done(tally: Counter[str]) -> BulkDone:
    return BulkDone(tally["done"], {why: count for why, count in tally.items() if why != "done" and count})
