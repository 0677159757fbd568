"""What strangers wrote costs its own source, item or message, and never the process."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from digest.collect.fetch.http import Http
from digest.collect.parse.feeds.items import FeedItem
from digest.collect.readers import folder
from digest.collect.readers.imap import read_mailbox
from digest.collect.sandbox import jobs
from digest.collect.sandbox.pool import SandboxPool
from digest.errors import SourceError, SourceReason
from digest.model import SourceKind
from digest.settings import CollectSettings
from tests.builders import a_source
from tests.integration.collect.readers.imap_server import ImapServer
from tests.unit.collect.pages import BODY, TITLE, a_page
from tests.unit.collect.readers.test_folder import a_mail

NOW = datetime(2023, 1, 1, tzinfo=UTC)
SOURCE = a_source(id=7, name="المرفأ", timezone="UTC")


@pytest.fixture
async def sandbox() -> AsyncIterator[SandboxPool]:
    opened = SandboxPool(CollectSettings(readers=1, read_seconds=1, read_megabytes=200))
    yield opened
    await opened.close()


def items(*numbers: int, heavy: int = 0) -> list[FeedItem]:
    text = "".join(f"<p>{at} {BODY[0]}</p>" for at in range(40_000))
    return [
        FeedItem(title=f"{TITLE} {at}", url=f"https://marfa.example/{at}", content_html=text if at == heavy else BODY[0])
        for at in numbers
    ]  # fmt: skip


@pytest.mark.red("letter-attributes")
async def test_an_item_that_takes_too_much_costs_itself_alone(sandbox: SandboxPool):
    made = await sandbox.articles(items(1, 2, 3, heavy=2), SOURCE, NOW, title="", names=())
    assert [isinstance(one, SourceError) for one in made] == [False, True, False]
    assert made[1].reason is SourceReason.TOO_COSTLY  # type: ignore[union-attr]


@pytest.mark.red("letter-attributes")
async def test_the_loop_goes_on_while_an_item_is_read(sandbox: SandboxPool):
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.01)
            longest = max(longest, time.monotonic() - before)

    heavy = items(1, 2, heavy=2)
    watching = asyncio.create_task(watch())
    await sandbox.articles(heavy, SOURCE, NOW, title="", names=())
    watching.cancel()
    assert longest < 1.5


async def test_no_more_than_three_items_of_a_source_are_given_up_one_by_one(sandbox: SandboxPool):
    heavy = items(2, heavy=2) * 6
    started = time.monotonic()
    made = await sandbox.articles([*heavy, *items(1)], SOURCE, NOW, title="", names=())
    assert all(isinstance(one, SourceError) for one in made)
    assert "stands before it" in str(made[-1])
    assert time.monotonic() - started < 240


async def test_every_kind_of_job_crosses_to_a_child_and_back(sandbox: SandboxPool, tmp_path: Path):
    http = Http(CollectSettings(readers=1), "1.0")
    (tmp_path / "1.txt").write_text(f"{TITLE}\n\n" + "\n\n".join(BODY), encoding="utf-8")
    (tmp_path / "2.html").write_text(a_page(), encoding="utf-8")
    (tmp_path / "3.eml").write_bytes(a_mail())
    found = await folder.read(tmp_path, SOURCE, http, NOW)
    await http.sandbox.close()
    assert found.problems == ()
    assert [one.paragraphs for one in found.articles] == [BODY] * 3
    (link,) = await sandbox.links(
        b"<h3><a href=/7>x</a></h3>", selector="h3 a", url="https://a.example/", charset=None
    )
    assert link.url == "https://a.example/7"
    assert not await sandbox.may_visit(b"User-agent: *\nDisallow: /x", "https://a.example/x/1")
    assert await sandbox.may_visit(b"User-agent: *\nDisallow: /x", "https://a.example/y")
    assert set(jobs.READERS) == set(jobs.protocol.JOBS.values())


@pytest.mark.red("drop-box-symlink")
async def test_a_link_a_pipe_and_a_device_in_a_drop_box_are_refused_with_a_line(tmp_path: Path):
    secret = tmp_path / "secret.txt"
    secret.write_text("root:x:0:0\n\nنص", encoding="utf-8")
    box = tmp_path / "box"
    box.mkdir()
    (box / "a.txt").symlink_to(secret)
    (box / "b.txt").symlink_to("/dev/zero")
    os.mkfifo(box / "c.txt")
    (box / "d.txt").symlink_to(tmp_path / "nowhere")
    (box / "e.txt").write_text(f"{TITLE}\n\n{BODY[0]}", encoding="utf-8")
    async with asyncio.timeout(10):
        found = await folder.read(box, SOURCE, Http(CollectSettings(readers=0), "1.0"), NOW)
    assert [one.title for one in found.articles] == [TITLE]
    assert [line.split(":")[0] for line in found.problems] == ["a.txt", "b.txt", "c.txt", "d.txt"]


@pytest.mark.red("drop-box-symlink")
async def test_a_pipe_as_a_source_is_an_error_at_once(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.txt")
    async with asyncio.timeout(5):
        with pytest.raises(SourceError, match="no file and no folder"):
            await folder.read(tmp_path / "pipe.txt", SOURCE, Http(CollectSettings(readers=0), "1.0"), NOW)


def nested(depth: int) -> bytes:
    """A mail whose parts stand within parts."""
    head = "Subject: x\nFrom: a@marfa.example\nMIME-Version: 1.0\n"
    opened = "".join(f'Content-Type: multipart/mixed; boundary="b{at}"\n\n--b{at}\n' for at in range(depth))
    return f"{head}{opened}Content-Type: text/plain\n\nنص\n".encode()


def attributes(count: int) -> bytes:
    page = f"<p {' '.join(f'a{at}=1' for at in range(count))}>نص</p>"
    return f"Subject: x\nFrom: a@marfa.example\nContent-Type: text/html; charset=utf-8\n\n{page}".encode()


def of_attachments(megabytes: int) -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"] = "العدد الكبير", "a@marfa.example"
    message.set_content(BODY[0])
    message.add_attachment(b"x" * (megabytes * 700_000), maintype="application", subtype="zip")
    return message.as_bytes()


@pytest.mark.red("newsletter-poison")
@pytest.mark.parametrize(
    "poison", [nested(300), nested(3000), attributes(60_000)], ids=["300", "3000", "attributes"]
)
async def test_a_poisoned_message_is_one_line_once_and_the_mailbox_goes_on(poison: bytes):
    async with ImapServer() as server:
        server.receives(a_mail(Subject="العدد الأول"))
        server.receives(poison)
        server.receives(a_mail(Subject="العدد الثاني"))
        settings = CollectSettings(
            allow_hosts=(f"127.0.0.1:{server.port}",),
            imap_passwords={"amal@127.0.0.1": "right"},
            readers=1,
            read_seconds=2,
        )
        location = f"imap://amal@127.0.0.1:{server.port}/INBOX"
        source = a_source(kind=SourceKind.IMAP, location=location, name="")
        http = Http(settings, "1.0")
        brought = await read_mailbox(source, http, settings, NOW)
        await http.sandbox.close()
    assert [one.title for one in brought.articles] == ["العدد الأول", "العدد الثاني"]
    assert [line.split(":")[0] for line in brought.set_aside] == ["message 2"]
    assert brought.state.cursor == "1:3"


@pytest.mark.red("newsletter-poison")
async def test_large_messages_are_held_one_at_a_time():
    asked = []
    async with ImapServer() as server:
        for _ in range(6):
            server.receives(of_attachments(12))
        settings = CollectSettings(
            allow_hosts=(f"127.0.0.1:{server.port}",), imap_passwords={"amal@127.0.0.1": "right"}, readers=1
        )
        location = f"imap://amal@127.0.0.1:{server.port}/INBOX"
        http = Http(settings, "1.0")
        before = resident()
        real = http.sandbox.read

        async def watched(job):  # type: ignore[no-untyped-def]
            asked.append((len(job.body), resident() - before))
            return await real(job)

        http.sandbox.read = watched  # type: ignore[method-assign]
        brought = await read_mailbox(
            a_source(kind=SourceKind.IMAP, location=location, name=""), http, settings, NOW
        )
        await http.sandbox.close()
    assert len(brought.articles) == 6
    assert max(size for size, _ in asked) <= 5_000_000
    assert max(grown for _, grown in asked) < 100_000_000


def resident() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGESIZE")


def a_picture(kind: str, width: int, height: int, mode: str = "RGB") -> bytes:
    out = BytesIO()
    Image.new(mode, (width, height)).save(out, kind)
    return out.getvalue()


@pytest.mark.red("pictures-memory")
async def test_pictures_are_unpacked_in_a_child_and_large_ones_refused_by_their_header(sandbox: SandboxPool):
    small = await sandbox.thumbnail(a_picture("JPEG", 1200, 800), url="https://a.example/p.jpg")
    assert Image.open(BytesIO(small)).size == (600, 400)
    with pytest.raises(SourceError, match="million points"):
        await sandbox.thumbnail(a_picture("PNG", 6324, 6324, "L"), url="https://a.example/p.png")
    with pytest.raises(SourceError, match="million points"):
        jobs.run(jobs.protocol.PictureJob(url="x", body=a_picture("GIF", 5000, 5000, "P")))
