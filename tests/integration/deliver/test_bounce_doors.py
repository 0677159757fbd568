"""The ways by which returned mail comes in: LMTP, SMTP, and a folder of an IMAP mailbox."""

import asyncio
import smtplib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from digest.deliver.bounces.mailbox import collect
from digest.deliver.bounces.server import BounceServer
from digest.errors import ConfigError, TemporaryDeliveryError
from digest.settings import BounceSettings

OURS = "b+7.42.0123456789abcdef@bounces.mujaz.example"
MAIL = b"Subject: failure\r\n\r\n.dots and all\r\n"


class Kept:
    def __init__(self, *, broken: bool = False) -> None:
        self.mails: list[tuple[bytes, tuple[str, ...]]] = []
        self.broken = broken

    async def take(self, content: bytes, sent_to: tuple[str, ...]) -> None:
        if self.broken:
            raise OSError("the disk is full")
        self.mails.append((content, sent_to))


def ours(address: str) -> bool:
    return address.startswith("b+")


@pytest.mark.parametrize("lmtp", [True, False])
async def test_what_comes_back_is_taken_and_nothing_else(lmtp: bool) -> None:
    kept = Kept()
    async with BounceServer(kept.take, ours, lmtp=lmtp) as door:

        def post() -> None:
            kind = smtplib.LMTP if lmtp else smtplib.SMTP
            with kind("127.0.0.1", door.port) as client:
                client.sendmail("", [OURS], MAIL)
                with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
                    client.sendmail("", ["someone@elsewhere.example"], MAIL)
                assert refused.value.recipients["someone@elsewhere.example"][0] == 550
                assert client.sendmail("", [OURS, OURS.replace("42", "43")], MAIL)

        await asyncio.to_thread(post)
        await asyncio.sleep(0.01)
    assert [(content.replace(b"\r\n", b"\n"), sent_to) for content, sent_to in kept.mails] == [
        (MAIL.replace(b"\r\n", b"\n"), (OURS,))
    ] * 2


async def test_a_mail_that_cannot_be_kept_stays_with_its_sender() -> None:
    kept = Kept(broken=True)
    async with BounceServer(kept.take, ours, lmtp=False) as door:

        def post() -> int:
            with (
                smtplib.SMTP("127.0.0.1", door.port) as client,
                pytest.raises(smtplib.SMTPDataError) as refused,
            ):
                client.sendmail("", [OURS], MAIL)
            return refused.value.smtp_code

        assert await asyncio.to_thread(post) == 451
        await asyncio.sleep(0.01)


async def test_a_port_that_is_taken_is_said() -> None:
    kept = Kept()
    async with BounceServer(kept.take, ours) as door:
        with pytest.raises(ConfigError, match=r"bounces\.listen_port"):
            await BounceServer(kept.take, ours, port=door.port).__aenter__()


@asynccontextmanager
async def imap_server(
    mails: dict[int, bytes], flagged: list[bytes], *, password: str = "hush"
) -> AsyncIterator[int]:
    """Say as much IMAP as a visit needs."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
        while line := await reader.readline():
            tag, command = line.strip().split(b" ", 1)
            data, said = answer(command)
            writer.write(data + tag + b" " + said + b"\r\n")
            if command == b"LOGOUT":
                break
        writer.close()

    def answer(command: bytes) -> tuple[bytes, bytes]:
        verb, _, rest = command.removeprefix(b"UID ").partition(b" ")
        if verb == b"LOGIN":
            return b"", b"OK in" if password.encode() in rest else b"NO wrong"
        if verb in {b"SELECT", b"EXAMINE"}:
            return b"* %d EXISTS\r\n" % len(mails), b"OK here" if b"INBOX" in rest else b"NO there is none"
        if verb == b"FETCH":
            uid = int(rest.split(b" ")[0])
            size, content = len(mails[uid]), mails[uid]
            return b"* 1 FETCH (UID %d RFC822.SIZE %d FLAGS () BODY[] {%d}\r\n%b)\r\n" % (
                uid, size, size, content
            ), b"OK done"  # fmt: skip
        if verb == b"STORE":
            flagged.append(rest)
        untagged = {
            b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n",
            b"SEARCH": b"* SEARCH " + b" ".join(b"%d" % uid for uid in mails) + b"\r\n",
            b"LOGOUT": b"* BYE\r\n",
        }
        return untagged.get(verb, b""), b"OK done"

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    await asyncio.sleep(0.02)


def imap_settings(port: int, **fields: object) -> BounceSettings:
    return BounceSettings(
        **{  # type: ignore[arg-type]
            "imap_host": "127.0.0.1",
            "imap_port": port,
            "imap_tls": False,
            "imap_username": "bounces",
            "imap_password": "hush",
            **fields,
        }
    )


async def test_unread_mails_of_a_folder_are_taken_and_marked() -> None:
    kept, flagged = Kept(), []  # type: ignore[var-annotated]
    async with imap_server({4: MAIL, 9: MAIL + b"more\r\n"}, flagged) as port:
        assert await collect(imap_settings(port), kept.take) == 2
    assert [content.splitlines()[-1] for content, _ in kept.mails] == [b".dots and all", b"more"]
    assert sum(b"Seen" in line for line in flagged) == 2


async def test_a_mail_that_cannot_be_kept_stays_unread() -> None:
    flagged: list[bytes] = []
    async with imap_server({4: MAIL}, flagged) as port:
        with pytest.raises(TemporaryDeliveryError):
            await collect(imap_settings(port), Kept(broken=True).take)
    assert flagged == []


@pytest.mark.red("bounce-poison")
async def test_a_mail_that_nobody_can_read_is_flagged_and_stands_in_nobodys_way():
    kept, flagged = Kept(), []  # type: ignore[var-annotated]

    async def take(content: bytes, sent_to: tuple[str, ...]) -> None:
        if b"broken" in content:
            raise LookupError("a reader of ours fails")
        await kept.take(content, sent_to)

    async with imap_server({4: MAIL + b"broken\r\n", 9: MAIL}, flagged) as port:
        assert await collect(imap_settings(port), take) == 2
    assert len(kept.mails) == 1
    assert [b"Flagged" in line for line in flagged] == [True, False]


async def test_what_is_wrong_with_a_mailbox_is_said(unused_tcp_port: int) -> None:
    take = Kept().take
    with pytest.raises(ConfigError, match=r"bounces\.imap_host"):
        await collect(BounceSettings(), take)
    with pytest.raises(TemporaryDeliveryError, match="cannot be read"):
        await collect(imap_settings(unused_tcp_port), take)
    async with imap_server({}, []) as port:
        with pytest.raises(ConfigError, match="login"):
            await collect(imap_settings(port, imap_password="wrong"), take)
        with pytest.raises(ConfigError, match="folder"):
            await collect(imap_settings(port, imap_folder="Nowhere"), take)
