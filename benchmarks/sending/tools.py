"""Sinks to send to, and the C program to be compared with."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("MUJAZ_SHARED", HERE.parents[2] / "shared"))


def say(text: str) -> None:
    """Tell the person at the terminal; stdout is for the table."""
    print(text, file=sys.stderr, flush=True)


def fast_sink() -> list[str] | None:
    """Compile the sink written in C; None, and a loud word, when that cannot be."""
    source = SHARED / "tools" / "fastsink.c"
    if not source.is_file():
        say(
            f"MISSING: {source}. Set MUJAZ_SHARED. Our own sink in Python is used: the sink, not the sender, is the wall."
        )
        return None
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        say(
            "MISSING: a C compiler (gcc). Our own sink in Python is used: the sink, not the sender, is the wall."
        )
        return None
    made = Path(tempfile.mkdtemp(prefix="sink")) / "fastsink"
    subprocess.run([compiler, "-O2", "-w", "-o", made, source], check=True)
    return [str(made)]


def smtp_source(named: str | None) -> str | None:
    """Find Postfix's smtp-source; None, and a loud word, when it is not here."""
    for candidate in (
        named,
        shutil.which("smtp-source"),
        "/usr/sbin/smtp-source",
        "/usr/lib/postfix/sbin/smtp-source",
    ):
        if candidate and Path(candidate).is_file():
            return candidate
    say(
        "MISSING: smtp-source of Debian's postfix package (or name it by --smtp-source). There is nothing to compare with."
    )
    return None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def sink(fast: list[str] | None, *options: str) -> Iterator[int]:
    """Run a sink on a free port; gives the port."""
    port = free_port()
    command = [*fast, "-p", str(port)] if fast else [sys.executable, str(HERE / "sink.py"), "-p", str(port)]
    process = subprocess.Popen([*command, *options], stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.02)
        yield port
    finally:
        process.terminate()
        process.wait()
