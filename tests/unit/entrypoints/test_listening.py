"""Listening beside other work: it ends in order, however it is ended."""

import asyncio
import logging

import pytest
from starlette.applications import Starlette

from digest.entrypoints.listening import answering, bound


async def test_who_is_stopped_while_it_ends_lets_it_end_in_order(caplog: pytest.LogCaptureFixture):
    leave, left = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        async with answering(Starlette(), bound("127.0.0.1", 0)):
            await leave.wait()
            left.set()

    working = asyncio.create_task(work())
    await asyncio.sleep(0.3)
    leave.set()
    await left.wait()
    await asyncio.sleep(0)
    working.cancel()
    with caplog.at_level(logging.WARNING), pytest.raises(asyncio.CancelledError):
        await working
    await asyncio.sleep(0.3)
    assert caplog.messages == []
    assert [one for one in asyncio.all_tasks() if one is not asyncio.current_task()] == []
