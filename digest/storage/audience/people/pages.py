"""People a page at a time, the newest first, by words, state, source, tag and segment."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, func, text
from sqlalchemy import select as core_select
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import (
    CheckedSegment,
    Subscriber,
    SubscriberTag,
    Subscription,
    SubscriptionState,
)
from digest.model.people.subscriber import NOT_CONFIRMED
from digest.storage.audience.people.words import frequency, has_word, with_word, with_words
from digest.storage.audience.segments import compiled

COMMON = 20_000
"""A word that so many have is asked person by person; who have a rarer one are read and then looked at."""
WALKED = 5_000
"""So many of the newest are asked one by one for common words; then the words are set against each other for
all who are left.
"""
AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleQuery:
    """Who is looked for: on which lists (None: wherever), and what must hold of a subscription there.

    `segment` and `tag` are of the one list that is named then.
    """

    list_ids: Collection[int] | None = None
    words: tuple[str, ...] = ()
    state: SubscriptionState | None = None
    source: str = ""
    tag: str = ""
    segment: CheckedSegment | None = None
    stopped: bool = False

    @property
    def is_of_one_list(self) -> bool:
        """Whether one list is named."""
        return self.list_ids is not None and len(self.list_ids) == 1

    @property
    def narrows(self) -> bool:
        """Whether something must hold of a subscription."""
        return bool(self.list_ids is not None or self.state or self.source or self.tag or self.segment)


async def page(session: AsyncSession, wanted: PeopleQuery, before: int | None, limit: int) -> list[int]:
    """Return the ids of people who fit, the newest first, from `before` on; at most `limit`."""
    if not wanted.words:
        return await _walked(session, wanted, before, limit)
    counted = [(await frequency(session, word, COMMON), word) for word in wanted.words]
    rarest, word = min(counted)
    if rarest >= COMMON:
        return await _common(session, wanted, before, limit)
    ids = await with_word(session, word)
    others = [one for one in wanted.words if one != word]
    return await _among(
        session, wanted, others, [one for one in ids if before is None or one < before], limit
    )


async def _walked(session: AsyncSession, wanted: PeopleQuery, before: int | None, limit: int) -> list[int]:
    return await _ids(session, _below(_query(wanted, ()), wanted, before).limit(limit))


async def _common(session: AsyncSession, wanted: PeopleQuery, before: int | None, limit: int) -> list[int]:
    """Return a page of people with words that very many have.

    The newest are asked one by one: where the words meet as often as chance has it, that fills the page soon.
    Of words that hardly ever meet (two first names) everybody would be asked: those are intersected.
    """
    newest = _below(_query(wanted, ()), wanted, before).limit(WALKED).subquery()
    last_of = core_select(func.count(), func.min(newest.c[0])).select_from(newest)
    many, last = (await (await session.connection()).execute(last_of)).one()
    if not many:
        return []
    asked = _below(_query(wanted, wanted.words).where(_place(wanted) >= last), wanted, before)
    found = await _ids(session, asked.limit(limit))
    if len(found) == limit or many < WALKED:
        return found
    met = with_words(wanted.words, last)
    rest = _query(wanted, ()).where(_place(wanted).in_(core_select(met.c[0])))
    return found + await _ids(session, rest.limit(limit - len(found)))


async def _ids(session: AsyncSession, query: Any) -> list[int]:
    return [int(row[0]) for row in await (await session.connection()).execute(query)]


def _below(query: Any, wanted: PeopleQuery, before: int | None) -> Any:
    return query if before is None else query.where(_place(wanted) < before)


async def _among(
    session: AsyncSession, wanted: PeopleQuery, others: Sequence[str], ids: Sequence[int], limit: int
) -> list[int]:
    found: list[int] = []
    query = _query(wanted, others)
    connection = await session.connection()
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        found += [int(row[0]) for row in await connection.execute(query.where(_place(wanted).in_(some)))]
        if len(found) >= limit:
            break
    return found[:limit]


def _place(wanted: PeopleQuery) -> ColumnElement[int]:
    """The column of the id that the walk goes along."""
    of_a_list = SubscriberTag.subscriber_id if wanted.tag else Subscription.subscriber_id
    return col(of_a_list if wanted.is_of_one_list else Subscriber.id)  # type: ignore[return-value]


def _query(wanted: PeopleQuery, words: Sequence[str]) -> Any:
    place = _place(wanted)
    query = core_select(place)
    if wanted.is_of_one_list:
        # Along the list's own people: of a large house a small list is read alone, and of a large list those
        # alone who have the tag.
        query = query.join_from(
            Subscription, Subscriber, col(Subscriber.id) == col(Subscription.subscriber_id)
        )
        if wanted.tag:
            query = query.join(
                SubscriberTag, col(SubscriberTag.subscriber_id) == col(Subscription.subscriber_id)
            )
        query = query.where(*_fits(wanted))
    elif wanted.narrows:
        on_one = exists().where(col(Subscription.subscriber_id) == col(Subscriber.id), *_fits(wanted))
        query = query.where(on_one)
    if wanted.stopped:
        query = query.where(col(Subscriber.disabled_reason).is_not(None))
    return query.where(*(has_word(one) for one in words)).order_by(place.desc())


def _fits(wanted: PeopleQuery) -> list[ColumnElement[bool]]:
    held: list[ColumnElement[bool]] = []
    if wanted.list_ids is not None:
        ids = list(wanted.list_ids)
        listed = col(Subscription.list_id)
        held.append(listed == ids[0] if wanted.is_of_one_list else listed.in_(ids))
    if wanted.state is not None:
        held.append(col(Subscription.state) == wanted.state)
        if wanted.state is not SubscriptionState.CONFIRMED:
            held.append(text(f"subscription.{NOT_CONFIRMED}"))  # type: ignore[arg-type]
    if wanted.source:
        held.append(col(Subscription.consent_how) == wanted.source)
    if wanted.tag:
        held += [
            col(SubscriberTag.list_id) == col(Subscription.list_id),
            col(SubscriberTag.list_id) == next(iter(wanted.list_ids or ())),
            col(SubscriberTag.tag) == wanted.tag,
        ]
    if wanted.segment is not None:
        held.append(compiled(wanted.segment))
    return held


async def people(session: AsyncSession, ids: Sequence[int]) -> list[Subscriber]:
    """Return people in the order of the ids."""
    found = (await session.exec(select(Subscriber).where(col(Subscriber.id).in_(ids)))).all()
    by_id = {one.id: one for one in found}
    return [by_id[one] for one in ids if one in by_id]


async def subscriptions_of(
    session: AsyncSession, ids: Sequence[int], list_ids: Collection[int] | None
) -> list[Subscription]:
    """Return what stands between people and lists."""
    query = select(Subscription).where(col(Subscription.subscriber_id).in_(ids))
    if list_ids is not None:
        query = query.where(col(Subscription.list_id).in_(list(list_ids)))
    return list((await session.exec(query.order_by(col(Subscription.list_id)))).all())
