"""Limit how many messages are on the wire or unrecorded at once."""

import asyncio

from digest.settings import MailSettings


def window(mail: MailSettings) -> int:
    """Return how many messages may be on the wire or unrecorded at once: three eighths of the gate, if the
    connections allow.

    While a commit lasts others go out; a crash repeats half of what is let through, on average.
    """
    return min(mail.gate, max(mail.gate * 3 // 8, 2 * mail.connections))


class Gate:
    """Places for messages that are on the wire or unrecorded. One waits for a place at a time."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._waiter: asyncio.Future[None] | None = None

    async def entered(self) -> None:
        """Take a place, and wait until there is one."""
        while not self._free:
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        self._free -= 1

    def leave(self, count: int = 1) -> None:
        """Give places back."""
        self._free += count
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
