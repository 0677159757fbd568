"""Which sources a list reads: all of them, or chosen ones, with weights of its own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import InputError
from digest.model import Article, MailingList, Source
from digest.model.rows import row_id
from digest.services.app import App
from digest.storage.articles import list_sources, sources
from digest.storage.articles.list_sources import ListReading
from digest.storage.audience import lists

MOST_WEIGHT = 3.0


@dataclass(frozen=True, slots=True)
class SourceOfList:
    """A source as a list sees it. `own_weight` says that the list weighs it by itself."""

    source: Source
    is_read: bool
    weight: float
    own_weight: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceChanges:
    """What is to change: sources are named by id, name or location."""

    add: Sequence[str] = ()
    remove: Sequence[str] = ()
    weights: Sequence[tuple[str, float]] = ()
    every: bool = False
    """Read every source again; weights of its own are forgotten."""

    def __bool__(self) -> bool:
        return bool(self.add or self.remove or self.weights or self.every)


async def sources_of(app: App, slug: str) -> tuple[MailingList, list[SourceOfList]]:
    """Return a list with all stored sources and what it makes of them; those it reads first.

    Raises:
        InputError: there is no such list.
    """
    async with app.database.begin() as session:
        mailing_list = await lists.by_slug(session, slug)
        reading = await list_sources.reading(session, mailing_list)
        known = await sources.all_sources(session)
    return mailing_list, sorted((_seen(source, reading) for source in known), key=lambda one: not one.is_read)


async def change_sources(app: App, slug: str, changes: SourceChanges) -> None:
    """Change what a list reads; all of it or nothing.

    The first source that is added to a list that reads all makes it read that one alone. A source that is
    removed from such a list is left out, and new sources still come.

    Raises:
        InputError: there is no such list or source, a weight is wrong, or nothing would be left to read.
    """
    async with app.database.begin() as session:
        mailing_list = await lists.by_slug(session, slug)
        list_id = row_id(mailing_list)
        if changes.every:
            mailing_list.all_sources = True
            await list_sources.forget_all(session, list_id)
        found = [row_id(await sources.find(session, name)) for name in changes.add]
        left_out = (await list_sources.reading(session, mailing_list)).without
        for source_id in found:
            if mailing_list.all_sources and source_id not in left_out:
                mailing_list.all_sources = False
            await list_sources.put(session, list_id, source_id)
        for name in changes.remove:
            source_id = row_id(await sources.find(session, name))
            if mailing_list.all_sources:
                await list_sources.put(session, list_id, source_id, is_read=False)
            else:
                await list_sources.forget(session, list_id, source_id)
        for name, weight in changes.weights:
            await _weigh(session, mailing_list, name, weight)
        after = await list_sources.reading(session, mailing_list)
        known = await sources.all_sources(session, by_hand=True)
        if known and not any(after.has(source.id) for source in known):
            raise InputError(
                f"The list {slug} would read no source.",
                remedy="Add another first, or let it read all with --all.",
            )


async def _weigh(session: AsyncSession, mailing_list: MailingList, name: str, weight: float) -> None:
    if not 0 <= weight <= MOST_WEIGHT:
        raise InputError(f"The weight {weight:g} is wrong.", remedy="Weights go from 0 to 3; 1 is usual.")
    source = await sources.find(session, name)
    if not (await list_sources.reading(session, mailing_list)).has(source.id):
        raise InputError(
            f"The list {mailing_list.slug} does not read {source.name or source.location}.",
            remedy="Add it with --add first.",
        )
    await list_sources.put(session, row_id(mailing_list), row_id(source), weight=weight)


async def described(app: App, mailing_list: MailingList) -> str:
    """Return one line on what a list reads, or nothing when it reads every source as it is."""
    _, seen = await sources_of(app, mailing_list.slug)
    read = [one for one in seen if one.is_read]
    if len(read) == len(seen) and not any(one.own_weight for one in read):
        return ""
    names = ", ".join(
        (one.source.name or one.source.location) + (f" (weight {one.weight:g})" if one.own_weight else "")
        for one in read
    )
    return f"The list {mailing_list.slug} reads {len(read)} of {len(seen)} sources: {names or 'none'}."


def weight_in(source: Source, weights: Mapping[int, float]) -> float:
    """Return what a source weighs in a list."""
    return weights.get(row_id(source), source.standing)


def weights_of(
    articles: Iterable[Article], known: Mapping[int | None, Source], weights: Mapping[int, float]
) -> dict[str, float]:
    """Return what the outlets of articles weigh in a list, by outlet name; 1 where the source is gone."""
    return {
        article.source_name: weight_in(source, weights) if source else 1.0
        for article in articles
        for source in (known.get(article.source_id),)
    }


def _seen(source: Source, reading: ListReading) -> SourceOfList:
    return SourceOfList(
        source=source,
        is_read=reading.has(source.id),
        weight=weight_in(source, reading.weights),
        own_weight=row_id(source) in reading.weights,
    )
