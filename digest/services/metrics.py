"""Collect metrics of editions, sources and queues."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from digest.model.rows import row_id
from digest.services.app import App
from digest.services.sources.health import Health, health
from digest.storage.articles import sources
from digest.storage.audience import bounces, lists, subscribers
from digest.storage.editions import editions
from digest.storage.ledger import batches, deliveries
from digest.storage.ledger.deliveries import Balance

EDITIONS = 3
"""Of each list so many of the newest are watched."""
MANY = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionMetrics:
    """One edition's books."""

    list_slug: str
    number: int
    state: str
    books: Balance


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """Everything at one instant. `queues`: how many rows of each kind are due; `disabled`: addresses that are
    not mailed.
    """

    at: datetime
    editions: tuple[EditionMetrics, ...]
    sources: tuple[Health, ...]
    queues: Mapping[str, int]
    disabled: int
    bounces: Mapping[tuple[str, str], int]
    """Evidence that is kept, by event and weight."""

    @property
    def source_states(self) -> Mapping[str, int]:
        """How many sources are well, silent, failing and so on."""
        return Counter(one.state for one in self.sources)


async def collect_metrics(app: App) -> Metrics:
    """Return how everything stands now. Costs a few rows a list, a source and a batch."""
    now = app.clock.now()
    counted: list[EditionMetrics] = []
    async with app.database.begin() as session:
        for mailing_list in await lists.all_lists(session):
            for edition in await editions.latest(session, row_id(mailing_list), EDITIONS):
                books = await deliveries.balance(session, row_id(edition))
                counted.append(
                    EditionMetrics(
                        list_slug=mailing_list.slug,
                        number=edition.number,
                        state=edition.state.value,
                        books=books,
                    )
                )
        queues = {
            "batches": len(await batches.due_batches(session, now, MANY)),
            "notices": len(await subscribers.due_notices(session, now, MANY)),
            "sources": len(await sources.due(session, now, MANY)),
        }
        disabled = await bounces.disabled(session)
        kept = await bounces.totals(session)
    return Metrics(
        at=now,
        editions=tuple(counted),
        sources=tuple(await health(app)),
        queues=queues,
        disabled=disabled,
        bounces=kept,
    )
