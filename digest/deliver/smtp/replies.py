"""Reading replies as they come, whole or in pieces (RFC 5321 §4.2)."""

from collections.abc import Iterator
from typing import NamedTuple

USUAL = {b"250": 250, b"354": 354}
MOST_KNOWN = 32
"""Lines that are remembered with what they say: a server says yes to MAIL, RCPT and DATA in the same words
every time.
"""
LONGEST_LINE = 8_192
LONGEST_REPLY = 65_536
"""A server that talks on without end is cut off here; real replies have some hundreds of bytes."""


class Reply(NamedTuple):
    """One reply: its code and its lines joined by spaces."""

    code: int
    line: bytes

    @property
    def text(self) -> str:
        """The words after the code; bytes that are no UTF-8 are replaced."""
        return self.line.decode("utf-8", "replace").strip()


class GarbledReplyError(Exception):
    """What came is no SMTP reply."""


class Replies:
    """Cuts a stream into replies."""

    def __init__(self) -> None:
        self._rest = b""
        self._lines: list[bytes] = []
        self._code = b""
        self._known: dict[bytes, Reply] = {}

    def feed(self, data: bytes) -> Iterator[Reply]:
        """Take in bytes and yield the replies that are complete now, in order; often none or several.

        Raises:
            GarbledReplyError: a line is no reply, or endless; the replies before it have been yielded.
        """
        lines = (self._rest + data).split(b"\n")
        self._rest = lines.pop()
        for line in lines:
            reply = self._known.get(line)
            if reply is None or self._lines:
                reply = self._line(line)
            if reply is not None:
                yield reply
        if len(self._rest) > LONGEST_LINE:
            raise GarbledReplyError("a line without end")

    def _line(self, whole: bytes) -> Reply | None:
        line = whole.rstrip(b"\r")
        code, mark, words = line[:3], line[3:4], line[4:]
        if mark == b" " and code in USUAL and not self._lines:
            usual = Reply(USUAL[code], words)
            if len(self._known) < MOST_KNOWN:
                self._known[whole] = usual
            return usual
        if not (len(code) == 3 and code.isdigit() and code[:1] in b"2345" and mark in {b"", b" ", b"-"}):
            raise GarbledReplyError(line[:80].decode("utf-8", "replace"))
        if self._lines and code != self._code:
            raise GarbledReplyError("a reply whose lines have different codes")
        if mark == b"-":
            self._lines.append(words)
            self._code = code
            if len(self._lines) * 16 + sum(map(len, self._lines)) > LONGEST_REPLY:
                raise GarbledReplyError("a reply without end")
            return None
        if self._lines:
            words = b" ".join([*self._lines, words])
            self._lines = []
        return Reply(int(code), words)
