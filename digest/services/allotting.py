"""Keeping to the pace: slices of the shared allowances, taken for one batch at a time."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import Allowance, MailingList
from digest.services import pacing
from digest.services.app import App
from digest.services.due import zone
from digest.services.pacing import Bucket
from digest.storage import pacing as stored
from digest.storage.batches import Waiting


async def allot(
    app: App, mailing: MailingList, people: list[Waiting]
) -> tuple[list[Waiting], datetime | None]:
    """Return whose turn it is, receivers mixed, and when those may go who have to wait; None: nobody has to.

    A receiver whose allowance is used up holds back its own readers and nobody else's.
    """
    chosen = app.settings.pacing
    if not chosen.enabled or not people:
        return people, None
    now = app.clock.now()
    wanted: dict[str, int] = {}
    for person in people:
        group = pacing.group_of(person.email)
        wanted[group] = wanted.get(group, 0) + 1
    waits: list[timedelta] = []
    async with app.database.begin() as session:
        whole, wait = await _take(app, session, f"list:{mailing.slug}", len(people), now)
        waits += [wait] if whole < len(people) else []
        granted: dict[str, int] = {}
        # In the order of names, as every sender does: two that take from the same groups never wait for each other.
        for group in sorted(wanted):
            granted[group], wait = await _take(app, session, f"group:{group}", wanted[group], now)
            waits += [wait] if granted[group] < wanted[group] else []
    go, _ = pacing.allotted(people, lambda group, _: granted[group])
    return go[:whole], now + max(min(waits), timedelta(seconds=1)) if waits else None


async def slow_down(app: App, groups: Collection[str]) -> None:
    """Halve the pace of receivers that said it was too much."""
    if not app.settings.pacing.enabled:
        return
    now = app.clock.now()
    async with app.database.begin() as session:
        for group in sorted(groups):
            kept = await stored.locked(session, f"group:{group}", now, 0)
            _keep(session, kept, pacing.slowed(_bucket(kept), now))


def quiet(app: App, mailing: MailingList) -> datetime | None:
    """Return when the quiet hours end, or None when mail may go out now."""
    chosen = app.settings.pacing
    return pacing.quiet_until(app.clock.now(), zone(mailing.timezone), chosen.quiet_from, chosen.quiet_to)


async def _take(
    app: App, session: AsyncSession, scope: str, wanted: int, now: datetime
) -> tuple[int, timedelta]:
    chosen = app.settings.pacing
    full = chosen.list_per_minute if scope.startswith("list:") else chosen.domain_per_minute
    kept = await stored.locked(session, scope, now, pacing.capacity(full))
    bucket = _bucket(kept)
    rate = pacing.per_minute(scope, bucket, chosen, now)
    left, granted, wait = pacing.taken(bucket, wanted, rate, now)
    _keep(session, kept, left)
    return granted, wait


def _bucket(kept: Allowance) -> Bucket:
    return Bucket(
        tokens=kept.tokens, at=kept.at, factor=kept.factor, slowed_at=kept.slowed_at, first_at=kept.first_at
    )


def _keep(session: AsyncSession, kept: Allowance, bucket: Bucket) -> None:
    kept.tokens, kept.at = bucket.tokens, bucket.at
    kept.factor, kept.slowed_at = bucket.factor, bucket.slowed_at
    session.add(kept)
