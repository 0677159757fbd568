"""`digest serve`, with every door that the settings open."""

import os
import smtplib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.acceptance.conftest import ROOT


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as sock:
        return int(sock.getsockname()[1])


@pytest.fixture
def ports() -> dict[str, int]:
    return {"web": free_port(), "bounces": free_port(), "metrics": free_port()}


@pytest.fixture
def server(tmp_path: Path, ports: dict[str, int]) -> Iterator["subprocess.Popen[str]"]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DIGEST_")}
    settings = {
        "DIGEST_WEB__PORT": str(ports["web"]),
        "DIGEST_BOUNCES__LISTEN_PORT": str(ports["bounces"]),
        "DIGEST_RUN__METRICS_PORT": str(ports["metrics"]),
        "DIGEST_COLLECT__INGEST_KEY": "the key",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "digest", "serve"],
        cwd=tmp_path,
        env={**kept, **settings, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def answer(url: str, body: bytes | None = None) -> tuple[int, str]:
    """Ask until somebody listens."""
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, body, timeout=10) as found:
                return found.status, found.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"nobody answers {url}")


def test_pages_programs_bounces_and_figures_are_answered_until_it_is_stopped(
    server: "subprocess.Popen[str]", ports: dict[str, int]
):
    web = f"http://127.0.0.1:{ports['web']}"
    assert answer(f"{web}/healthz") == (200, "ok\n")
    assert answer(f"{web}/ingest", b"{}")[0] == 401
    assert answer(f"{web}/hooks/postmark", b"{}")[0] == 404
    assert "mujaz_due" in answer(f"http://127.0.0.1:{ports['metrics']}/metrics")[1]
    with smtplib.LMTP("127.0.0.1", ports["bounces"]) as client:
        client.ehlo_or_helo_if_needed()
        assert client.mail("")[0] == 250
        assert client.rcpt("b+1.1.0123456789abcdef@mujaz.example")[0] == 550
    server.terminate()
    with suppress(subprocess.TimeoutExpired):
        server.wait(15)
    assert server.poll() is not None, "it does not stop"
