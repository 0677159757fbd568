"""One client, one measurement: the same bytes to the same sink.

    python benchmarks/sending/transport.py CLIENT PORT MESSAGES BYTES CONNECTIONS [CA_FILE]

Prints JSON: seconds, CPU seconds and messages. Our mailer's time includes connecting, as smtp-source's does; the other
clients are connected before the clock runs.
"""

import asyncio
import base64
import json
import os
import smtplib
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

SENDER, READER = "b+1.1@bounces.mujaz.example", "reader@mujaz.example"


def message(size: int) -> bytes:
    """A message of about that many bytes, base64 like Arabic mail."""
    head = b"From: digest@mujaz.example\r\nTo: reader@mujaz.example\r\nSubject: x\r\n\r\n"
    lines = (base64.b64encode(os.urandom(57)) for _ in range(size // 78))
    return head + b"\r\n".join(lines) + b"\r\n"


async def ours(
    port: int, count: int, content: bytes, connections: int, ca_file: str | None, **fields: Any
) -> dict[str, float]:
    """Our mailer."""
    import structlog

    from digest.deliver.mailer import Job
    from digest.deliver.outcome import Kind, Outcome
    from digest.deliver.smtp.pool import SmtpMailer
    from digest.settings import MailSettings

    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    settings = MailSettings(
        host="127.0.0.1",
        port=port,
        tls="implicit" if ca_file else "none",
        ca_file=ca_file,
        connections=connections,
        messages_per_connection=10**9,
        local_name="sender.mujaz.example",
        **fields,
    )
    accepted = 0

    def settle(job: Job, outcome: Outcome) -> None:
        nonlocal accepted
        assert outcome.kind is Kind.ACCEPTED, (job, outcome)
        accepted += 1

    async def feed() -> AsyncIterator[Job]:
        for number in range(count):
            # As an edition's messages are: CRLF lines without a dot in front, known without a look at each.
            yield Job(number, SENDER, READER, lambda: content, ready=True)

    clock = Clock()
    await SmtpMailer(settings).send(feed(), settle)
    assert accepted == count
    return clock.read(count)


class Clock:
    """Wall and CPU time from now on."""

    def __init__(self) -> None:
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def read(self, count: int) -> dict[str, float]:
        return {
            "seconds": time.perf_counter() - self.wall,
            "cpu": time.process_time() - self.cpu,
            "messages": count,
        }


async def aiosmtplib_sendmail(
    port: int, count: int, content: bytes, connections: int, ca_file: str | None
) -> dict[str, float]:
    """aiosmtplib's own way, each connection used again and again."""
    import ssl

    import aiosmtplib

    context = ssl.create_default_context(cafile=ca_file) if ca_file else None
    clients = [
        aiosmtplib.SMTP(
            hostname="127.0.0.1", port=port, start_tls=False, use_tls=bool(ca_file), tls_context=context
        )
        for _ in range(connections)
    ]
    for client in clients:
        await client.connect()
    left = count

    async def work(client: aiosmtplib.SMTP) -> None:
        nonlocal left
        while left > 0:
            left -= 1
            await client.sendmail(SENDER, [READER], content)

    clock = Clock()
    await asyncio.gather(*(work(client) for client in clients))
    found = clock.read(count)
    for client in clients:
        await client.quit()
    return found


def smtplib_threads(port: int, count: int, content: bytes, connections: int) -> dict[str, float]:
    """The standard library, a thread a connection."""
    clients = [smtplib.SMTP("127.0.0.1", port) for _ in range(connections)]

    def work(client: smtplib.SMTP, share: int) -> None:
        for _ in range(share):
            client.sendmail(SENDER, [READER], content)

    clock = Clock()
    threads = [threading.Thread(target=work, args=(client, count // connections)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = clock.read(count // connections * connections)
    for client in clients:
        client.quit()
    return found


def main() -> None:
    name, port, count, size, connections, *more = sys.argv[1:]
    ca_file = more[0] if more else None
    content = message(int(size))
    arguments = (int(port), int(count), content, int(connections))
    run: Callable[..., Any] = asyncio.run
    if name.endswith("+uvloop"):
        import uvloop

        run, name = uvloop.run, name.removesuffix("+uvloop")
    if name == "smtplib":
        found = smtplib_threads(*arguments)
    elif name == "aiosmtplib":
        found = run(aiosmtplib_sendmail(*arguments, ca_file))
    else:
        fields = {"plain": {"pipelining": False}, "bdat": {"chunking": True}}.get(name, {})
        found = run(ours(*arguments, ca_file, **fields))
    print(json.dumps({**found, "bytes": len(content)}))


if __name__ == "__main__":
    main()
