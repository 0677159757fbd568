"""What two spam filters say of each layout, by their own rules and without a network."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.browser.mails import LAYOUTS, message

pytestmark = pytest.mark.spam

SPAMASSASSIN_MOST = 0.1
RSPAMD_MOST = 1.2
NETWORK = re.compile(
    r"^(?:HFILTER_|RCVD_|R_SPF|R_DKIM|DMARC|ARC_|ASN|RBL|DNSWL|SURBL|URIBL|DKIM|AUTH_|DBL|MID_RHS|FORGED_)"
)
"""Rspamd's symbols that need DNS or a real connection: they say nothing of the mail itself."""


def arrived(layout: str) -> bytes:
    """The layout's mail as a server has just received it."""
    now = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - a filter compares with the real clock
    trace = (
        "Received: from mail.mujaz.example (mail.mujaz.example [185.60.216.35]) by mx.reader.example with ESMTPS; "
        f"{format_datetime(now)}\r\n"
    )
    return trace.encode() + message(layout, now)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_spamassassin_finds_nothing(layout: str, tmp_path: Path):
    done = subprocess.run(
        ["spamassassin", "-t", "-L"],
        input=arrived(layout),
        capture_output=True,
        check=True,
        timeout=110,
    )
    report = done.stdout.decode("utf-8", "replace")
    status = re.search(r"X-Spam-Status:.*?score=(-?[\d.]+)", report, re.DOTALL)
    assert status is not None, report[:500]
    sys.stdout.write(f"spamassassin {layout}: {status[1]}" + "\n")
    assert float(status[1]) <= SPAMASSASSIN_MOST, report[-2000:]


@pytest.fixture(scope="module")
def rspamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A rspamd of this run's own on loopback; gives its port."""
    folder = tmp_path_factory.mktemp("rspamd")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = folder / "rspamd.conf"
    config.write_text(CONFIG.format(folder=folder, port=port), encoding="utf-8")
    process = subprocess.Popen(
        ["rspamd", "-c", str(config), "-f", "-i"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 100
        while time.monotonic() < deadline:
            assert process.poll() is None, (folder / "rspamd.log").read_text(errors="replace")[-2000:]
            done = subprocess.run(
                ["rspamc", "-h", f"127.0.0.1:{port}", "symbols"],
                input=arrived("daily"),
                capture_output=True,
                check=False,
            )
            if b"Score:" in done.stdout:
                break
            time.sleep(1)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


CONFIG = """
.include "/etc/rspamd/common.conf"
options {{ pidfile = "{folder}/rspamd.pid"; dns {{ nameserver = ["127.0.0.1:9"]; timeout = 0.1s; retransmits = 1; }} }}
logging {{ type = "file"; filename = "{folder}/rspamd.log"; level = "warning"; }}
worker "normal" {{ bind_socket = "127.0.0.1:{port}"; count = 1; }}
"""


@pytest.mark.parametrize("layout", LAYOUTS)
def test_rspamd_finds_next_to_nothing(rspamd: int, layout: str):
    done = subprocess.run(
        ["rspamc", "-h", f"127.0.0.1:{rspamd}", "symbols"],
        input=arrived(layout),
        capture_output=True,
        check=True,
        timeout=60,
    )
    report = done.stdout.decode("utf-8", "replace")
    symbols = re.findall(r"^Symbol: ([A-Z0-9_]+) \((-?[\d.]+)\)", report, re.MULTILINE)
    assert symbols, report
    own = {name: float(score) for name, score in symbols if not NETWORK.match(name)}
    total = sum(own.values())
    sys.stdout.write(
        f"rspamd {layout}: {total:.2f} { ({name: score for name, score in own.items() if score}) }" + "\n"
    )
    assert total <= RSPAMD_MOST, report
