"""The breaker: an edition that bounces or is complained about too much is paused, with the reason.

Counted is the ledger, and what came back later, since the edition began or a person let it go on.
"""

from collections import Counter

import structlog

from digest.deliver.breaker import Limits, Tally, trips
from digest.deliver.providers import group_of
from digest.model import EditionState
from digest.services.alarms import alarms
from digest.services.app import App
from digest.storage.audience import bounces, lists
from digest.storage.audience.bounces import Count
from digest.storage.editions import editions, states

log = structlog.get_logger()


def is_checkpoint(position: int) -> bool:
    """Say whether to count at a position (from 0): at each of the first 16, then whenever an eighth or less
    was added.

    So the cost of counting from the beginning every time stays a small share of the whole, however long it
    is.
    """
    return position % max(1, (1 << position.bit_length()) // 16) == 0


async def after_batch(app: App, edition_id: int, position: int) -> bool:
    """Count after a batch, if it is time; says whether the edition is past a limit."""
    return is_checkpoint(position) and await heed(app, edition_id)


async def after_event(app: App, edition_id: int) -> bool:
    """Count after something came back, if it is time; says whether the edition is past a limit."""
    async with app.database.begin() as session:
        known = await bounces.events_of(session, edition_id)
    return is_checkpoint(known) and await heed(app, edition_id)


async def heed(app: App, edition_id: int) -> bool:
    """Count, and pause the edition if it is past a limit; says whether it is. One that is finished is only
    told of.
    """
    # Looked at first: an edition's content is large, and nearly always there is nothing to count.
    if await app.database.at_once(bounces.is_spotless, edition_id):
        return False
    async with app.database.begin() as session:
        edition = await editions.by_id(session, edition_id)
        if edition is None:
            return False
        counted = await bounces.counts(session, edition_id, edition.resumed_at)
        mailing_list = await lists.by_id(session, edition.list_id)
    whole, groups = _tallies(counted)
    chosen = app.settings.bounces
    found = trips(whole, groups, Limits(bounced=chosen.most_bounced, complained=chosen.most_complained))
    if not found:
        return False
    reason = " ".join(trip.sentence() for trip in found)
    async with app.database.begin() as session:
        await (await session.connection()).run_sync(
            states.pause, edition_id, reason, found[0].what, found[0].figures()
        )
    paused = edition.state is EditionState.SENDING
    log.error("edition.paused" if paused else "edition.past_limit", edition=edition_id, reason=reason)
    if edition.state is EditionState.FINISHED:
        # It cannot be paused any more, so that nothing in the database says that a person should look.
        await alarms.raise_alarm(
            app, alarms.PAST_LIMIT, f"{mailing_list.slug if mailing_list else ''} {edition.number}", reason
        )
    return True


def _tallies(counted: dict[str, Count]) -> tuple[Tally, dict[str, Tally]]:
    """Add domains up to receivers, and these to the whole."""
    settled: Counter[str] = Counter()
    bounced: Counter[str] = Counter()
    complained: Counter[str] = Counter()
    for domain, one in counted.items():
        group = group_of(f"@{domain}")
        settled[group] += one.settled
        bounced[group] += one.bounced
        complained[group] += one.complained
    whole = Tally(settled=settled.total(), bounced=bounced.total(), complained=complained.total())
    return whole, {
        group: Tally(settled=settled[group], bounced=bounced[group], complained=complained[group])
        for group in settled
    }
