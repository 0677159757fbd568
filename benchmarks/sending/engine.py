"""The engine for many machines: some workers that send one edition from one PostgreSQL.

    python benchmarks/sending/engine.py URL PORT RECIPIENTS WORKERS CONNECTIONS GATE

The jobs are enqueued in the transaction that freezes the edition; the clock runs from the moment at which all workers have
started until the edition is finished. Prints JSON as whole.py does.
"""

import asyncio
import json
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import scene

from digest.bootstrap import configure_logging, opened
from digest.runtime.distributed import ProcrastinateQueue
from digest.settings import Settings

LOOK_SECONDS = 0.01
LONGEST_SECONDS = 900


async def work(chosen: Settings) -> None:
    """Be a worker: say that all is ready, wait for a line, work until told to stop."""
    configure_logging(chosen.run)
    async with ProcrastinateQueue(chosen.database.url) as queue, opened(chosen, queue=queue) as app:
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        work = asyncio.create_task(queue.work(app))
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, work.cancel)
        with suppress(asyncio.CancelledError):
            await work


def finished(url: str) -> float:
    """Wait until the edition is finished; returns the time. Workers may make editions of their own, with nothing in them."""
    given_up = time.perf_counter() + LONGEST_SECONDS
    with psycopg.connect(url, autocommit=True) as connection:
        while time.perf_counter() < given_up:
            found = connection.execute("SELECT state FROM edition WHERE planned > 0").fetchone()
            if found == ("finished",):
                return time.perf_counter()
            time.sleep(LOOK_SECONDS)
    raise SystemExit("The edition was not finished in time.")


def measured(url: str, port: str, readers: str, workers: str, *more: str) -> dict[str, Any]:
    """Measure one send by some workers; `more` is how many connections, and the gate."""
    place = Path(__file__)
    made = [sys.executable, str(place.with_name("scene.py")), url, port, readers, *more]
    subprocess.run([*made, "procrastinate"], check=True, stdout=subprocess.PIPE)
    command = [sys.executable, str(place), "work", url, port, *more]
    crew = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(int(workers))
    ]
    try:
        for one in crew:
            assert one.stdout
            assert one.stdout.readline() == "ready\n"
        begun = time.perf_counter()
        for one in crew:
            assert one.stdin
            one.stdin.write("\n")
            one.stdin.flush()
        seconds = finished(url) - begun
    finally:
        for one in crew:
            one.terminate()
        for one in crew:
            one.wait()
    with psycopg.connect(url) as connection:
        sent = connection.execute("SELECT count(*) FROM delivery WHERE status = 'sent'").fetchone()
    assert sent == (int(readers),), sent
    return {"seconds": seconds, "messages": int(readers)}


def main() -> None:
    if sys.argv[1] == "work":
        _, _, url, port, connections, gate = sys.argv
        asyncio.run(work(scene.settings(url, int(port), int(connections), int(gate))))
        return
    print(json.dumps(measured(*sys.argv[1:])))


if __name__ == "__main__":
    main()
