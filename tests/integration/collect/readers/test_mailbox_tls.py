"""Mailboxes over encrypted connections, with certificates made here."""

import ssl
from pathlib import Path

import pytest
import trustme

from digest.collect.fetch.http import Http
from digest.collect.readers.imap import read_mailbox
from digest.collect.readers.imap_location import Mailbox
from digest.collect.readers.imap_session import encrypt
from digest.collect.readers.protocol import VisitResult
from digest.errors import SourceError, SourceReason, TemporarySourceError
from digest.model import SourceKind
from digest.settings import CollectSettings
from tests.builders import a_source
from tests.integration.collect.readers.imap_server import ImapServer
from tests.integration.collect.readers.test_mailbox import NOW
from tests.unit.collect.pages import TITLE
from tests.unit.collect.readers.test_folder import a_mail

LISTED = a_mail(**{"List-Id": "نشرة المرفأ <daily.marfa.example>"})


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """An authority that this process believes, as it would one of its operator's."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return authority


def tls(authority: trustme.CA, name: str = "127.0.0.1") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


async def read(server: ImapServer, scheme: str) -> VisitResult:
    settings = CollectSettings(
        allow_hosts=(f"127.0.0.1:{server.port}",),
        imap_passwords={"amal@127.0.0.1": "right"},
        total_seconds=5,
        readers=0,
    )
    location = f"{scheme}://amal@127.0.0.1:{server.port}/INBOX"
    source = a_source(kind=SourceKind.IMAP, location=location, name="صندوق الأخبار")
    return await read_mailbox(source, Http(settings, "1.0"), settings, NOW)


async def test_a_mailbox_is_read_encrypted_from_the_first_byte(trusted: trustme.CA):
    async with ImapServer(tls=tls(trusted)) as server:
        server.receives(LISTED)
        server.receives(a_mail(Subject="بلا قائمة"))
        brought = await read(server, "imaps")
    assert [(one.title, one.source_name) for one in brought.articles] == [
        (TITLE, "نشرة المرفأ"),
        ("بلا قائمة", "صندوق الأخبار"),
    ]


async def test_encryption_begins_before_the_password_is_said(trusted: trustme.CA):
    async with ImapServer(upgrade=tls(trusted)) as server:
        server.receives(LISTED)
        brought = await read(server, "imap")
        assert server.commands.index("STARTTLS") < server.commands.index("LOGIN")
    assert [one.source_name for one in brought.articles] == ["نشرة المرفأ"]


@pytest.mark.parametrize("scheme", ["imap", "imaps"])
@pytest.mark.parametrize("wrong", ["a stranger's", "another host's"])
async def test_a_wrong_certificate_is_refused_with_a_clear_sentence(
    trusted: trustme.CA, scheme: str, wrong: str
):
    shown = tls(trustme.CA()) if wrong == "a stranger's" else tls(trusted, "other.example")
    async with ImapServer(**{"tls" if scheme == "imaps" else "upgrade": shown}) as server:
        with pytest.raises(SourceError) as caught:
            await read(server, scheme)
        assert "LOGIN" not in server.commands
    assert not isinstance(caught.value, TemporarySourceError)
    assert caught.value.reason is SourceReason.CERTIFICATE
    assert str(caught.value).startswith("127.0.0.1 shows a certificate that is not right: ")
    assert "SSL_CERT_FILE" in str(caught.value)


class _Open:
    """A server's end that offers no encryption."""

    capabilities = ("IMAP4REV1",)
    hung_up = False

    def shutdown(self) -> None:
        self.hung_up = True


def test_a_stranger_who_offers_no_encryption_is_not_told_the_password():
    client = _Open()
    box = Mailbox("mail.example", 143, "amal", "INBOX", encrypted=False)
    with pytest.raises(SourceError, match="without encryption"):
        encrypt(client, box, CollectSettings())  # type: ignore[arg-type]
    assert client.hung_up
    encrypt(client, box, CollectSettings(allow_hosts=("mail.example",)))  # type: ignore[arg-type]
