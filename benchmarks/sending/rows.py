"""What `benchmarks/send.py` measures: the rows of each group, each in a process of its own."""

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from digest.settings import RunSettings
from sending import tools

HERE = Path(__file__).resolve().parent
SIZE = 60_000
CONNECTIONS = 5
GATE = 64
GROUPS = ("transport", "latency", "tls", "whole", "extras", "engine", "machines", "peers", "dkim", "memory")
SLOW = frozenset({"latency", "machines"})
"""Groups whose server answers after 10 ms."""
ON_POSTGRESQL = frozenset({"whole", "engine", "machines"})
PEERS = ("smtplib-loop", "aiosmtplib-naive", "fastapi-mail", "post-office", "newsletter")
Found = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to measure: `run` takes the sink's port. `limit`: the others of its group are compared with
    it.
    """

    group: str
    name: str
    run: Callable[[int], Found]
    limit: bool = False


@dataclass(frozen=True, slots=True)
class Bench:
    """What was asked for and what is here."""

    recipients: int
    source: str | None
    peers: str | None
    postgresql: str | None

    def rows(self, group: str) -> Iterator[Row]:
        """The rows of one group, the limit first where it is here."""
        counts = {"transport": self.recipients, "latency": max(200, self.recipients // 20)}
        if self.source and group in {"transport", "latency", "whole", "peers"}:
            run = self._source(counts.get(group, self.recipients))
            yield Row(group, "smtp-source, 5 sessions", run, limit=True)
        makers = {
            "transport": self._transport,
            "latency": self._latency,
            "whole": self._whole,
            "extras": self._extras,
            "engine": self._engine,
            "machines": self._machines,
            "peers": self._peers,
            "memory": self._memory,
        }
        if group in makers:
            yield from makers[group]()

    def _transport(self) -> Iterator[Row]:
        uvloop = find_spec("uvloop") is not None
        if not uvloop:
            tools.say("MISSING: uvloop. Its rows are left out.")
        few = max(200, self.recipients // 20)
        for name, count in (
            ("smtplib", self.recipients // 4),
            ("aiosmtplib", few),
            ("plain", self.recipients // 4),
            ("pipelined", self.recipients),
            ("bdat", self.recipients),
            *((("pipelined+uvloop", self.recipients), ("bdat+uvloop", self.recipients)) if uvloop else ()),
        ):
            yield Row("transport", name, self._client(name, count))

    def _latency(self) -> Iterator[Row]:
        for name in ("aiosmtplib", "pipelined"):
            yield Row("latency", name, self._client(name, max(200, self.recipients // 10)))

    def _whole(self) -> Iterator[Row]:
        fast = ("base64+uvloop", "8bit+uvloop") if find_spec("uvloop") else ()
        for form in ("base64", "8bit", "bdat", *fast):
            yield Row("whole", f"SQLite, {form}, gate {GATE}", self._job("sqlite", form))
        if self.postgresql:
            for form in ("base64", "8bit"):
                yield Row("whole", f"PostgreSQL, {form}, gate {GATE}", self._job("postgresql", form))

    def _extras(self) -> Iterator[Row]:
        """What may be switched on besides: the same send, whose server takes every mail."""
        for name, form in (
            ("nothing besides", "8bit"),
            ("a webhook of all events", "8bit+webhook"),
            ("links that are counted", "8bit+clicks"),
        ):
            yield Row("extras", f"SQLite, {name}", self._job("sqlite", form), limit=form == "8bit")

    def _engine(self) -> Iterator[Row]:
        if self.postgresql:
            yield Row("engine", "PostgreSQL, embedded, 8bit", self._job("postgresql", "8bit"), limit=True)
            yield Row("engine", "one worker, 8bit", self._workers(1, self.recipients))

    def _machines(self) -> Iterator[Row]:
        if self.postgresql:
            # Batches that two and three workers can share alike, and many, so that the start of the processes
            # counts little.
            recipients = max(1, self.recipients // 4000) * 6 * RunSettings().batch_size
            for count in (1, 2, 3):
                name = f"workers: {count}, a server that answers after 10 ms"
                yield Row("machines", name, self._workers(count, recipients), limit=count == 1)

    def _peers(self) -> Iterator[Row]:
        yield Row("peers", "Mujaz, all recorded, SQLite, 8bit", self._job("sqlite", "8bit"))
        if self.peers is None:
            tools.say(
                "MISSING: the peers. Make a virtual environment with benchmarks/requirements-send.txt and name its"
                " python by --peers. Their rows are left out."
            )
            return
        for name in PEERS:
            yield Row("peers", name, self._peer(name, max(50, self.recipients // 100)))

    def _client(self, name: str, count: int, *more: str) -> Callable[[int], Found]:
        def run(port: int) -> Found:
            return child(
                sys.executable,
                "transport.py",
                name,
                str(port),
                str(count),
                str(SIZE),
                str(CONNECTIONS),
                *more,
            )

        return run

    def _source(self, count: int) -> Callable[[int], Found]:
        def run(port: int) -> Found:
            assert self.source
            command = [self.source, "-s", str(CONNECTIONS), "-m", str(count), "-l", str(SIZE)]
            addresses = [
                "-f",
                "b+1.1@bounces.mujaz.example",
                "-t",
                "reader@mujaz.example",
                f"127.0.0.1:{port}",
            ]
            begun = time.perf_counter()
            subprocess.run([*command, *addresses], check=True, stdout=subprocess.DEVNULL)
            return {"seconds": time.perf_counter() - begun, "messages": count}

        return run

    def _job(self, kind: str, form: str, recipients: int | None = None) -> Callable[[int], Found]:
        def run(port: int) -> Found:
            with tempfile.TemporaryDirectory() as folder, database(kind, folder, self.postgresql) as url:
                count = str(recipients or self.recipients)
                return child(
                    sys.executable, "whole.py", url, str(port), count, form, str(CONNECTIONS), str(GATE)
                )

        return run

    def _workers(self, workers: int, recipients: int) -> Callable[[int], Found]:
        def run(port: int) -> Found:
            with database("postgresql", "", self.postgresql) as url:
                numbers = (port, recipients, workers, CONNECTIONS, GATE)
                return child(sys.executable, "engine.py", url, *(str(one) for one in numbers))

        return run

    def _peer(self, name: str, count: int) -> Callable[[int], Found]:
        return lambda port: child(str(self.peers), "peers.py", name, str(port), str(count), str(SIZE))

    def _memory(self) -> Iterator[Row]:
        few = self.recipients // 2
        for count in (few, 100 * few):
            name = f"{count} recipients, SQLite, 8bit"
            yield Row("memory", name, self._job("sqlite", "8bit", count), limit=count == few)


class RowFailedError(Exception):
    """A measurement ended with an error."""


def child(python: str, script: str, *arguments: str) -> Found:
    """Run one measurement in a process of its own; its last line is JSON."""
    done = subprocess.run(
        [python, str(HERE / script), *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RowFailedError(f"{script} {' '.join(arguments)}:\n{done.stderr[-3000:]}")
    found: Found = json.loads(done.stdout.strip().splitlines()[-1])
    return found


@contextmanager
def database(kind: str, folder: str, server: str | None) -> Iterator[str]:
    """The URL of an empty database."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/bench.db"
        return
    import psycopg

    assert server
    name = f"bench_{time.time_ns()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
    yield re.sub(r"(postgresql://[^/]*/)[^?]*", rf"\g<1>{name}", server)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]
