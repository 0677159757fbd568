"""Print the table of hostile feeds as docs/why/feeds.md has it: `python -m tests.integration.collect.hostile_table`."""

import asyncio
import re
import sys
from contextlib import AsyncExitStack

from digest.collect import failures
from digest.collect.fetch.http import Http
from digest.collect.sandbox.pool import SandboxPool
from digest.errors import SourceError
from digest.settings import CollectSettings
from tests.builders import NOW
from tests.integration.collect.hostile_site import RAW, SECONDS, published, writes
from tests.integration.collect.site import Site
from tests.unit.collect.hostile_feeds import BODIES

LOCAL = re.compile(r"127\.0\.0\.1(?::\d+)?")


async def said(http: Http, sandbox: SandboxPool, location: str) -> str:
    """Why this address is no source, by the reason's name and in the words that stand in the history."""
    try:
        answer = await http.get(location)
        await sandbox.feed(answer.body, url=location, zone="UTC", now=NOW)
    except SourceError as error:
        return f"`{failures.reason(error)}` | {LOCAL.sub('marfa.example', error.message)}"
    return "| read"


async def main() -> None:
    """Serve everything that is hostile and print what is said about it."""
    settings = CollectSettings(allow_hosts=("127.0.0.1",), total_seconds=SECONDS, readers=1)
    sandbox = SandboxPool(settings)
    async with AsyncExitStack() as stack:
        site = await stack.enter_async_context(Site())
        http = await stack.enter_async_context(Http(settings, "1.0"))
        found = {name: site.publishes(f"/body/{n}", body) for n, (name, body) in enumerate(BODIES.items())}
        found |= published(site)
        for name, words in RAW.items():
            server = await stack.enter_async_context(
                await asyncio.start_server(writes(words), "127.0.0.1", 0)
            )
            found[name] = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/feed"
        sys.stdout.write("| what is sent | reason | what is said |\n|---|---|---|\n")
        for name, location in found.items():
            sys.stdout.write(f"| {name} | {await said(http, sandbox, location)} |\n")
        await sandbox.close()


if __name__ == "__main__":
    asyncio.run(main())
