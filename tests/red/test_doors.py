"""Attacks that need no more than one question, or one command, on a real installation."""

import json
import socket
import sqlite3
from contextlib import closing

import pytest

from tests.acceptance.sentences import sentences
from tests.red.place import NEWS, Place, Receiver, a_feed, an_item

pytestmark = pytest.mark.timeout(400)


def answered(place: Place, request: bytes) -> bytes:
    """The first bytes of an answer to bytes that no HTTP client would send."""
    with socket.create_connection(("127.0.0.1", place.port), timeout=60) as line:
        line.sendall(request)
        return line.recv(4_000)


@pytest.mark.red("ingest-empty-key")
def test_an_empty_key_lets_nobody_hand_in_articles(place: Place):
    assert place.digest("sources", "add", "ingest:desk", "--yes").returncode == 0
    article = {"title": NEWS[0][0], "url": "https://desk.example/1", "text": NEWS[0][1]}
    body = json.dumps({"source": "desk", "articles": [article]}).encode()
    with place.serving(COLLECT__INGEST_KEY=""):
        for said in (
            b"Bearer \xa0",
            b"Bearer ",
            b"Bearer",
            b"Bearer \x85",
            b"Bearer \xe2\x80\x8b",
            b"Bearer None",
        ):
            head = (
                b"POST /ingest HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
            )
            head += b"Authorization: " + said + b"\r\nContent-Length: %d\r\n\r\n" % len(body)
            assert answered(place, head + body).split(b" ")[1] in {b"401", b"400", b"404"}, said
    with closing(sqlite3.connect(place.folder / "subscribers.db")) as database:
        assert database.execute("SELECT count(*) FROM article").fetchone() == (0,)


HOSTILE_FILES = {
    "a cell of 300,000 letters": b"email,name\namal@mujaz.example," + b"n" * 300_000 + b"\n",
    "half a letter of UTF-16": b"\xff\xfee\x00m\x00a\x00i\x00l\x00\n\x00a",
    "line ends of old computers": b"email\ramal@mujaz.example\rbadr@mujaz.example\r",
    "a quote that never closes": b'email,name\namal@mujaz.example,"Amal\n' * 3,
    "zero bytes": b"email\n\x00amal@mujaz.example\x00\n",
    "a workbook that is none": b"PK\x03\x04" + b"\x00" * 500,
}


@pytest.mark.red("import-tracebacks")
def test_no_file_of_people_ends_in_a_traceback(place: Place):
    for name, content in HOSTILE_FILES.items():
        done = place.digest("subscribers", "import", "-", stdin=content)
        assert done.returncode in {0, 1, 2, 4}, name
        assert done.stdout or len(sentences(done.stderr)) == 1, name


@pytest.mark.red("cli-markup-escapes")
def test_what_strangers_say_is_shown_and_steers_nothing(place: Place, receiver: Receiver):
    said = "[/red] [link=file:///etc/passwd]x \x1b]0;mine\x07\x1b[2J"
    receiver.refuses = lambda one: f"550 5.2.1 {said}" if one.startswith("amal") else None
    place.readers(1)
    assert (
        place.digest("subscribers", "add", "amal@mujaz.example", "--name", f"[/bold]{said}").returncode == 0
    )
    place.digest(
        "run",
        "--source",
        place.file("feed.xml", a_feed(an_item(NEWS[0][0] + said, NEWS[0][1]), title="[/b]")),
    )
    for words in (
        ("subscribers", "list"),
        ("subscribers", "show", "amal@mujaz.example"),
        ("editions", "who", "amal@mujaz.example"),
    ):
        done = place.digest(*words)
        assert done.returncode == 0, done.stderr
        assert "\x1b" not in done.stdout + done.stderr, words
        assert "[/" in done.stdout, words


@pytest.mark.red("config-shows-password")
def test_no_command_prints_a_password(place: Place):
    for url in (
        "postgresql://u:Hush-hush@127.0.0.1:1/x",
        "mysql://u:Hush-hush@h/x",
        "nonsense Hush-hush",
        "postgres:/u:Hush-hush@h//",
    ):
        for words in (("config",), ("config", "--json"), ("lists", "list")):
            done = place.digest(*words, DATABASE__URL=url, DATABASE__CONNECT_SECONDS="1")
            assert "Hush" not in done.stdout + done.stderr, (url, words)
