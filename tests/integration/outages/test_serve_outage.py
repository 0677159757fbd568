"""`digest serve` while its PostgreSQL is away: it lives, says so, tries again and again without growing, and goes on."""

import asyncio
import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from digest.clock import FixedClock
from digest.errors import TemporaryStoreError
from digest.runtime.distributed import apply_schema
from digest.services.editions import publish
from digest.storage.database import outage
from digest.storage.database.engine import Database
from tests.acceptance.test_serve import free_port
from tests.fakes_delivery import FakeMailer, an_app, keep_an_edition
from tests.integration.outages.test_outages import ROOT, SMALL, Server, server  # noqa: F401 (a fixture)
from tests.red.place import memory, status

TRIES = 60
"""Retries within the outage: as many as an hour has minutes."""


@contextmanager
def an_operator() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A webhook of an operator; what it was told."""
    told: list[dict[str, Any]] = []

    class Hears(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            del format, args

    hook = HTTPServer(("127.0.0.1", 0), Hears)
    thread = threading.Thread(target=hook.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{hook.server_port}/told", told
    hook.shutdown()
    hook.server_close()


def descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def threads(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


async def waits_for_a_worker_that_is_not_there(url: str) -> None:
    """Keep an edition that should have been sent since twenty minutes."""
    database = Database(url, connect_seconds=2)
    now = datetime.now(UTC)  # noqa: TID251 - the process's own clock
    edition = await keep_an_edition(database, 5, edition={"send_deadline": now + timedelta(hours=1)})
    app = an_app(database, FakeMailer(), FixedClock(now - timedelta(minutes=20)), SMALL)
    await publish.start(app, edition)
    await database.close()


async def until(holds: Any, seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not await asyncio.to_thread(holds):  # noqa: ASYNC110 (another process changes)
            await asyncio.sleep(0.1)


@pytest.mark.timeout(240)
async def test_pages_live_through_an_outage_say_so_and_an_edition_that_nobody_sends_is_told_of(
    server: Server,  # noqa: F811
    tmp_path: Path,
) -> None:
    database = Database(server.url, connect_seconds=2)
    await database.upgrade()
    await asyncio.to_thread(apply_schema, server.url)
    await database.close()
    web = f"http://127.0.0.1:{(port := free_port())}"
    with an_operator() as (hook, told):
        settings = {
            "DATABASE__URL": server.url,
            "DATABASE__CONNECT_SECONDS": "1",
            "RUN__ENGINE": "procrastinate",
            "RUN__TICK_SECONDS": "1",
            "RUN__LOG_FORMAT": "json",
            "WEB__PORT": str(port),
            "ALARM__WEBHOOK": hook,
            "ALARM__STALLED_MINUTES": "10",
            "COLLECT__ALLOW_HOSTS": json.dumps([hook.split("/")[2]]),
        }
        serve = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "digest", "serve",
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), **{f"DIGEST_{name}": one for name, one in settings.items()}},
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        heard = asyncio.create_task(serve.stderr.read())  # type: ignore[union-attr]
        try:
            await until(lambda: status(f"{web}/ready") == 200)
            await asyncio.to_thread(server.stops, signal.SIGINT)
            await until(lambda: status(f"{web}/ready") == 503, 30)
            before = memory(serve.pid), descriptors(serve.pid), threads(serve.pid)
            for _ in range(TRIES):
                assert await asyncio.to_thread(status, f"{web}/l/daily/1") == 503
            # The process answers, and soon: that its database does not is what it says.
            assert await asyncio.to_thread(status, f"{web}/healthz", None, None, 10) == 503
            assert await asyncio.to_thread(status, f"{web}/ready", None, None, 10) == 503
            assert await asyncio.to_thread(status, f"{web}/nowhere", None, None, 10) == 404
            after = memory(serve.pid), descriptors(serve.pid), threads(serve.pid)
            assert serve.returncode is None
            assert after[0] - before[0] < 20
            assert after[1] - before[1] < 10
            assert after[2] - before[2] < 10
            await asyncio.to_thread(server.starts)
            await until(lambda: status(f"{web}/ready") == 200, 30)
            await waits_for_a_worker_that_is_not_there(server.url)
            await until(lambda: any(one["kind"] == "stalled" for one in told), 100)
        finally:
            serve.send_signal(signal.SIGTERM)
            log = await asyncio.wait_for(heard, 60)
            await serve.wait()
    events = [json.loads(line) for line in log.decode().splitlines()]
    assert len([one for one in events if one["event"] == "database.away"]) == 1, events
    assert len([one for one in events if one["event"] == "database.back"]) == 1
    assert not [one for one in events if "Traceback" in one.get("exception", "")]


def test_an_outage_of_an_hour_is_a_line_a_minute(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seconds, said = 0.0, list[dict[str, Any]]()

    class Log:
        def error(self, event: str, **about: object) -> None:
            said.append({"event": event, **about})

        warning = error

    monkeypatch.setattr(outage, "log", Log())
    monkeypatch.setattr(outage.time, "monotonic", lambda: seconds)
    away = outage.Outage()
    for tick in range(3_600 * 4):
        seconds = tick / 4
        away.failed(TemporaryStoreError("the server is away"))
    assert [one["seconds"] for one in said] == list(range(0, 3_600, 60))
    assert away.seconds() == pytest.approx(3_600, abs=1)
    away.over()
    away.over()
    assert (said[-1]["event"], len(said)) == ("database.back", 61)
    assert away.seconds() == 0
    assert capsys.readouterr().err == ""
