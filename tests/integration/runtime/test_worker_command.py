"""`digest worker` as a process: it shows its figures, and stops when told."""

import asyncio
import os
import signal
import socket
import sys
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_a_worker_shows_its_figures_and_stops_when_told(url: str, tmp_path: Path) -> None:
    ports = {"setting": free_port(), "option": free_port()}
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "DIGEST_DATABASE__URL": url,
        "DIGEST_RUN__WORKER_METRICS_PORT": str(ports["setting"]),
    }
    workers = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "digest", "worker", *options,
            cwd=tmp_path, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )
        for options in ((), ("--metrics-port", str(ports["option"])))
    ]  # fmt: skip
    try:
        for worker, port in zip(workers, ports.values(), strict=True):
            lines = [await asyncio.wait_for(worker.stdout.readline(), 60) for _ in range(2)]  # type: ignore[union-attr]
            assert lines[0].decode() == f"Figures for Prometheus: http://127.0.0.1:{port}/metrics\n"
            answer = await asyncio.to_thread(_read, f"http://127.0.0.1:{port}/metrics")
            assert 'mujaz_due{kind="batches"} 0.0' in answer
    finally:
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        ends = [await asyncio.wait_for(worker.communicate(), 30) for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0], ends


def _read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=20) as answer:
        return str(answer.read().decode())
