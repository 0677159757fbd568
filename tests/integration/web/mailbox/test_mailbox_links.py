"""The mailbox serves what its mails link to, and says in which zone it tells times."""

import socket
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx2
import pytest

from digest.entrypoints.mailbox_pages import open_links
from digest.entrypoints.web import mailbox
from digest.settings import Settings
from digest.storage.database.engine import Database


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


async def some_settings(folder: Path, port: int) -> Settings:
    url = f"sqlite:///{folder / 'subscribers.db'}"
    database = Database(url)
    await database.upgrade()
    await database.close()
    return Settings.model_validate(
        {
            "database": {"url": url},
            "mailbox": {"folder": folder / "mailbox"},
            "web": {"port": port, "public_url": f"http://127.0.0.1:{port}"},
        }
    )


async def test_links_of_the_sample_mails_lead_somewhere_while_the_mailbox_is_open(tmp_path: Path):
    port = free_port()
    settings = await some_settings(tmp_path, port)
    async with AsyncExitStack() as stack, httpx2.AsyncClient() as client:
        said = await open_links(settings, stack)
        assert said == f"The mails' links work while this runs: http://127.0.0.1:{port}/"
        assert (await client.get(f"http://127.0.0.1:{port}/healthz")).text == "ok\n"


async def test_the_mailbox_opens_as_well_when_something_answers_its_links_already(tmp_path: Path):
    port = free_port()
    settings = await some_settings(tmp_path, port)
    with socket.create_server(("127.0.0.1", port)):
        async with AsyncExitStack() as stack:
            assert "where something answers already" in await open_links(settings, stack)


async def test_the_mailbox_makes_no_database(tmp_path: Path):
    settings = await some_settings(tmp_path, free_port())
    (tmp_path / "subscribers.db").unlink()
    async with AsyncExitStack() as stack:
        assert "no database here yet" in await open_links(settings, stack)
    assert not (tmp_path / "subscribers.db").exists()


@pytest.fixture
def cairo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Africa/Cairo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("cairo")
async def test_the_mailbox_shows_the_zone_of_its_times(tmp_path: Path):
    from tests.integration.web.mailbox.test_web_mailbox import a_letter

    mailbox_folder = tmp_path / "mailbox"
    import mailbox as maildirs

    maildirs.Maildir(mailbox_folder, create=True).add(a_letter())
    transport = httpx2.ASGITransport(app=mailbox.mailbox_app(mailbox_folder), client=("127.0.0.1", 1))
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8025") as client:
        page = (await client.get("/")).text
    assert '<bdi dir="ltr">UTC+02:00</bdi>' in page or '<bdi dir="ltr">UTC+03:00</bdi>' in page
