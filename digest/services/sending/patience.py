"""Repeat work until the database is back."""

import asyncio
from collections.abc import Awaitable, Callable
from math import inf
from typing import TypeVar

from digest.errors import TemporaryStoreError
from digest.services.app import App

Done = TypeVar("Done")

STORE_RETRY_SECONDS = 0.5


async def through_outages(app: App, work: Callable[[], Awaitable[Done]], seconds: float = inf) -> Done:
    """Do work, again and again while the database is away; it must be such that doing it twice harms nothing.

    Raises:
        TemporaryStoreError: the database has been away for longer than `seconds`.
        StoreError: waiting would not help.
    """
    while True:
        try:
            return await work()
        except TemporaryStoreError as error:
            app.database.outage.failed(error)
            if app.database.outage.seconds() >= seconds:
                raise
            await asyncio.sleep(STORE_RETRY_SECONDS)
