"""Logging in to real servers over TLS by every way the settings know, and what each may be given."""

import base64
import hmac
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import MISSING, SMTP, AuthResult, LoginPassword, auth_mechanism

from digest.deliver.outcome import Kind
from digest.deliver.smtp.pool import SmtpMailer
from digest.errors import PermanentDeliveryError, TemporaryDeliveryError
from digest.settings import MailServer, MailSettings
from tests.integration.deliver.inbox import Inbox, real_server
from tests.integration.deliver.letters import Outcomes, a_job, feed, mail_settings, sent
from tests.integration.deliver.scripted import ScriptedServer

USER, PASSWORD, TOKEN = "mujaz", "secret", "a.token"
MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2")
CHALLENGE = b"<1896.697170952@mx.mujaz.example>"


class Gate(SMTP):
    """aiosmtpd with the two mechanisms that it lacks. `used` keeps how each login was done, and by whose certificate."""

    used: list[tuple[str, bool]]

    @auth_mechanism("CRAM-MD5")
    async def auth_cram_md5(self, server: SMTP, args: list[str]) -> AuthResult:
        del server, args
        answer = await self.challenge_auth(CHALLENGE)
        name, _, digest = b"" if answer is MISSING else answer.partition(b" ")
        right = hmac.new(PASSWORD.encode(), CHALLENGE, "md5").hexdigest().encode()
        return self._told("CRAM-MD5", success=(name, digest) == (USER.encode(), right))

    @auth_mechanism("XOAUTH2")
    async def auth_xoauth2(self, server: SMTP, args: list[str]) -> AuthResult:
        del server
        given = base64.b64decode(args[1]) if len(args) > 1 else b""
        wanted = f"user={USER}\x01auth=Bearer {TOKEN}\x01\x01".encode()
        return self._told("XOAUTH2", success=given == wanted)

    def _told(self, mechanism: str, *, success: bool) -> AuthResult:
        self.used.append((mechanism, success))
        return AuthResult(success=success, handled=False)


@asynccontextmanager
async def gate(
    inbox: Inbox, mechanism: str, tls: ssl.SSLContext
) -> AsyncIterator[tuple[int, list[tuple[str, bool]]]]:
    """Serve with one mechanism alone, after STARTTLS alone."""
    used: list[tuple[str, bool]] = []

    def check(server: Any, session: Any, envelope: Any, name: str, data: Any) -> AuthResult:
        del server, session, envelope
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"mujaz", b"secret")
        used.append((name, right))
        return AuthResult(success=right, handled=False)

    class One(Gate):
        pass

    One.used = used
    async with real_server(
        inbox,
        kind=One,
        tls_context=tls,
        require_starttls=True,
        authenticator=check,
        auth_required=True,
        auth_exclude_mechanism=[one for one in MECHANISMS if one != mechanism],
    ) as port:
        yield port, used


def credentials(mechanism: str, folder: Path, word: str = "") -> dict[str, Any]:
    if mechanism != "XOAUTH2":
        return {"username": USER, "password": word or PASSWORD}
    file = folder / "token"
    file.write_text(word or TOKEN)
    return {"username": USER, "token_file": file}


@pytest.mark.parametrize("mechanism", MECHANISMS)
async def test_each_login_is_done_behind_tls(
    mechanism: str, server_tls: ssl.SSLContext, ca_file: Path, tmp_path: Path
) -> None:
    inbox = Inbox()
    async with gate(inbox, mechanism, server_tls) as (port, used):
        chosen = mail_settings(
            port, tls="starttls", ca_file=ca_file, connections=1, **credentials(mechanism, tmp_path)
        )
        outcomes = await sent(SmtpMailer(chosen), [a_job(n) for n in range(3)])
        assert outcomes.kinds == {Kind.ACCEPTED: 3}
        assert used == [(mechanism, True)]
        wrong = chosen.model_copy(update=credentials(mechanism, tmp_path, "wrong"))
        with pytest.raises(PermanentDeliveryError, match="refused the login: 535"):
            await SmtpMailer(MailSettings.model_validate(wrong.model_dump())).check()
    assert used[-1] == (mechanism, False)
    assert len(inbox.kept) == 3


@pytest.fixture(scope="module")
def client_pem(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("client") / "client.pem"
    authority.issue_cert("mujaz@mujaz.example").private_key_and_cert_chain_pem.write_to_path(str(file))
    return file


@pytest.mark.parametrize("mode", ["starttls", "implicit"])
async def test_a_server_that_asks_for_a_certificate_gets_ours(
    mode: str, authority: trustme.CA, ca_file: Path, client_pem: Path
) -> None:
    asking = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(asking)
    authority.configure_trust(asking)
    asking.verify_mode = ssl.CERT_REQUIRED
    where = {"implicit": asking} if mode == "implicit" else {"tls": asking}
    async with ScriptedServer(**where) as server:  # type: ignore[arg-type]
        chosen = mail_settings(server.port, tls=mode, ca_file=ca_file, client_cert=client_pem)
        outcomes = await sent(SmtpMailer(chosen), [a_job(1)])
        assert outcomes.kinds == {Kind.ACCEPTED: 1}
        with pytest.raises(TemporaryDeliveryError, match=r"127\.0\.0\.1"):
            await SmtpMailer(mail_settings(server.port, tls=mode, ca_file=ca_file)).check()
    assert len(server.received) == 1


async def test_a_server_is_given_no_more_than_it_may_and_another_takes_the_rest() -> None:
    async with ScriptedServer() as slow, ScriptedServer() as quick:
        chosen = MailSettings(
            servers=tuple(
                MailServer(name=name, host="127.0.0.1", port=one.port, tls="none", local_name="us.example")
                for name, one in (("slow", slow), ("quick", quick))
            )
        )
        outcomes = Outcomes()
        jobs = [a_job(number) for number in range(20)]
        await SmtpMailer(chosen).send(feed(jobs), outcomes.settle, {"slow": 3})
    assert outcomes.kinds == {Kind.ACCEPTED: 20}
    assert (len(slow.received), len(quick.received)) == (3, 17)
