"""The embedded queue."""

import asyncio
from typing import cast

import pytest

from digest.runtime import inprocess
from digest.runtime.inprocess import InProcessQueue
from digest.services.app import App
from digest.services.tasks import TASKS


async def test_whatever_can_be_put_in_line_is_worked_on(monkeypatch: pytest.MonkeyPatch):
    done: set[str] = set()

    async def attempt(_app: App, name: str, _row_id: int) -> None:
        done.add(name)

    monkeypatch.setattr(inprocess, "attempt", attempt)
    async with InProcessQueue() as queue:
        queue.start(cast("App", None))
        for name in TASKS:
            await queue.enqueue(name, 1)
        async with asyncio.timeout(5):
            await queue.idle()
    assert done == set(TASKS)
