"""Read the answers of a child process: many come at once."""

import asyncio
from typing import Any

from digest.collect.sandbox.protocol import HEAD, unpacked

LONGEST_ANSWER = 128_000_000
ONCE = 65_536
"""Bytes that are read at once."""


class AnswerStream:
    """Answers out of what a child writes, one after the other."""

    def __init__(self, stream: asyncio.StreamReader) -> None:
        self._stream = stream
        self._kept = b""
        self._at = 0

    def whole(self) -> dict[str, Any] | None:
        """Take the next answer; None when it has not come to its end.

        Raises:
            ValueError: it is too long, or no JSON.
        """
        start = self._at + HEAD.size
        if len(self._kept) < start:
            return None
        size, *_ = HEAD.unpack_from(self._kept, self._at)
        if size > LONGEST_ANSWER:
            raise ValueError("the answer is too long")
        if len(self._kept) < start + size:
            return None
        self._at = start + size
        answer: dict[str, Any] = unpacked(self._kept[start : self._at])
        return answer

    async def more(self) -> None:
        """Wait for more bytes: for all that is missing of an answer that has begun.

        Raises:
            asyncio.IncompleteReadError: the child has ended.
        """
        begun = self._kept[self._at :]
        missing = HEAD.size - len(begun)
        if missing <= 0:
            missing += HEAD.unpack_from(begun)[0]
        exactly = await self._stream.readexactly(missing) if missing > ONCE else b""
        read = exactly or await self._stream.read(ONCE)
        if not read:
            raise asyncio.IncompleteReadError(begun, len(begun) + missing)
        self._kept, self._at = begun + read, 0
