"""What a stranger sends to a running `digest serve` costs it no second: it answers all the time, and ends when it is told to."""

import json
import os
import smtplib
import sqlite3
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from digest.deliver.return_path import return_path
from tests.acceptance.test_serve import free_port
from tests.red.place import NEWS, Outlet, Place, Watch, a_feed, an_item, memory, status, wait_until

pytestmark = pytest.mark.timeout(400)
LONGEST = 1.0
"""Seconds in which a health check has its answer, whatever is read meanwhile."""

FEEDS: dict[str, Callable[[], bytes]] = {
    "an open tag and blanks": lambda: a_feed(an_item("عنوان طويل", "<b><" + " " * 60_000 + "x")),
    "blanks in a title": lambda: a_feed(an_item("خبر <" + "\t " * 30_000, NEWS[0][1])),
    "quotes that never close": lambda: a_feed(an_item("عنوان طويل", '<p title="' + "'\" " * 100_000)),
    "comments within comments": lambda: a_feed(an_item("عنوان طويل", "<!--<!-" * 150_000)),
    "dots and letters": lambda: a_feed(an_item("عنوان طويل", "<p>" + "ا." * 400_000 + "</p>")),
    "nested lists": lambda: a_feed(an_item("عنوان طويل", "<ul><li>" * 100_000)),
    "one address without an end": lambda: a_feed(
        an_item("عنوان", "نص", "https://a.example/" + "%41/" * 200_000)
    ),
}
TITLES = "".join(f"<h3><a href=/n/{n}>خبر عن المدينة رقم {n}</a></h3>" for n in range(3))


def heard(place: Place) -> bool:
    """Whether every source was visited."""
    with closing(sqlite3.connect(place.folder / "subscribers.db")) as database:
        return not database.execute(
            "SELECT 1 FROM source WHERE NOT EXISTS (SELECT 1 FROM source_event e WHERE e.source_id = source.id)"
            " AND last_success_at IS NULL AND failures = 0"
        ).fetchone()


@contextmanager
def watched(place: Place, **more: str) -> Iterator[tuple[Watch, int]]:
    """Serve, and watch that it answers. Fails when it was silent for longer than it may be."""
    with place.serving(**more) as process, Watch(f"{place.web}/healthz", process.pid) as watch:
        yield watch, process.pid
    assert watch.longest < LONGEST, f"{watch.longest:.1f} s without an answer"
    assert watch.answers > 3


@pytest.mark.red("feed-blanks")
def test_no_feed_keeps_the_pages_waiting(place: Place, outlet: Outlet):
    bad = [outlet.publishes(f"/bad/{n}", body()) for n, body in enumerate(FEEDS.values())]
    good = outlet.publishes("/good", a_feed())
    lines = "".join(f'<outline text="x{n}" xmlUrl="{one}"/>' for n, one in enumerate([*bad, good]))
    outlines = place.file("all.opml", f"<opml><body>{lines}</body></opml>".encode())
    added = place.digest("sources", "import", outlines)
    assert added.returncode == 0, added.stderr
    with watched(place):
        wait_until(lambda: heard(place), 200)
    with closing(sqlite3.connect(place.folder / "subscribers.db")) as database:
        assert database.execute("SELECT count(*) FROM source").fetchone() == (len(FEEDS) + 1,)
        query = "SELECT count(*) FROM article WHERE url LIKE 'https://outlet.example/%'"
        assert database.execute(query).fetchone()[0] >= len(NEWS)


@pytest.mark.red("listing-quadratic")
def test_no_page_of_links_keeps_the_pages_waiting(place: Place, outlet: Outlet):
    page = outlet.publishes("/news", f"<html><body>{TITLES}</body></html>".encode(), "text/html")
    added = place.digest("sources", "add", page, "--selector", "h3 a", "--yes")
    assert added.returncode == 0, added.stderr
    outlet.publishes("/news", b"<h3><a href=/x>y</a></h3>" * 180_000, "text/html")
    with watched(place):
        wait_until(lambda: heard(place), 120)


@pytest.mark.red("feed-blanks")
def test_nothing_that_is_handed_in_keeps_the_pages_waiting(place: Place):
    assert place.digest("sources", "add", "ingest:desk", "--yes").returncode == 0
    place.settings["COLLECT__INGEST_KEY"] = "a key of the desk"
    handed = {"title": "خبر من المكتب", "url": "https://desk.example/1", "text": "<i><" + " " * 200_000 + "x"}
    body = json.dumps({"source": "desk", "articles": [handed]}).encode()
    head = {"Authorization": "Bearer a key of the desk", "Content-Type": "application/json"}
    with watched(place):
        assert status(f"{place.web}/ingest", body, head) in {200, 202, 400, 413, 422}


def a_return_path(place: Place) -> str:
    """The return path of somebody's letter, as it stands in the letter."""
    with closing(sqlite3.connect(place.folder / "subscribers.db")) as database:
        row = database.execute(
            "SELECT value FROM secret WHERE purpose = 'return-paths' AND retired_at IS NULL"
        ).fetchone()
    return return_path(1, 1, bytes.fromhex(row[0]), "mujaz.example")


def nested(depth: int, lines: int) -> bytes:
    """A mail of parts within parts."""
    parts = (f"Content-Type: multipart/mixed; boundary=in{n}\r\n\r\n--in{n}\r\n" for n in range(depth))
    return f"From: x@y.example\r\nSubject: back\r\n{''.join(parts)}\r\n".encode() + b"x\r\n" * lines


RETURNED = {
    "a recipient of many lines": b"To: "
    + b"\r\n ".join([b"q" * 990] * 1_900)
    + b"\r\nSubject: x\r\n\r\nx\r\n",
    "identifiers that never close": b"Message-ID: "
    + b"\r\n ".join([b"<" + b"@" * 900] * 1_500)
    + b"\r\n\r\nx\r\n",
    "parts within parts": nested(900, 200_000),
    "a diagnosis of blanks": b"Subject: x\r\nContent-Type: message/delivery-status\r\n\r\nDiagnostic-Code: smtp;"
    + b"\r\n ".join([b" " * 900] * 1_500)
    + b"\r\n\r\n",
}


@pytest.mark.red("returned-mail-to-header")
def test_no_returned_mail_keeps_the_pages_waiting(place: Place):
    place.readers(1)
    assert place.digest("run", "--source", place.file("feed.xml", a_feed())).returncode == 0
    place.settings["BOUNCES__LISTEN_PORT"] = str(port := free_port())
    back = a_return_path(place)
    with watched(place) as (watch, _):
        wait_until(lambda: listens(port), 60)
        for name, mail in RETURNED.items():
            with smtplib.LMTP("127.0.0.1", port, timeout=120) as client, suppress(smtplib.SMTPException):
                client.sendmail("x@y.example", [back], mail)
            assert watch.longest < LONGEST, name


def listens(port: int) -> bool:
    """Whether the bounce door is open."""
    with suppress(OSError), smtplib.LMTP("127.0.0.1", port, timeout=5):
        return True
    return False


@pytest.mark.red("robots-memory")
def test_robots_texts_of_many_hosts_cost_little_memory_and_no_waiting(place: Place, outlet: Outlet):
    rules = b"User-agent: *\n" + b"".join(b"Disallow: /%x*\n" % n for n in range(36_000))
    hosts = [f"127.0.7.{n}" for n in range(1, 41)]
    others = [Outlet(host, outlet.port) for host in hosts]
    items = [
        an_item(f"خبر رقم {n} من المدينة", "نص", f"http://{one.host}/page") for n, one in enumerate(others)
    ]
    bad = outlet.publishes("/bad", a_feed())
    assert place.digest("sources", "add", bad, "--yes").returncode == 0
    outlet.publishes("/bad", a_feed(*items))
    allowed = json.dumps([outlet.host, *(one.host for one in others)])
    for one in others:
        one.publishes("/robots.txt", rules, "text/plain")
        one.publishes("/page", f"<html><title>خبر</title><p>{NEWS[0][1]}</p></html>".encode(), "text/html")
        one.__enter__()
    try:
        with watched(place, COLLECT__ALLOW_HOSTS=allowed, COLLECT__FULL_TEXT="true") as (_, pid):
            before = memory(pid)
            wait_until(lambda: heard(place), 200)
            assert memory(pid, "VmHWM") - before < 150
        assert sum("/robots.txt" in one.asked for one in others) == len(others)
    finally:
        for one in others:
            one.__exit__()


@pytest.mark.red("host-in-location")
def test_a_foreign_host_in_a_question_is_in_no_answer(place: Place):
    with place.serving():
        for path in ("/l/daily/", "/l/daily/1/", "//evil.example/", "/healthz/", "/l/daily/unsubscribe/x.y/"):
            for header in ("Host", "X-Forwarded-Host"):
                asked = urllib.request.Request(place.web + path, headers={header: "evil.example"})
                said = opened(asked)
                assert "evil.example" not in said


def opened(asked: urllib.request.Request) -> str:
    """The head of an answer, without following where it leads."""

    class Stays(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    try:
        with urllib.request.build_opener(Stays).open(asked, timeout=20) as answer:
            return str(answer.headers)
    except urllib.error.HTTPError as error:
        with error:
            return str(error.headers)


def test_a_frozen_process_would_be_noticed(tmp_path: Path):
    """The watch itself: an answer that comes late is seen."""
    gate = threading.Event()
    with Outlet() as slow:
        address = slow.publishes("/healthz", b"ok")
        slow.bodies = Late(slow.bodies, gate)  # type: ignore[assignment]
        with Watch(address, os.getpid()) as watch:
            gate.wait(0.1)
            gate.set()
            wait_until(lambda: watch.answers > 2, 20)
    assert watch.longest > LONGEST
    assert tmp_path.exists()


class Late(dict):  # type: ignore[type-arg]
    """Bodies of which the first takes longer than it may."""

    def __init__(self, bodies: dict[str, tuple[str, bytes]], gate: threading.Event) -> None:
        super().__init__(bodies)
        self._gate, self._first = gate, True

    def get(self, path: str, default: object = None) -> object:  # type: ignore[override]
        """Answer, late the first time."""
        self._gate.wait(10)
        if self._first:
            self._first = False
            threading.Event().wait(LONGEST + 0.2)
        return super().get(path, default)
