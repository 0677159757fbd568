"""The ways by which mail comes back: the SMTP port of the settings, and their mailbox."""

import asyncio
import smtplib

import pytest

from digest.services import tasks
from digest.services.bounces import reports, scores
from digest.storage.database.engine import Database
from tests.fakes_delivery import an_app
from tests.integration.bounces.coming_back import AMAL, GONE, HERE, path_of, sent
from tests.integration.deliver.test_bounce_doors import imap_server
from tests.unit.deliver.bounces.returned import returned


async def test_the_door_of_the_settings_takes_what_came_back_to_us(embedded: Database):
    app = an_app(embedded, settings={"bounces": {"listen_port": 0}, "collect": HERE})
    edition = await sent(app)
    to = path_of(app, edition.id)
    door = reports.bounce_server(app)

    def post() -> None:
        with smtplib.LMTP("127.0.0.1", door.port) as client:
            client.sendmail("", [to], returned("gmail", "5.1.1", GONE, to=to))
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                client.sendmail("", [to.replace("+", "+9")], b"Subject: x\r\n\r\nx\r\n")

    async with door:
        await asyncio.to_thread(post)
        await asyncio.sleep(0.01)
    assert (await scores.evidence(app, AMAL)).score.points == 1
    assert reports.bounce_server(an_app(embedded)) is None


async def test_the_mailbox_of_the_settings_is_read_as_a_task(embedded: Database):
    mails: dict[int, bytes] = {}
    async with imap_server(mails, []) as port:
        box = {
            "imap_host": "127.0.0.1",
            "imap_port": port,
            "imap_tls": False,
            "imap_username": "bounces",
            "imap_password": "hush",
        }
        app = an_app(embedded, settings={"bounces": box, "collect": HERE})
        edition = await sent(app)
        to = path_of(app, edition.id)
        mails[1] = returned("exim", "5.1.1", GONE, to=to)
        assert await tasks.collect_bounces(app, 0)
    assert (await scores.evidence(app, AMAL)).score.points == 1
    assert not await tasks.collect_bounces(an_app(embedded), 0)
