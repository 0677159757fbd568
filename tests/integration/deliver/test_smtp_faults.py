"""Every step of the conversation, broken in every way: each recipient ends delivered or with a reason."""

import asyncio

import pytest

from digest.deliver.outcome import Kind
from digest.deliver.smtp.pool import SmtpMailer
from digest.errors import TemporaryDeliveryError
from digest.settings import MailServer, MailSettings
from tests.integration.deliver.letters import Outcomes, a_job, feed, mail_settings
from tests.integration.deliver.scripted import EXTENSIONS, ScriptedServer

TIMEOUT = 0.15
VICTIM = 3
COUNT = 8
PLAIN = tuple(one for one in EXTENSIONS if one not in {"PIPELINING", "CHUNKING"})
FAULTS = ("421", "4xx", "5xx", "drop", "hang", "garbage", "half", "slow")
ANSWERS = {"421": Kind.RATE, "4xx": Kind.TEMPORARY, "5xx": Kind.PERMANENT}


def jobs() -> list:  # type: ignore[type-arg]
    return [a_job(n, "victim@mujaz.example" if n == VICTIM else None) for n in range(COUNT)]


def expected(step: str, fault: str, *, chunking: bool = False) -> set[Kind]:
    if fault in ANSWERS:
        return {Kind.POLICY} if (step, fault) == ("MAIL", "5xx") else {ANSWERS[fault]}
    if chunking or step in {"body", "dot"}:
        return {Kind.LOST}
    return {Kind.TEMPORARY}


async def run(server: ScriptedServer, **fields: object) -> tuple[Outcomes, float]:
    settings = mail_settings(server.port, timeout_seconds=TIMEOUT, **fields)
    outcomes = Outcomes()
    loop = asyncio.get_running_loop()
    start = loop.time()
    await SmtpMailer(settings, pause_seconds=0.01).send(feed(jobs()), outcomes.settle)
    return outcomes, loop.time() - start


def assert_others_are_delivered(server: ScriptedServer, outcomes: Outcomes) -> None:
    for number in range(COUNT):
        if number != VICTIM:
            assert outcomes.of(number).kind is Kind.ACCEPTED
            assert server.recipients[f"reader{number}@mujaz.example"] == 1


@pytest.mark.parametrize(
    ("mode", "fault"),
    [(mode, fault) for mode in ("pipelined", "plain") for fault in FAULTS],
)
@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "body", "dot"])
async def test_a_message_that_is_broken_off_delays_no_other(mode: str, step: str, fault: str) -> None:
    async with ScriptedServer(step, fault, PLAIN if mode == "plain" else EXTENSIONS) as server:
        outcomes, seconds = await run(server)
    assert outcomes.of(VICTIM).kind in expected(step, fault)
    assert outcomes.of(VICTIM).reply
    assert_others_are_delivered(server, outcomes)
    assert seconds < 2 * TIMEOUT + 1.5


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("step", ["MAIL", "RCPT", "body", "dot"])
async def test_a_broken_chunk_leaves_nobody_unsettled(step: str, fault: str) -> None:
    async with ScriptedServer(step, fault) as server:
        outcomes, seconds = await run(server, chunking=True)
    assert len(outcomes.all) == COUNT
    assert outcomes.of(VICTIM).kind in expected(step, fault, chunking=True)
    for number in range(COUNT):
        # Behind the broken one in the window, bytes were on the wire already: in doubt, and said so.
        kind = outcomes.of(number).kind
        delivered = server.recipients[f"reader{number}@mujaz.example"]
        assert delivered <= 1
        if number != VICTIM:
            assert (kind is Kind.ACCEPTED and delivered == 1) or kind is Kind.LOST
    assert seconds < 2 * TIMEOUT + 1.5


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_farewell_that_fails_undoes_nothing(fault: str) -> None:
    async with ScriptedServer("QUIT", fault) as server:
        outcomes, seconds = await run(server)
    assert outcomes.kinds == {Kind.ACCEPTED: COUNT}
    assert sum(server.recipients.values()) == COUNT
    assert seconds < TIMEOUT + 1.5


CONNECTING = [("connect", "refuse")] + [
    (step, fault) for step in ("banner", "EHLO", "STARTTLS", "AUTH") for fault in FAULTS
]


def _fields(step: str, server: ScriptedServer, port: int) -> dict[str, object]:
    fields: dict[str, object] = {"host": "127.0.0.1", "port": port, "tls": "none", "local_name": "us.example"}
    if step == "STARTTLS":
        fields["tls"] = "starttls"
    if step == "AUTH":
        fields |= {"username": "mujaz", "password": "secret"}
        server.extensions = (*EXTENSIONS, "AUTH PLAIN")
    return fields


@pytest.mark.parametrize(("step", "fault"), CONNECTING)
async def test_a_server_that_cannot_be_used_is_named_and_no_job_is_pulled(
    step: str, fault: str, server_tls: object, unused_tcp_port: int
) -> None:
    async with ScriptedServer(step, fault, tls=server_tls if step == "STARTTLS" else None) as server:  # type: ignore[arg-type]
        fields = _fields(step, server, unused_tcp_port if step == "connect" else server.port)
        settings = MailSettings(**fields, connect_seconds=TIMEOUT)  # type: ignore[arg-type]
        outcomes = Outcomes()
        pulled = feed(jobs())
        start = asyncio.get_running_loop().time()
        if (step, fault) in {("EHLO", "4xx"), ("EHLO", "5xx")}:
            # Then HELO is said, which this server refuses as well.
            assert server.step == "EHLO"
        with pytest.raises(TemporaryDeliveryError, match=r"127\.0\.0\.1"):
            await SmtpMailer(settings).send(pulled, outcomes.settle)
        assert asyncio.get_running_loop().time() - start < 4 * TIMEOUT + 1
        assert not outcomes.all
        assert (await anext(pulled)).subscriber_id == 0


@pytest.mark.parametrize(("step", "fault"), CONNECTING)
async def test_when_one_server_cannot_be_used_another_sends_all(
    step: str, fault: str, server_tls: object, unused_tcp_port: int
) -> None:
    async with (
        ScriptedServer(step, fault, tls=server_tls if step == "STARTTLS" else None) as broken,  # type: ignore[arg-type]
        ScriptedServer() as good,
    ):
        port = unused_tcp_port if step == "connect" else broken.port
        settings = MailSettings(
            servers=(
                MailServer(**_fields(step, broken, port)),  # type: ignore[arg-type]
                MailServer(host="127.0.0.1", port=good.port, tls="none", local_name="us.example"),
            ),
            connect_seconds=TIMEOUT,
        )
        outcomes = Outcomes()
        await SmtpMailer(settings).send(feed(jobs()), outcomes.settle)
    assert outcomes.kinds == {Kind.ACCEPTED: COUNT}
    assert sum(good.recipients.values()) == COUNT
