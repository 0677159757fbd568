"""What the doctor finds at the mail servers themselves."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from digest.clock import FixedClock
from digest.services.doctor import examine as doctor
from digest.services.doctor.finding import Finding, FindingState
from digest.storage.database.engine import Database
from tests.fakes_delivery import FakeMailer, an_app
from tests.integration.deliver.scripted import EXTENSIONS, ScriptedServer

NOW = datetime(2026, 1, 5, tzinfo=UTC)


async def found_at(embedded: Database, *servers: dict[str, object]) -> list[Finding]:
    app = an_app(embedded, FakeMailer(), FixedClock(NOW), {"mail": {"servers": servers}})
    return await doctor.greeting(app)


def at(server: ScriptedServer, **fields: object) -> dict[str, object]:
    return {"host": "127.0.0.1", "port": server.port, "local_name": "us.example", **fields}


@pytest.mark.parametrize(("days", "state"), [(60, FindingState.GOOD), (10, FindingState.WARN)])
async def test_a_certificate_that_soon_ends_is_warned_about(
    embedded: Database, tmp_path: Path, days: int, state: FindingState
):
    authority = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ends = datetime.now(UTC) + timedelta(days=days)  # noqa: TID251 - TLS looks at the real clock
    authority.issue_cert("127.0.0.1", not_after=ends).configure_cert(tls)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    async with ScriptedServer(tls=tls, extensions=(*EXTENSIONS, "AUTH PLAIN")) as server:
        login = {"username": "mujaz", "ca_file": tmp_path / "ca.pem"}
        app = an_app(
            embedded,
            FakeMailer(),
            FixedClock(ends - timedelta(days=days)),
            {"mail": {"servers": [at(server, **login)]}},
        )
        smtp, found = await doctor.greeting(app)
    assert (smtp.state, "takes our login" in smtp.says) == (FindingState.GOOD, True)
    assert (found.check, found.state) == ("TLS", state)
    assert "TLSv1.3" in found.says
    assert f"{ends:%Y-%m-%d}" in found.says


async def test_each_server_is_looked_at_and_one_that_is_away_hides_no_other(
    embedded: Database, unused_tcp_port: int
):
    async with ScriptedServer() as server:
        away = {"name": "away", "host": "127.0.0.1", "port": unused_tcp_port}
        found = await found_at(embedded, away, at(server, name="plain", tls="none"))
    assert [(one.check, one.state) for one in found] == [
        ("SMTP", FindingState.BAD),
        ("SMTP", FindingState.GOOD),
        ("TLS", FindingState.WARN),
    ]
    assert "away cannot be reached" in found[0].says
    assert found[2].line == 'mail.tls = "starttls"'


async def test_without_a_server_the_embedded_mailbox_is_named(embedded: Database):
    (found,) = await found_at(embedded)
    assert (found.state, "embedded mailbox" in found.says) == (FindingState.WARN, True)
