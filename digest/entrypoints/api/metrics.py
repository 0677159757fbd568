"""`GET /metrics`: the figures in the form that Prometheus reads. On a port of its own, for this machine
alone.
"""

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector, CollectorRegistry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from digest.errors import StoreError
from digest.services.app import App
from digest.services.metrics import EditionMetrics, Metrics, collect_metrics
from digest.services.sources.health import Health


def metrics_site(app: App) -> Starlette:
    """Return what answers on `run.metrics_port`."""
    site = Starlette(routes=[Route("/metrics", metrics)])
    site.state.app = app
    return site


async def metrics(request: Request) -> Response:
    """Return the figures as they are now; 503 when the database does not answer."""
    try:
        found = await collect_metrics(request.app.state.app)
    except StoreError as error:
        return PlainTextResponse(f"{error}\n", 503)
    # A registry of its own for each answer: what is shown is read from the database, nothing is counted in
    # this process.
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Counted(found))
    return Response(generate_latest(registry), headers={"content-type": CONTENT_TYPE_LATEST})


class _Counted(Collector):
    """Hands the figures over."""

    def __init__(self, found: Metrics) -> None:
        self._found = found

    def collect(self) -> Iterator[Metric]:
        """Yield one family a figure."""
        found = self._found
        yield from _books(found.editions)
        yield from _sources(found.sources)
        states = GaugeMetricFamily("mujaz_sources", "Sources, by how they fare.", labels=["state"])
        for state, count in sorted(found.source_states.items()):
            states.add_metric([state], count)
        yield states
        queue = GaugeMetricFamily("mujaz_due", "Rows that wait for work, by kind.", labels=["kind"])
        for kind, count in found.queues.items():
            queue.add_metric([kind], count)
        yield queue
        yield GaugeMetricFamily(
            "mujaz_disabled_addresses", "Addresses that bounces or complaints stopped.", value=found.disabled
        )
        back = GaugeMetricFamily(
            "mujaz_bounce_events", "What came back and is kept as evidence.", labels=["event", "weight"]
        )
        for (event, weight), count in sorted(found.bounces.items()):
            back.add_metric([event, weight], count)
        yield back


def _books(editions: tuple[EditionMetrics, ...]) -> Iterator[Metric]:
    books = GaugeMetricFamily(
        "mujaz_edition_recipients",
        "Recipients of a list's newest editions, by what became of them.",
        labels=["list", "edition", "status"],
    )
    states = GaugeMetricFamily(
        "mujaz_edition_state",
        "1 for the state that an edition is in.",
        labels=["list", "edition", "state"],
    )
    for one in editions:
        named = [one.list_slug, str(one.number)]
        for status, count in (
            ("waiting", one.books.waiting),
            ("sent", one.books.sent),
            ("bounced", one.books.bounced),
            ("failed", one.books.failed),
            ("skipped", sum(one.books.skipped.values())),
            ("in_doubt", one.books.in_doubt),
        ):
            books.add_metric([*named, status], count)
        states.add_metric([*named, one.state], 1)
    yield books
    yield states


def _sources(sources: tuple[Health, ...]) -> Iterator[Metric]:
    failures = GaugeMetricFamily(
        "mujaz_source_failures", "Visits of a source that failed in a row.", labels=["source"]
    )
    success = GaugeMetricFamily(
        "mujaz_source_last_success_timestamp_seconds", "When a source was last read.", labels=["source"]
    )
    rhythm = GaugeMetricFamily(
        "mujaz_source_items_a_day", "Articles that a source brings a day.", labels=["source"]
    )
    for one in sources:
        named = [one.source.name or one.source.location]
        failures.add_metric(named, one.source.failures)
        if one.source.last_success_at is not None:
            success.add_metric(named, one.source.last_success_at.timestamp())
        if one.source.items_a_day is not None:
            rhythm.add_metric(named, one.source.items_a_day)
    yield failures
    yield success
    yield rhythm
