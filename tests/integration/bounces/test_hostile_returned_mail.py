"""One hostile returned mail stops nothing: neither the mailbox nor the door, nor the mails behind it."""

import asyncio
import smtplib
from collections.abc import AsyncIterator

import pytest

from digest.deliver.bounces.report import UnreadableMailError
from digest.errors import SourceError
from digest.services.app import App
from digest.services.bounces import reports, scores
from digest.storage.database.engine import Database
from tests.fakes_delivery import an_app
from tests.integration.bounces.coming_back import AMAL, GONE, path_of, sent
from tests.integration.deliver.test_bounce_doors import imap_server
from tests.unit.deliver.bounces.returned import returned


def nested(depth: int) -> bytes:
    return b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth)
    )


HOSTILE = {
    "parts nested 300 deep": nested(300),
    "parts nested 900 deep, with lines": nested(900) + b"a line\r\n" * 100_000,
    "a recipient without end": b"To: " + b"a" * 60_000 + b"\r\n\r\nx",
    "one line of two million letters": b"Subject: x\r\n\r\n" + b"a" * 2_000_000,
    "a Message-ID of signs": returned("postfix", "5.0.0", "550 no").replace(b"Message-ID: <", b"Message-ID: <" + b"@" * 40_000),
    "twenty thousand attributes": b"Content-Type: text/html\r\n\r\n<p" + b" a=b" * 20_000 + b">",
    "noise": bytes(range(256)) * 4_000,
}  # fmt: skip


@pytest.fixture
async def flagged() -> list[bytes]:
    return []


@pytest.fixture
async def mails() -> dict[int, bytes]:
    return {}


@pytest.fixture
async def app(embedded: Database, mails: dict[int, bytes], flagged: list[bytes]) -> AsyncIterator[App]:
    async with imap_server(mails, flagged) as port:
        box = {"imap_host": "127.0.0.1", "imap_port": port, "imap_tls": False, "imap_username": "bounces", "imap_password": "hush", "listen_port": 0}  # fmt: skip
        made = an_app(embedded, settings={"bounces": box, "collect": {"readers": 1}})
        yield made
        await made.http.sandbox.close()


@pytest.mark.red("bounce-poison")
async def test_a_good_mail_behind_hostile_ones_counts(
    app: App, mails: dict[int, bytes], flagged: list[bytes]
):
    edition = await sent(app)
    mails.update(enumerate(HOSTILE.values(), 1))
    mails[99] = returned("exim", "5.1.1", GONE, to=path_of(app, edition.id))
    assert await reports.collect_mailbox(app) == len(HOSTILE) + 1
    assert sum(b"Seen" in line for line in flagged) == len(HOSTILE) + 1
    assert (await scores.evidence(app, AMAL)).score.points == 1


@pytest.mark.red("bounce-poison")
async def test_the_door_takes_a_good_mail_behind_hostile_ones(app: App):
    edition = await sent(app)
    to = path_of(app, edition.id)
    good = returned("exim", "5.1.1", GONE, to=to)
    async with reports.bounce_server(app) as door:

        def post() -> None:
            for body in (*HOSTILE.values(), good):
                with smtplib.LMTP("127.0.0.1", door.port, timeout=30) as client:
                    folded = b"\r\n".join(
                        body[at : at + 990] for at in range(0, min(len(body), 1_500_000), 990)
                    )
                    client.sendmail("", [to], good if body is good else folded)

        await asyncio.to_thread(post)
    assert (await scores.evidence(app, AMAL)).score.points == 1


async def broken(job: object) -> None:
    raise SourceError("Reading it took more than 20 seconds of processor time.")


async def test_a_mail_that_breaks_its_reader_is_kept_as_evidence_about_its_reader(
    app: App, monkeypatch: pytest.MonkeyPatch
):
    edition = await sent(app)
    monkeypatch.setattr(app.http.sandbox, "read", broken)
    await reports.process_mail(app, b"whatever", (path_of(app, edition.id),))
    (event,) = (await scores.evidence(app, AMAL)).events
    assert (event.weight, event.read_by) == ("soft", "nobody")
    assert "cannot be read" in event.words
    assert (await scores.evidence(app, AMAL)).score.points == 0


@pytest.mark.red("bounce-poison")
async def test_a_mail_that_breaks_its_reader_and_names_nobody_is_flagged_for_a_person(
    app: App, mails: dict[int, bytes], flagged: list[bytes], monkeypatch: pytest.MonkeyPatch
):
    mails.update({4: b"whatever", 9: b"whatever"})
    monkeypatch.setattr(app.http.sandbox, "read", broken)
    with pytest.raises(UnreadableMailError, match="cannot be read"):
        await reports.process_mail(app, b"whatever", ())
    assert await reports.collect_mailbox(app) == 2
    assert sum(b"Flagged" in line for line in flagged) == 2
