"""Take slices of the shared allowances, one batch at a time."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.deliver.providers import group_of
from digest.deliver.smtp.balancing import ServerHealth, shares
from digest.model import Allowance, MailingList
from digest.services.app import App
from digest.services.schedule.local_time import zone
from digest.services.sending.pace import pacing
from digest.services.sending.pace.pacing import Bucket
from digest.services.sending.pace.providers import known_providers, request_look_up
from digest.storage.ledger import pacing as stored
from digest.storage.ledger.batch_members import Waiting
from digest.text.addresses.domain import domain_of


@dataclass(frozen=True, slots=True)
class Allotment:
    """Whose turn it is, receivers mixed; when those may go who have to wait (None: nobody has to).

    `most` says by label how many messages a server may be given; one that it does not name, any number.
    """

    people: list[Waiting]
    until: datetime | None
    most: Mapping[str, int]


async def allot(app: App, mailing_list: MailingList, people: list[Waiting]) -> Allotment:
    """Say whose turn it is, as far as the allowances of list, receivers and servers reach.

    A receiver whose allowance is used up holds back its own readers and nobody else's.
    """
    chosen = app.settings.pacing
    rated = any(server.per_minute for server in app.settings.mail.all_servers)
    if not people or not (chosen.enabled or rated):
        return Allotment(people, None, {})
    now = app.clock.now()
    waits: list[timedelta] = []
    if chosen.enabled:
        people = await _by_receiver(app, mailing_list, people, waits, now)
    most: Mapping[str, int] = {}
    if people and rated:
        count, most = await _by_server(app, mailing_list, len(people), waits, now)
        people = people[:count]
    until = now + max(min(waits), timedelta(seconds=1)) if waits else None
    return Allotment(people, until, most)


async def _by_receiver(
    app: App, mailing_list: MailingList, people: list[Waiting], waits: list[timedelta], now: datetime
) -> list[Waiting]:
    known = await known_providers(app, {domain_of(one.email) for one in people})
    await request_look_up(app, known.unasked)
    hosted = known.families
    wanted = Counter(group_of(person.email, hosted) for person in people)
    async with app.database.begin() as session:
        whole, wait = await _take(app, session, f"list:{mailing_list.slug}", len(people), now)
        waits += [wait] if whole < len(people) else []
        granted: dict[str, int] = {}
        # In the order of names, as every sender does: two that take from the same groups never wait for each
        # other.
        for group in sorted(wanted):
            granted[group], wait = await _take(app, session, f"group:{group}", wanted[group], now)
            waits += [wait] if granted[group] < wanted[group] else []
    go, _ = pacing.allotted(people, lambda group, _: granted[group], hosted)
    return go[:whole]


async def _by_server(
    app: App, mailing_list: MailingList, count: int, waits: list[timedelta], now: datetime
) -> tuple[int, Mapping[str, int]]:
    """Return how many messages may go, and how many of them each server with a rate of its own may be
    given.
    """
    every = app.settings.mail.all_servers
    healths = [ServerHealth(weight=one.weight, routes=frozenset(one.lists)) for one in every]
    parts = shares(healths, mailing_list.slug, count)
    rated = sorted(
        (server.label, server.per_minute, part.count)
        for server, part in zip(every, parts, strict=True)
        if server.per_minute and part.count
    )
    most: dict[str, int] = {}
    async with app.database.begin() as session:
        for label, rate, wanted in rated:
            most[label], wait = await _take(app, session, f"server:{label}", wanted, now, own=rate)
            waits += [wait] if most[label] < wanted else []
    usual = [(server, part) for server, part in zip(every, parts, strict=True) if part.usual]
    if any(not server.per_minute for server, _ in usual):
        return count, most
    return min(count, sum(most[server.label] for server, _ in usual)), most


async def slow_down(app: App, groups: Collection[str]) -> None:
    """Halve the pace of receivers that said it was too much; a domain stands for the family that hosts it."""
    if not app.settings.pacing.enabled:
        return
    now = app.clock.now()
    hosted = (await known_providers(app, {group for group in groups if "." in group})).families
    async with app.database.begin() as session:
        for group in sorted({hosted.get(group, group) for group in groups}):
            kept = await stored.locked(session, f"group:{group}", now, 0)
            _keep(session, kept, pacing.slowed(_bucket(kept), now))


def quiet(app: App, mailing_list: MailingList) -> datetime | None:
    """Return when the quiet hours end, or None when mail may go out now."""
    chosen = app.settings.pacing
    return pacing.quiet_until(
        app.clock.now(), zone(mailing_list.timezone), chosen.quiet_from, chosen.quiet_to
    )


async def _take(
    app: App, session: AsyncSession, scope: str, wanted: int, now: datetime, *, own: int = 0
) -> tuple[int, timedelta]:
    """Take tokens of a scope. `own` is a server's rate; the others' are in the settings of the pace."""
    chosen = app.settings.pacing
    full = own or (chosen.list_per_minute if scope.startswith("list:") else chosen.domain_per_minute)
    kept = await stored.locked(session, scope, now, pacing.capacity(full))
    bucket = _bucket(kept)
    rate = own or pacing.per_minute(scope, bucket, chosen, now)
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
