"""A mailbox of newsletters as a source."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from digest.collect.fetch.http import Http
from digest.collect.readers.imap import read_mailbox
from digest.collect.readers.imap_location import list_name, mailbox_of
from digest.collect.readers.protocol import VisitResult
from digest.errors import BlockedAddressError, SourceError, TemporarySourceError
from digest.model import Source, SourceKind
from digest.settings import CollectSettings
from tests.builders import a_source
from tests.integration.collect.readers.imap_server import ImapServer
from tests.unit.collect.pages import BODY, TITLE
from tests.unit.collect.readers.test_folder import a_mail

NOW = datetime(2023, 1, 1, tzinfo=UTC)


@pytest.fixture
async def server() -> AsyncIterator[ImapServer]:
    async with ImapServer() as started:
        yield started


def settings_for(server: ImapServer, password: str = "right") -> CollectSettings:
    passwords = {"amal@127.0.0.1": password} if password else {}
    return CollectSettings(
        allow_hosts=(f"127.0.0.1:{server.port}",), imap_passwords=passwords, total_seconds=5, readers=0
    )


def source_for(server: ImapServer, **fields: object) -> Source:
    location = f"imap://amal@127.0.0.1:{server.port}/INBOX"
    return a_source(kind=SourceKind.IMAP, location=location, name="", **fields)


async def read(server: ImapServer, source: Source, password: str = "right") -> VisitResult:
    settings = settings_for(server, password)
    return await read_mailbox(source, Http(settings, "1.0"), settings, NOW)


async def test_messages_are_articles_of_their_list(server: ImapServer):
    server.receives(
        a_mail(**{"List-Id": "نشرة المرفأ <daily.marfa.example>", "Message-ID": "<7@marfa.example>"})
    )
    brought = await read(server, source_for(server))
    (article,) = brought.articles
    assert (article.title, article.paragraphs) == (TITLE, BODY)
    assert (article.source_name, article.guid) == ("نشرة المرفأ", "<7@marfa.example>")
    assert brought.state.cursor == "1:1"


async def test_only_what_came_since_is_read_and_nothing_is_marked(server: ImapServer):
    source = source_for(server)
    for number in range(3):
        server.receives(a_mail(Subject=f"العدد {number}"))
    first = await read(server, source)
    source.cursor = first.state.cursor
    assert (await read(server, source)).unchanged
    server.receives(a_mail(Subject="العدد الأخير"))
    assert [one.title for one in (await read(server, source)).articles] == ["العدد الأخير"]
    assert "STORE" not in server.commands
    assert "EXPUNGE" not in server.commands


async def test_a_mailbox_that_was_made_anew_is_read_again(server: ImapServer):
    server.receives(a_mail())
    assert len((await read(server, source_for(server, cursor="9:50"))).articles) == 1


async def test_a_bad_message_is_a_problem_and_the_others_are_read(server: ImapServer):
    server.receives(b"no subject: at all\r\n\r\n")
    server.receives(a_mail())
    brought = await read(server, source_for(server))
    assert [one.title for one in brought.articles] == [TITLE]
    assert len(brought.set_aside) == 1
    assert brought.state.cursor == "1:2"


async def test_a_wrong_or_missing_password_is_said_so(server: ImapServer):
    for password in ("wrong", ""):
        with pytest.raises(SourceError) as caught:
            await read(server, source_for(server), password)
        assert "collect.imap_passwords" in str(caught.value)


@pytest.mark.red("ssrf")
async def test_a_mailbox_inside_is_not_dialled_unless_allowed(server: ImapServer):
    settings = CollectSettings(imap_passwords={"amal@127.0.0.1": "right"}, readers=0)
    source = a_source(kind=SourceKind.IMAP, location=f"imaps://amal@127.0.0.1:{server.port}/INBOX")
    with pytest.raises(BlockedAddressError):
        await read_mailbox(source, Http(settings, "1.0"), settings, NOW)
    with pytest.raises(BlockedAddressError):
        await read_mailbox(source_for(server), Http(settings, "1.0"), settings, NOW)
    assert server.commands == []


async def test_a_server_that_is_away_is_tried_again(server: ImapServer):
    source = source_for(server)
    await server.__aexit__()
    with pytest.raises(TemporarySourceError):
        await read(server, source)


@pytest.mark.parametrize(
    "location", ["imaps://host/INBOX", "imaps://", "https://a@b/", "imaps://a@b:port/", "imaps://["]
)
def test_a_wrong_address_is_said_so(location: str):
    with pytest.raises(SourceError, match="no mailbox"):
        mailbox_of(location)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("نشرة المرفأ <daily.marfa.example>", "نشرة المرفأ"),
        ('"Daily" <d.x>', "Daily"),
        ("<daily.marfa.example>", "daily"),
        ("", ""),
    ],
)
def test_a_list_is_called_by_its_phrase_or_first_label(header: str, name: str):
    assert list_name(header) == name
