"""Servers and connections: who gets how much, what happens when one dies, and what is kept for the next batch."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from digest.deliver.mailer import Job
from digest.deliver.outcome import Kind
from digest.deliver.smtp.pool import SmtpMailer
from digest.settings import MailServer, MailSettings
from tests.integration.deliver.letters import Outcomes, a_job, feed, mail_settings, sent
from tests.integration.deliver.scripted import EXTENSIONS, ScriptedServer


async def test_two_servers_share_the_mail_by_weight() -> None:
    async with ScriptedServer() as heavy, ScriptedServer() as light:
        settings = MailSettings(
            servers=tuple(
                MailServer(
                    host="127.0.0.1", port=one.port, tls="none", weight=weight, local_name="us.example"
                )
                for one, weight in ((heavy, 3), (light, 1))
            )
        )
        outcomes = await sent(SmtpMailer(settings), [a_job(n) for n in range(80)])
        assert (await SmtpMailer(settings).check()).count("\n") == 1
    assert outcomes.kinds == {Kind.ACCEPTED: 80}
    assert (len(heavy.received), len(light.received)) == (60, 20)


async def test_a_list_is_sent_through_its_own_server() -> None:
    async with ScriptedServer() as own, ScriptedServer() as common:
        settings = MailSettings(
            servers=(
                MailServer(
                    host="127.0.0.1", port=own.port, tls="none", lists=("breaking",), local_name="us.example"
                ),
                MailServer(host="127.0.0.1", port=common.port, tls="none", local_name="us.example"),
            )
        )
        jobs = [a_job(n, route="breaking" if n % 2 else "daily") for n in range(10)]
        await sent(SmtpMailer(settings), jobs)
    assert (len(own.received), len(common.received)) == (5, 5)


async def test_when_a_server_dies_in_the_middle_the_other_takes_over() -> None:
    async with ScriptedServer("MAIL", "drop") as dying, ScriptedServer() as good:
        settings = MailSettings(
            servers=tuple(
                MailServer(
                    host="127.0.0.1", port=one.port, tls="none", connections=1, local_name="us.example"
                )
                for one in (dying, good)
            )
        )
        jobs = [a_job(n, f"victim{n}@mujaz.example") for n in range(30)]
        outcomes = await sent(SmtpMailer(settings, pause_seconds=0.01), jobs)
    assert len(outcomes.all) == 30
    assert len(good.received) == outcomes.kinds[Kind.ACCEPTED] >= 20
    assert set(outcomes.kinds) <= {Kind.ACCEPTED, Kind.TEMPORARY}


async def test_when_the_only_server_dies_what_was_pulled_is_settled_and_the_rest_stays() -> None:
    async with ScriptedServer("MAIL", "drop") as dying:
        jobs = [a_job(n, f"victim{n}@mujaz.example") for n in range(200)]
        outcomes = Outcomes()
        pulled: list[Job] = []

        async def watched() -> AsyncIterator[Job]:
            for job in jobs:
                pulled.append(job)
                yield job

        await SmtpMailer(mail_settings(dying.port), pause_seconds=0.01).send(watched(), outcomes.settle)
    assert 0 < len(pulled) < 30
    for job in pulled:
        assert outcomes.of(job.subscriber_id).kind in {Kind.TEMPORARY, Kind.UNTRIED}
    assert len(outcomes.all) == len(pulled)


async def test_a_feed_that_breaks_loses_nothing_it_gave() -> None:
    async def breaking() -> AsyncIterator[Job]:
        for number in range(5):
            yield a_job(number)
        raise LookupError("the database went away")

    outcomes = Outcomes()
    async with ScriptedServer() as server:
        with pytest.raises(LookupError, match="went away"):
            await SmtpMailer(mail_settings(server.port)).send(breaking(), outcomes.settle)
    assert outcomes.kinds == {Kind.ACCEPTED: 5}


@pytest.mark.parametrize("extensions", [EXTENSIONS, ("8BITMIME",)])
async def test_a_cancelled_send_settles_every_job_it_pulled(extensions: tuple[str, ...]) -> None:
    outcomes = Outcomes()
    pulled: list[int] = []

    async def watched() -> AsyncIterator[Job]:
        for number in range(100):
            pulled.append(number)
            yield a_job(number, f"victim{number}@mujaz.example")

    async with ScriptedServer("dot", "hang", extensions=extensions) as server:
        task = asyncio.create_task(SmtpMailer(mail_settings(server.port)).send(watched(), outcomes.settle))
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert outcomes.kinds[Kind.LOST] == 2
    assert sorted(number for number, _ in outcomes.all) == pulled


async def test_a_slow_feed_keeps_the_connections() -> None:
    async def slow() -> AsyncIterator[Job]:
        for number in range(6):
            await asyncio.sleep(0.02)
            yield a_job(number)

    outcomes = Outcomes()
    async with ScriptedServer() as server:
        await SmtpMailer(mail_settings(server.port)).send(slow(), outcomes.settle)
    assert outcomes.kinds == {Kind.ACCEPTED: 6}
    assert server.connections <= 2


async def test_a_gate_of_one_is_no_deadlock() -> None:
    gate = asyncio.Semaphore(1)
    outcomes = Outcomes()

    async def gated() -> AsyncIterator[Job]:
        for number in range(10):
            await gate.acquire()
            yield a_job(number)

    def settle(job: Job, outcome: Any) -> None:
        outcomes.settle(job, outcome)
        gate.release()

    async with ScriptedServer() as server:
        await SmtpMailer(mail_settings(server.port)).send(gated(), settle)
    assert outcomes.kinds == {Kind.ACCEPTED: 10}


async def test_no_jobs_is_no_error() -> None:
    async with ScriptedServer() as server:
        await SmtpMailer(mail_settings(server.port)).send(feed([]), Outcomes().settle)
    assert server.commands[-1] == b"QUIT\r\n"


async def test_connections_are_kept_for_the_next_batch_and_closed_in_the_end() -> None:
    async with ScriptedServer() as server:
        settings = mail_settings(server.port, connections=1, messages_per_connection=8)
        async with SmtpMailer(settings) as mailer:
            for start in (0, 3, 6):
                outcomes = await sent(mailer, [a_job(n) for n in range(start, start + 3)])
                assert outcomes.kinds == {Kind.ACCEPTED: 3}
            assert server.connections == 2  # the ninth message is one too many for the first
        assert server.commands.count(b"QUIT\r\n") == 2
        await sent(SmtpMailer(settings), [a_job(1)])
        assert server.commands.count(b"QUIT\r\n") == 3


async def test_a_kept_connection_that_the_server_has_closed_is_not_used() -> None:
    async with ScriptedServer() as server:
        async with SmtpMailer(mail_settings(server.port, connections=1)) as mailer:
            await sent(mailer, [a_job(1)])
            server.hang_up()
            await asyncio.sleep(0.02)
            outcomes = await sent(mailer, [a_job(2)])
        assert outcomes.kinds == {Kind.ACCEPTED: 1}
        assert server.connections == 2
