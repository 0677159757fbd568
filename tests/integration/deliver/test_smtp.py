"""Sending to real servers: aiosmtpd, and a scripted one where the order of bytes is the point."""

import asyncio
import ssl
from pathlib import Path

import pytest

from digest.deliver.outcome import Kind
from digest.deliver.smtp.pool import SmtpMailer
from digest.errors import ConfigError, PermanentDeliveryError, TemporaryDeliveryError
from tests.integration.deliver.inbox import Inbox, _check, real_server
from tests.integration.deliver.letters import a_job, a_message, mail_settings, sent
from tests.integration.deliver.scripted import EXTENSIONS, ScriptedServer


async def test_every_recipient_gets_the_very_bytes() -> None:
    inbox = Inbox()
    async with real_server(inbox) as port:
        outcomes = await sent(SmtpMailer(mail_settings(port)), [a_job(n) for n in range(20)])
    assert outcomes.kinds == {Kind.ACCEPTED: 20}
    assert dict(inbox.kept) == {
        f"reader{n}@mujaz.example": a_message(f"reader{n}@mujaz.example") for n in range(20)
    }


async def test_a_refusal_keeps_the_servers_words() -> None:
    inbox = Inbox()
    people = ["later@mujaz.example", "amal@mujaz.example", "nobody@mujaz.example", "badr@mujaz.example"]
    async with real_server(inbox) as port:
        outcomes = await sent(
            SmtpMailer(mail_settings(port)), [a_job(n, one) for n, one in enumerate(people)]
        )
    assert (outcomes.of(0).kind, outcomes.of(0).code) == (Kind.TEMPORARY, 451)
    assert outcomes.of(0).reply == "4.7.1 Greylisted"
    assert outcomes.of(2).kind is Kind.ADDRESS
    assert {one for one, _ in inbox.kept} == {"amal@mujaz.example", "badr@mujaz.example"}


async def test_unsafe_addresses_never_reach_the_wire() -> None:
    bad = [
        "a@b.example\r\nRCPT TO:<victim@c.example>",
        "a\x00@b.example",
        "a@b.example\n",
        "",
        "a>@b.example",
    ]
    async with ScriptedServer() as server:
        jobs = [a_job(n, one) for n, one in enumerate(bad)] + [a_job(9), a_job(10, sender="x@y\r\nDATA")]
        outcomes = await sent(SmtpMailer(mail_settings(server.port)), jobs)
    assert outcomes.kinds == {Kind.UNSAFE: 6, Kind.ACCEPTED: 1}
    assert sum(line.startswith(b"RCPT") for line in server.commands) == 1
    assert not any(b"victim" in line for line in server.commands)


async def test_dots_and_bare_line_ends_arrive_as_lines() -> None:
    message = b"Subject: x\n\n.one\n..two\n.\nthree\rfour"
    for extensions in (EXTENSIONS, ("8BITMIME",)):
        for chunking in (False, True):
            async with ScriptedServer(extensions=extensions) as server:
                settings = mail_settings(server.port, chunking=chunking)
                outcomes = await sent(SmtpMailer(settings), [a_job(1, build=lambda: message, ready=False)])
            assert outcomes.of(1).kind is Kind.ACCEPTED
            assert server.received[0].content == b"Subject: x\r\n\r\n.one\r\n..two\r\n.\r\nthree\r\nfour\r\n"


async def test_one_round_trip_carries_a_message_and_the_next_envelope() -> None:
    waits: list[int] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 one.mujaz.example ESMTP\r\n")
        await reader.readline()
        writer.write(b"250-one\r\n250 PIPELINING\r\n")
        group = await reader.readuntil(b"DATA\r\n")
        while group:
            waits.append(group.count(b"\n"))
            writer.write(b"250 Ok\r\n250 Ok\r\n354 Go\r\n")
            await reader.readuntil(b"\r\n.\r\n")
            # Nothing has been answered yet: what comes now was written together with the message.
            group = await asyncio.wait_for(reader.readuntil(b"DATA\r\n"), 0.2) if len(waits) < 5 else b""
            writer.write(b"250 Queued\r\n")
        await reader.readline()
        writer.write(b"221 Bye\r\n")
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    outcomes = await sent(SmtpMailer(mail_settings(port, connections=1)), [a_job(n) for n in range(5)])
    server.close()
    await asyncio.sleep(0.01)
    assert outcomes.kinds == {Kind.ACCEPTED: 5}
    assert waits == [3] * 5


async def test_a_refused_recipient_is_forgotten_before_the_next() -> None:
    async with ScriptedServer("RCPT", "5xx") as server:
        jobs = [a_job(0, "victim@mujaz.example"), a_job(1), a_job(2)]
        outcomes = await sent(SmtpMailer(mail_settings(server.port, connections=1)), jobs)
    assert outcomes.of(0).kind is Kind.PERMANENT
    assert outcomes.kinds[Kind.ACCEPTED] == 2
    assert b"RSET\r\n" in server.commands


async def test_a_connection_is_renewed_after_its_share_of_messages() -> None:
    async with ScriptedServer() as server:
        settings = mail_settings(server.port, connections=1, messages_per_connection=3)
        outcomes = await sent(SmtpMailer(settings), [a_job(n) for n in range(10)])
    assert outcomes.kinds == {Kind.ACCEPTED: 10}
    assert server.connections == 4
    assert server.commands.count(b"QUIT\r\n") == 4


async def test_chunks_are_used_only_when_asked_for() -> None:
    for chunking in (False, True):
        async with ScriptedServer() as server:
            settings = mail_settings(server.port, chunking=chunking)
            outcomes = await sent(SmtpMailer(settings), [a_job(n) for n in range(12)])
        assert outcomes.kinds == {Kind.ACCEPTED: 12}
        assert {one.content for one in server.received} == {
            a_message(f"reader{n}@mujaz.example") for n in range(12)
        }
        assert any(line.startswith(b"BDAT") for line in server.commands) is chunking


@pytest.mark.parametrize("quirk", ["setting", "pattern"])
async def test_a_server_that_does_not_bear_pipelining_is_spoken_to_plainly(quirk: str) -> None:
    fields = {"pipelining": False} if quirk == "setting" else {"plain_hosts": ("127.0.0.*",)}
    async with ScriptedServer("RCPT", "5xx") as server:
        jobs = [a_job(0, "victim@mujaz.example"), a_job(1)]
        outcomes = await sent(SmtpMailer(mail_settings(server.port, connections=1, **fields)), jobs)
    assert outcomes.kinds == {Kind.PERMANENT: 1, Kind.ACCEPTED: 1}
    # Pipelined, DATA would have been said before the refusal was read.
    assert server.commands.count(b"DATA\r\n") == 1


async def test_the_eight_bit_form_goes_out_where_it_is_taken() -> None:
    short = a_message("x@y.example") + "موجز\r\n".encode()
    for extensions, content in ((EXTENSIONS, short), (("PIPELINING",), a_message("x@y.example"))):
        async with ScriptedServer(extensions=extensions) as server:
            job = a_job(1, "x@y.example", build_eight_bit=lambda: short)
            await sent(SmtpMailer(mail_settings(server.port)), [job])
        assert server.received[0].content == content


async def test_a_large_message_passes_through_a_slow_reader() -> None:
    big = b"Subject: big\r\n\r\n" + (b"x" * 70 + b"\r\n") * 40_000
    async with ScriptedServer() as server:
        jobs = [a_job(n, build=lambda: big) for n in range(3)]
        outcomes = await sent(SmtpMailer(mail_settings(server.port, connections=1)), jobs)
    assert outcomes.kinds == {Kind.ACCEPTED: 3}
    assert all(one.content == big for one in server.received)


@pytest.mark.parametrize("mode", ["starttls", "implicit", "opportunistic"])
async def test_mail_goes_encrypted(mode: str, server_tls: ssl.SSLContext, ca_file: Path) -> None:
    options = {"implicit": server_tls} if mode == "implicit" else {"tls": server_tls}
    async with ScriptedServer(**options) as server:
        settings = mail_settings(server.port, tls=mode, ca_file=ca_file)
        outcomes = await sent(SmtpMailer(settings), [a_job(n) for n in range(6)])
    assert outcomes.kinds == {Kind.ACCEPTED: 6}
    assert (b"STARTTLS\r\n" in server.commands) is (mode != "implicit")


async def test_opportunistic_mail_goes_in_the_clear_where_there_is_no_tls() -> None:
    async with ScriptedServer() as server:
        outcomes = await sent(SmtpMailer(mail_settings(server.port, tls="opportunistic")), [a_job(1)])
    assert outcomes.kinds == {Kind.ACCEPTED: 1}


async def test_required_tls_is_required() -> None:
    async with ScriptedServer() as server:
        with pytest.raises(TemporaryDeliveryError, match="tls"):
            await sent(SmtpMailer(mail_settings(server.port, tls="starttls")), [a_job(1)])
    assert not any(line.startswith(b"MAIL") for line in server.commands)


async def test_a_certificate_of_a_stranger_is_refused(server_tls: ssl.SSLContext) -> None:
    async with ScriptedServer(implicit=server_tls) as server:
        with pytest.raises(TemporaryDeliveryError, match="certificate"):
            await sent(SmtpMailer(mail_settings(server.port, tls="implicit")), [a_job(1)])


async def test_a_password_is_not_said_in_the_clear() -> None:
    async with ScriptedServer(extensions=(*EXTENSIONS, "AUTH PLAIN LOGIN")) as server:
        settings = mail_settings(server.port, tls="opportunistic", username="mujaz", password="secret")
        with pytest.raises(PermanentDeliveryError, match="in the clear"):
            await SmtpMailer(settings).check()
    assert not any(line.startswith(b"AUTH") for line in server.commands)


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
async def test_the_login_is_done(mechanism: str, server_tls: ssl.SSLContext, ca_file: Path) -> None:
    other = {"PLAIN": "LOGIN", "LOGIN": "PLAIN"}[mechanism]
    inbox = Inbox()
    async with real_server(
        inbox,
        tls_context=server_tls,
        authenticator=_check,
        auth_required=True,
        auth_exclude_mechanism=[other],
    ) as port:
        settings = mail_settings(port, tls="starttls", ca_file=ca_file, username="mujaz", password="secret")
        assert (await SmtpMailer(settings).check()).startswith("250")
        outcomes = await sent(SmtpMailer(settings), [a_job(1)])
        wrong = settings.model_copy(update={"password": None})
        with pytest.raises(PermanentDeliveryError, match="refused the login: 535"):
            await SmtpMailer(wrong).check()
        with pytest.raises(TemporaryDeliveryError, match="refused the login: 535"):
            await sent(SmtpMailer(wrong), [a_job(1)])
    assert outcomes.kinds == {Kind.ACCEPTED: 1}


async def test_an_access_token_is_read_from_its_file_at_every_login(tmp_path: Path) -> None:
    token = tmp_path / "token"
    async with ScriptedServer(extensions=(*EXTENSIONS, "AUTH XOAUTH2")) as server:
        mailer = SmtpMailer(mail_settings(server.port, username="mujaz", token_file=token))
        with pytest.raises(ConfigError, match="token"):
            await mailer.check()
        token.write_text("first\n")
        await mailer.check()
        token.write_text("second\n")
        await mailer.check()
    logins = [line for line in server.commands if line.startswith(b"AUTH XOAUTH2")]
    assert len(set(logins)) == 2
