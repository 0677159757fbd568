"""After `forget` an address is in no file that Mujaz keeps: tables, write-ahead log, mailbox, log and later
exports.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest
import structlog
from sqlmodel import select

from digest.bootstrap import opened
from digest.clock import FixedClock
from digest.deliver.embedded import maildir
from digest.model import AddressChange, EditionState, Notice
from digest.services.app import App
from digest.services.audience import lists, signups, subscribers
from digest.services.audience.admin import erasing, exporting
from digest.services.audience.admin.exporting import ExportRequest
from digest.services.audience.choices import address
from digest.services.audience.imports import run
from digest.services.audience.joining import leaving
from digest.services.audience.segments import tags
from digest.services.editions import publish
from digest.services.sending.batches import deliver_edition
from digest.services.sending.notices import send_notice
from digest.settings import Settings
from digest.storage.audience import subscribers as stored
from tests.builders import NOW, an_edition

ZED, BADR = "zed.ali@mujaz.example", "badr@mujaz.example"


def holding(folder: Path, word: str) -> list[str]:
    """The files whose bytes or names hold a word, in whatever case."""
    sought = word.lower().encode()
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if word in path.name.lower() or (path.is_file() and sought in path.read_bytes().lower())
    )


async def key_of(app: App, email: str) -> str:
    async with app.database.begin() as session:
        person = await stored.by_email(session, email)
    assert person is not None
    return person.key


async def lives(app: App) -> None:
    """Somebody asks, is confirmed by a file, gets an edition, moves, is asked for by others, and leaves."""
    mailing_list = await lists.ensure(app, None)
    await subscribers.add(app, mailing_list, BADR, name="بدر")
    await signups.request(app, mailing_list.slug, ZED, came_from="192.0.2.7")
    async with app.database.begin() as session:
        (asked,) = (await session.exec(select(Notice.id))).all()
    await send_notice(app, asked or 0)
    people = f"email,name\n{ZED},زيد\n".encode()
    await run.import_file(app, mailing_list, io.BytesIO(people), name="people.csv")
    await tags.give(app, mailing_list, [ZED], "vip")
    async with app.database.begin() as session:
        edition = an_edition(mailing_list.id or 0, state=EditionState.APPROVED)
        session.add(edition)
    await publish.start(app, edition)
    await deliver_edition(app, edition.id or 0, lambda _: None)
    links = {
        email: app.links.preferences(mailing_list.slug, await key_of(app, email)) for email in (ZED, BADR)
    }
    await address.ask(
        app, mailing_list.slug, links[ZED].rsplit("/", 1)[1], "new@mujaz.example", came_from="x"
    )
    leave = app.links.unsubscribe(mailing_list.slug, await key_of(app, ZED)).rsplit("/", 1)[1]
    await leaving.leave(app, mailing_list.slug, leave)
    # Somebody else asked to be mailed at this address, while it was nobody's.
    async with app.database.begin() as session:
        badr = await stored.by_email(session, BADR)
        session.add(
            AddressChange(
                subscriber_id=badr.id, list_id=mailing_list.id, email=ZED, key="0" * 32, asked_at=NOW
            )
        )


@pytest.fixture
def log(tmp_path: Path) -> Iterator[TextIO]:
    """The log, in a file of the same folder."""
    with (tmp_path / "digest.log").open("w", encoding="utf-8") as file:
        structlog.configure(logger_factory=structlog.WriteLoggerFactory(file=file))
        yield file
        structlog.reset_defaults()


@pytest.mark.red("erasure")
async def test_no_file_holds_an_address_that_was_forgotten(tmp_path: Path, log: TextIO):
    settings = Settings(
        database={"url": f"sqlite:///{tmp_path}/subscribers.db"},
        mailbox={"folder": tmp_path / "mailbox"},
        web={"public_url": "https://mujaz.example", "secret": "a key for tests"},
    )
    async with opened(settings, clock=FixedClock(NOW)) as app:
        await app.database.upgrade()
        await lives(app)
        log.flush()
        assert (tmp_path / "digest.log").stat().st_size
        before = holding(tmp_path, ZED)
        assert [one for one in before if one.startswith("mailbox/")]
        assert [one for one in before if one.startswith("subscribers.db")]
        done = await erasing.forget(app, ZED)
        assert (done.messages, done.later) == (2, "")
        with (tmp_path / "export.csv").open("w", encoding="utf-8") as file:
            async for piece in exporting.csv_lines(app, ExportRequest()):
                file.write(piece)
        log.flush()
        assert holding(tmp_path, ZED) == []
        assert BADR in (tmp_path / "export.csv").read_text(encoding="utf-8")
        assert len(maildir.stored_messages(settings.mailbox.folder)) > 0
    assert holding(tmp_path, ZED) == []
