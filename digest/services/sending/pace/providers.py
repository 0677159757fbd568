"""Find out which mailbox provider takes mail for a domain.

The DNS is asked beside the sending, never in it: a domain that is not known yet counts as its own until the
answer is kept.
"""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from digest.deliver.providers import family_of_server
from digest.services.app import App
from digest.storage.ledger import pacing as stored

if TYPE_CHECKING:
    from digest.services.dns import DnsNames

log = structlog.get_logger()

AT_ONCE = 200
"""Domains that one look-up asks for."""
KNOWN_FOR = timedelta(days=7)
AGAIN_AFTER = timedelta(hours=1)
"""When the DNS did not answer."""
SECONDS = 3.0
TOGETHER = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownProviders:
    """The provider families of domains as far as they are known, and the domains that nobody has asked for
    yet.
    """

    families: Mapping[str, str] = field(default_factory=dict)
    unasked: frozenset[str] = frozenset()


async def known_providers(app: App, domains: Collection[str]) -> KnownProviders:
    """Return what is known of domains. Nothing where the settings want no look-up."""
    if not _are_looked_up(app):
        return KnownProviders()
    async with app.database.read() as session:
        known = await stored.receivers(session, domains)
    return KnownProviders(
        families={domain: family for domain, family in known.items() if family},
        unasked=frozenset(domains) - set(known),
    )


async def request_look_up(app: App, domains: Collection[str]) -> None:
    """Have domains looked up soon, beside the sending."""
    if domains and _are_looked_up(app):
        async with app.database.begin() as session:
            await stored.add_receivers(session, domains, app.clock.now())


def _are_looked_up(app: App) -> bool:
    return app.settings.pacing.enabled and app.settings.pacing.look_up


async def are_due(app: App) -> bool:
    """Say whether a domain waits to be looked up."""
    if not _are_looked_up(app):
        return False
    async with app.database.begin() as session:
        return bool(await stored.due_receivers(session, app.clock.now(), 1))


async def look_up(app: App, names: "DnsNames | None" = None) -> int:
    """Ask the DNS for the mail servers of the domains that are due, and keep whose they are; returns how many
    answered.

    `names` is asked, the system's resolver if left out. What is known stays when there is no answer.
    """
    from digest.services.dns import DnsNames

    now = app.clock.now()
    async with app.database.begin() as session:
        due = await stored.due_receivers(session, now, AT_ONCE)
    asked = names or DnsNames(seconds=SECONDS)
    limit = asyncio.Semaphore(TOGETHER)

    async def one(domain: str) -> tuple[str, str | None]:
        async with limit:
            answer = await asked.mx(domain)
        return domain, None if answer.failed else family_of_server(answer.values)

    found = dict(await asyncio.gather(*(one(domain) for domain in due)))
    async with app.database.begin() as session:
        for domain in sorted(found):
            family = found[domain]
            wait = AGAIN_AFTER if family is None else KNOWN_FOR
            await stored.keep_receiver(session, domain, family, now + wait)
    answered = [domain for domain, family in found.items() if family is not None]
    log.info("receivers.looked_up", asked=len(found), answered=len(answered))
    return len(answered)


async def look_up_all(app: App, _row_id: int) -> bool:
    """Ask the DNS whose servers take the mail of the domains that are due; False: none was."""
    asked = False
    while await look_up(app):
        asked = True
    return asked
