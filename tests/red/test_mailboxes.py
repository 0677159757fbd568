"""Mails of strangers in a mailbox that is a source, and in the one that bounces come to: each costs itself alone."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from email.message import EmailMessage

import pytest

from tests.integration.collect.readers.imap_server import ImapServer
from tests.red.place import NEWS, Place, Receiver, a_feed, wait_until
from tests.red.test_freezes import heard, nested, watched

pytestmark = pytest.mark.timeout(400)


def a_newsletter(number: int) -> bytes:
    """An honest mail."""
    title, text = NEWS[number]
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "Outlet <news@outlet.example>", title
    mail["Message-ID"] = f"<{number}@outlet.example>"
    mail.set_content(text, subtype="html")
    return mail.as_bytes()


def an_element(attributes: int) -> bytes:
    """A mail with one element of many attributes."""
    many = " ".join(f"data-{n}={n}" for n in range(attributes))
    return (
        "From: x@y.example\r\nSubject: a letter as any\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        f"<html><p {many}>{NEWS[0][1]}</p></html>"
    ).encode()


@contextmanager
def a_mailbox(*mails: bytes) -> Iterator[int]:
    """An IMAP server that holds these; gives its port."""
    loop, ready, over = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    server = ImapServer()
    for one in mails:
        server.receives(one)

    async def run() -> None:
        async with server:
            ready.set()
            await over.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()), daemon=True)
    thread.start()
    assert ready.wait(10)
    yield server.port
    loop.call_soon_threadsafe(over.set)
    thread.join(10)
    loop.close()


@pytest.mark.red("newsletter-poison")
@pytest.mark.red("letter-attributes")
def test_hostile_newsletters_cost_themselves_and_no_edition(place: Place, receiver: Receiver):
    readers = place.readers(3)
    poison = (nested(300, 10), nested(3_000, 10), nested(300, 60_000), an_element(20_000), an_element(60_000))
    with a_mailbox(a_newsletter(0), *poison, a_newsletter(1)) as port:
        place.settings["COLLECT__ALLOW_HOSTS"] = f'["127.0.0.1:{port}"]'
        place.settings["COLLECT__IMAP_PASSWORDS"] = '{"u@127.0.0.1": "right"}'
        location = f"imap://u@127.0.0.1:{port}/INBOX"
        place.digest("db", "upgrade")
        with closing(sqlite3.connect(place.folder / "subscribers.db")) as database, database:
            database.execute(
                "INSERT INTO source (kind, location, name, language, timezone, standing, rights, enabled, by_hand,"
                " poll_seconds, failures, created_at)"
                " VALUES ('imap', ?, 'الصندوق', 'ar', 'UTC', 1, 'summary', 1, 0, 1800, 0, '2026-01-01 00:00:00')",
                (location,),
            )
        with watched(place):
            wait_until(lambda: heard(place), 200)
        with closing(sqlite3.connect(place.folder / "subscribers.db")) as database:
            titles = {row[0] for row in database.execute("SELECT title FROM article")}
        assert {NEWS[0][0], NEWS[1][0]} <= titles
        done = place.digest("run", "--source", location, "--source", place.file("feed.xml", a_feed()))
        assert done.returncode == 0, done.stderr
    assert receiver.counts() == dict.fromkeys(readers, 1)
