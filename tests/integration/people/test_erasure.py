"""A person who is removed is gone: from every table, from words that servers said, and from copies made afterwards."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from aiosmtpd.smtp import SMTP
from sqlalchemy import Connection, text
from sqlmodel import SQLModel

from digest.deliver.smtp.pool import SmtpMailer
from digest.model import Alarm, Delivery, DeliveryStatus, Edition, EditionState
from digest.services.audience.admin import erasing
from digest.services.editions import publish
from digest.services.sending.batches import deliver_edition
from digest.settings import MailSettings
from digest.storage.database.backup import back_up
from digest.storage.database.engine import Database
from tests.builders import NOW
from tests.fakes_delivery import an_app, keep_an_edition

ZED = "zed.ali@mujaz.example"


def everything(connection: Connection) -> str:
    return "\n".join(
        f"{name}: {tuple(row)}"
        for name in SQLModel.metadata.tables
        for row in connection.execute(text(f'SELECT * FROM "{name}"'))
    )


@pytest.mark.red("erasure")
async def test_who_is_removed_is_in_no_table_and_in_no_later_copy(database: Database, tmp_path: Path):
    app = an_app(database)
    edition = await keep_an_edition(database, [ZED, "badr@mujaz.example"])
    async with database.begin() as session:
        said = f"5.1.1 <{ZED.upper()}>: no such user"
        session.add(
            Delivery(
                edition_id=edition.id or 0, subscriber_id=1, status=DeliveryStatus.FAILED, code=550, reply=said,
                at=NOW, history=[(NOW.isoformat(), 450, f"try {ZED} later")],
            )
        )  # fmt: skip
        session.add(
            Delivery(
                edition_id=edition.id or 0, subscriber_id=2, status=DeliveryStatus.SENT, code=250, at=NOW,
                reply=f"forwarded for {ZED}",
            )
        )  # fmt: skip
        kept = await session.get(Edition, edition.id)
        assert kept is not None
        kept.state, kept.held_reason = EditionState.PAUSED, f"550 5.7.1 <{ZED}>: not welcome"
        session.add(kept)
        session.add(
            Alarm(
                kind="paused", about="daily 1", day=NOW.date(), channel="email", created_at=NOW,
                words=f"550 5.7.1 <{ZED}>: not welcome",
            )
        )  # fmt: skip
    assert ZED in await database.write(everything)
    await erasing.forget(app, ZED)
    left = await database.write(everything)
    assert ZED not in left.lower()
    assert "5.7.1 <‹address›>: not welcome" in left
    assert "badr@mujaz.example" in left
    if database.embedded:
        copy = tmp_path / "copy.db"
        back_up(database.url, copy)
        opened = Database(f"sqlite:///{copy}")
        assert ZED not in (await opened.write(everything)).lower()
        await opened.close()


@pytest.fixture
async def refusing_server() -> AsyncIterator[int]:
    """A real SMTP server that refuses every recipient by name, in capitals, as if it objected to the sender."""

    class Refusing:
        async def handle_RCPT(self, *given: Any) -> str:  # noqa: N802 - the library calls it so
            return f"550 5.7.1 <{given[3].upper()}>: not welcome"

    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Refusing(), loop=loop), "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


@pytest.mark.red("erasure")
async def test_what_a_server_says_is_kept_without_the_address_in_books_reason_and_log(
    database: Database, refusing_server: int
):
    log = io.StringIO()
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(file=log))
    chosen = MailSettings(host="127.0.0.1", port=refusing_server, tls="none")
    async with SmtpMailer(chosen) as mailer:
        app = an_app(database, mailer)
        edition = await keep_an_edition(database, [ZED])
        await publish.start(app, edition)
        await deliver_edition(app, edition.id or 0, lambda _: None)
    books = await database.write(
        lambda it: str(
            it.execute(text("SELECT held_reason FROM edition")).all()
            + it.execute(text("SELECT reply, history FROM delivery")).all()
        )
    )
    assert "5.7.1 <‹address›>: not welcome" in books
    assert "not welcome" in log.getvalue()
    assert ZED not in (books + log.getvalue()).lower()
