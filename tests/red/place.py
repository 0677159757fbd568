"""A place where the real commands run as processes: a folder, settings, a mail server, an outlet, and a watch over time."""

import asyncio
import os
import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.acceptance.conftest import ROOT
from tests.acceptance.forking import ForkServer
from tests.acceptance.test_serve import free_port

NEWS = tuple(
    (title, f"<p>{text}</p><p>{more}</p>")
    for title, text, more in (
        ("بلدية الواحة تفتح حديقة على ضفة النهر", "افتتحت بلدية الواحة صباح اليوم حديقة على ضفة النهر بمساحة ثلاثين ألف متر.", "وتضم الحديقة ملاعب للصغار ومسارا للدراجات طوله أربعة كيلومترات."),
        ("وزارة النقل تعلن خطا جديدا للقطارات", "أعلنت وزارة النقل خطا جديدا للقطارات يربط المرفأ بالعاصمة في تسعين دقيقة.", "وقالت الوزارة إن الخط سيعمل من بداية الخريف بعد تجارب تدوم شهرين."),
        ("نسور الساحل يتأهل إلى نهائي الكأس", "تأهل فريق نسور الساحل إلى نهائي الكأس بعد فوزه بثلاثة أهداف على ضيفه.", "وتقام المباراة النهائية مساء الجمعة على ملعب العاصمة."),
        ("باحثون يطورون بطارية من الملح", "طور باحثون في جامعة الجبل بطارية من الملح تدوم عشر سنوات بلا صيانة.", "ويقول الفريق إن كلفتها نصف كلفة البطاريات المعروفة."),
    )
)  # fmt: skip


def an_item(title: str, text: str, link: str = "https://outlet.example/1", more: str = "") -> str:
    """One item of a feed; what it is given is written as it is, in CDATA."""
    return (
        f"<item><title><![CDATA[{title}]]></title><link><![CDATA[{link}]]></link>"
        f"<description><![CDATA[{text}]]></description>{more}</item>"
    )


def a_feed(*items: str, title: str = "صحيفة الضفة") -> bytes:
    """A feed of these items, or of honest news."""
    news = [an_item(head, text, f"https://outlet.example/{n}") for n, (head, text) in enumerate(NEWS)]
    return (
        f"<rss version='2.0'><channel><title>{title}</title>{''.join(items or news)}</channel></rss>".encode()
    )


class Receiver(Controller):
    """A real mail server on this machine that keeps who got what, slowly if need be, and refuses whom it is told to."""

    def __init__(self, *, seconds: float = 0.0, refuses: Callable[[str], str | None] | None = None) -> None:
        self.seconds, self.refuses = seconds, refuses or (lambda _: None)
        self.letters: list[tuple[float, str, bytes]] = []
        self.most: int | None = None
        """Letters after which it keeps its clients waiting; None: never."""
        super().__init__(self, hostname="127.0.0.1", port=free_port(), decode_data=False)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, or refuse."""
        del server, session, options
        if said := self.refuses(address):
            return said
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 yes"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the letter."""
        del session
        while self.most is not None and len(self.letters) >= self.most:  # noqa: ASYNC110 (another thread sets it)
            await asyncio.sleep(0.02)
        await asyncio.sleep(self.seconds)
        assert isinstance(envelope.content, bytes)
        for address in envelope.rcpt_tos:
            self.letters.append((time.monotonic(), address, envelope.content))
        return "250 2.0.0 kept"

    def counts(self) -> Counter[str]:
        """Letters by recipient."""
        return Counter(address for _, address, _ in list(self.letters))


class Outlet:
    """A news site on this machine: bodies by path, for any number of visitors."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self.bodies: dict[str, tuple[str, bytes]] = {}
        self.asked: list[str] = []
        outlet = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outlet.asked.append(self.path)
                kind, body = outlet.bodies.get(self.path, ("text/plain", b""))
                with suppress(OSError):
                    self.send_response(200 if self.path in outlet.bodies else 404)
                    self.send_header("Content-Type", kind)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                del format, args

        self._server = ThreadingHTTPServer((host, port), Answers)
        self.host = f"{host}:{self._server.server_address[1]}"
        self.port = int(self._server.server_address[1])

    def publishes(self, path: str, body: bytes, kind: str = "application/rss+xml") -> str:
        """Answer a path; returns its address."""
        self.bodies[path] = (kind, body)
        return f"http://{self.host}{path}"

    def __enter__(self) -> Self:
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True
        ).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class Watch:
    """Asks a process whether it lives, all the time, and keeps the longest time in which it could have answered and did not.

    What a busy machine took is left out: the time in which threads of the process, or the one that asks, waited for a
    processor, as Linux counts it (/proc/PID/task/*/schedstat).
    """

    def __init__(self, url: str, pid: int) -> None:
        self._url, self._pid, self.longest, self.answers = url, pid, 0.0, 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)

    def _ask(self) -> None:
        while not self._over.is_set():
            begun, held_up = time.monotonic(), self._held_up()
            with suppress(OSError), urllib.request.urlopen(self._url, timeout=90) as answer:
                self.answers += answer.status == 200
            waited = time.monotonic() - begun
            self.longest = max(self.longest, waited - (self._held_up() - held_up))
            self._over.wait(0.05)

    def _held_up(self) -> float:
        own = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        found = 0
        for one in (own, *Path(f"/proc/{self._pid}/task").glob("*/schedstat")):
            with suppress(OSError):
                found += int(one.read_text(encoding="ascii").split()[1])
        return found / 1e9

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join(100)


@dataclass
class Place:
    """A folder in which `digest` runs. `settings` are environment variables, without their `DIGEST_`."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    fork_server: ForkServer | None = None
    """What commands that end by themselves are forked from; others are started cold."""

    def __post_init__(self) -> None:
        self.settings = {
            "WEB__PORT": str(self.port),
            "MAIL__TLS": "none",
            "MAIL__HOST": "127.0.0.1",
            "MAIL__INLINER": "css-inline",
            "RUN__TICK_SECONDS": "1",
            **self.settings,
        }

    @property
    def web(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self.port}"

    def _environment(self, more: dict[str, str]) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DIGEST_")}
        own = {f"DIGEST_{name}": value for name, value in {**self.settings, **more}.items()}
        return {**kept, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", **own}

    def digest(
        self, *words: str, stdin: bytes | None = None, seconds: float = 200, **more: str
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        assert self.fork_server is not None
        done = self.fork_server.run(words, self.folder, self._environment(more), stdin, seconds)
        assert "Traceback" not in done.stderr, done.stderr[-1500:]
        return done

    def starts(self, *words: str, limit: str = "", **more: str) -> "subprocess.Popen[bytes]":
        """Start a command and let it run; what it prints goes to `log` in its folder."""
        command = [sys.executable, "-m", "digest", *words]
        if limit:
            command = ["bash", "-c", f'ulimit {limit}; exec "$@"', "bash", *command]
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                command,
                cwd=self.folder,
                env=self._environment(more),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )

    @property
    def log(self) -> str:
        """What the started commands have printed."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    @contextmanager
    def serving(self, *, limit: str = "", **more: str) -> Iterator["subprocess.Popen[bytes]"]:
        """`digest serve` while the block lasts. SIGTERM must end it within half a minute, without a traceback in its log."""
        process = self.starts("serve", limit=limit, **more)
        try:
            wait_until(lambda: status(f"{self.web}/healthz") == 200, 200)
            yield process
            process.terminate()
            process.wait(30)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        assert "Traceback" not in self.log, self.log[-1500:]

    def readers(self, count: int, domain: str = "mujaz.example") -> list[str]:
        """Let so many people be subscribed; returns their addresses."""
        made = [f"reader{n}@{domain}" for n in range(count)]
        done = self.digest("subscribers", "import", "-", stdin=("email\n" + "\n".join(made) + "\n").encode())
        assert done.returncode == 0, done.stderr
        return made

    def file(self, name: str, content: bytes) -> str:
        """Write a file into the folder; returns its path."""
        (self.folder / name).write_bytes(content)
        return str(self.folder / name)


def status(
    url: str, body: bytes | None = None, headers: dict[str, str] | None = None, seconds: float = 60
) -> int:
    """The status of an answer; 0 when there is none."""
    try:
        asked = urllib.request.Request(url, body, headers or {})
        with urllib.request.urlopen(asked, timeout=seconds) as answer:
            answer.read()
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return 0


def wait_until(holds: Callable[[], Any], seconds: float) -> None:
    """Wait for something to hold. Fails when it does not in time."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, f"not within {seconds} seconds"
        time.sleep(0.05)


def memory(pid: int, what: str = "VmRSS") -> int:
    """Megabytes that a process holds (VmRSS) or held at most (VmHWM)."""
    found = re.search(rf"{what}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    assert found is not None
    return int(found[1]) // 1024
