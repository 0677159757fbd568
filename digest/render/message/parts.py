"""One part of a message, encoded once: per subscriber only what depends on the subscriber is encoded again.

What comes before the first token is cut after a multiple of 57 octets, which is one base64 line of 76
characters, and kept encoded. From there on few octets are left (tokens stand in the footer), and these are
encoded again for everybody. Should a long constant text follow a token, it is kept encoded too, once for
every place in a line where it has begun so far. So the bytes are exactly those of filling the tokens first
and encoding the whole afterwards.
"""

import re
from binascii import b2a_base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from operator import itemgetter
from struct import unpack_from
from weakref import WeakValueDictionary

from digest.render.message.rendered import Token
from digest.render.message.wrap import LONGEST, SEAM

LINE = 57
"""Octets in one full line of base64."""
LONG_RUN = 2048
"""Constant text shorter than this is encoded again for everybody: that is quicker than looking it up."""
SEGMENT = 1024
"""Octets from which on a table is worth aligning."""
KEPT_PLACES = 8
"""Places in a line for which a long run is kept encoded. Links are all of one length, so that one or two are
in use.
"""

_DOT_OR_NOTHING = (b".", b"")
"""How a value must not begin: it may stand first in its line, and before a dot."""
_CUT = re.compile(f"({'|'.join(Token)})")
_PLACES = {str(token): place for place, token in enumerate(Token)}

Values = tuple[bytes, ...]
"""What goes where the tokens stand: one value for each member of `Token`, in their order."""


def encoded_lines(data: bytes) -> bytes:
    """Return base64 in lines of 76 characters, each with its line end (RFC 2045, section 6.8); nothing for
    nothing.
    """
    text = b2a_base64(data, newline=False)
    full, left = divmod(len(text), 76)
    # One unpacking cuts all lines in a third of the time that slices take.
    lines = unpack_from("76s" * full, text)
    return b"\r\n".join((*lines, text[-left:], b"") if left else (*lines, b""))


class Segment:
    """Constant text of whole lines of base64, in both forms. It must not be changed."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    @cached_property
    def base64(self) -> bytes:
        """The text's full lines, encoded."""
        return encoded_lines(self.raw)


class Segments:
    """The segments that are in use, each once: messages that differ in one section share all others.

    Many messages of one edition are spliced in turn; what they share stays in the processor's cache.
    """

    def __init__(self) -> None:
        self._known: WeakValueDictionary[bytes, Segment] = WeakValueDictionary()

    def has(self, raw: bytes) -> bool:
        """Say whether a text is a segment of a message that is still kept."""
        return raw in self._known

    def of(self, raw: bytes) -> Segment:
        """Return the segment of a text."""
        return self._known.setdefault(raw, Segment(raw))


@dataclass(frozen=True, slots=True)
class Run:
    """A token, by its place among the values, and the constant text after it."""

    place: int
    data: bytes
    _kept: dict[int, tuple[bytes, bytes]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def octets(self) -> int:
        """About how much memory the text takes at most, with what is kept of it encoded."""
        kept = KEPT_PLACES * 4 // 3 if len(self.data) >= LONG_RUN else 0
        return len(self.data) * (1 + kept)

    def after(self, taken: int) -> tuple[bytes, bytes]:
        """Return the full base64 lines of the text without its first `taken` octets, and the octets left
        over.
        """
        found = self._kept.get(taken)
        if found is None:
            stop = len(self.data) - (len(self.data) - taken) % LINE
            found = encoded_lines(self.data[taken:stop]), self.data[stop:]
            if len(self._kept) >= KEPT_PLACES:
                self._kept.clear()
            self._kept[taken] = found
        return found


class Part:
    """One part, cut at its tokens, in canonical form: UTF-8 with CRLF (RFC 2046, section 4.1.1).

    `front` is what stands before the part's transfer encoding: delimiter and Content-Type, each with its line
    end. A text ends with a line end. The first piece of `raw` and `base64` is the same object whatever the
    values are. `opening` are pieces before the text, without tokens, behind each of which blanks mean
    nothing.
    """

    def __init__(
        self, text: str, front: bytes, segments: Segments | None = None, *, opening: tuple[str, ...] = ()
    ) -> None:
        pieces = _CUT.split(text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n"))
        known = segments or Segments()
        kept, self._waiting = _cut(pieces[0])
        kept = [*map(_filled_up, opening), *kept]
        self._own = sum(len(one) for one in kept if not known.has(one))
        self._segments = tuple(map(known.of, kept))
        self._front = front
        self._runs = tuple(
            Run(_PLACES[token], data.encode()) for token, data in zip(pieces[1::2], pieces[2::2], strict=True)
        )
        self._is_short = all(len(run.data) < LONG_RUN for run in self._runs)
        self._places = frozenset(run.place for run in self._runs)
        self._pattern = _escaped(self._waiting) + b"".join(b"%b" + _escaped(run.data) for run in self._runs)
        self._picked = _picking([run.place for run in self._runs])

    def fits(self, values: Values) -> bool:
        """Say whether the filled text could go over SMTP as it is.

        No line is longer than 998 octets, and none begins with a dot: the message needs no look at its lines.
        """
        room = self._room
        if room < 0:
            return False
        for place in self._places:
            value = values[place]
            if len(value) > room or value[:1] in _DOT_OR_NOTHING:
                return False
        return True

    def raw(self, values: Values) -> list[bytes]:
        """Return the part as it is (8bit), in pieces."""
        return [*self._raw_opening, self._tail(values), b"\r\n"]

    def base64(self, values: Values) -> list[bytes]:
        """Return the part in base64, in pieces."""
        if self._is_short:
            return [*self._base64_opening, encoded_lines(self._tail(values))]
        pieces = [*self._base64_opening]
        waiting = self._waiting
        for run in self._runs:
            waiting += values[run.place]
            if len(run.data) < LONG_RUN:
                waiting += run.data
                continue
            taken = -len(waiting) % LINE
            lines, left = run.after(taken)
            pieces += (encoded_lines(waiting + run.data[:taken]), lines)
            waiting = left
        pieces.append(encoded_lines(waiting))
        return pieces

    def filled(self, values: Values) -> str:
        """Return the text with its values, in LF lines."""
        whole = b"".join(segment.raw for segment in self._segments) + self._tail(values)
        return whole.decode().replace("\r\n", "\n")

    @property
    def octets(self) -> int:
        """About how much memory the part takes beside the parts that were there before it, its kept encodings
        included.
        """
        return self._own * 7 // 3 + sum(run.octets for run in self._runs)

    def _tail(self, values: Values) -> bytes:
        return self._pattern % self._picked(values)

    @cached_property
    def _raw_opening(self) -> tuple[bytes, ...]:
        return self._opening(b"8bit", [segment.raw for segment in self._segments])

    @cached_property
    def _base64_opening(self) -> tuple[bytes, ...]:
        return self._opening(b"base64", [segment.base64 for segment in self._segments])

    def _opening(self, encoding: bytes, kept: list[bytes]) -> tuple[bytes, ...]:
        front = self._front + b"Content-Transfer-Encoding: " + encoding + b"\r\n\r\n"
        # A text that is one segment shares nothing: in one piece a signer hashes it once.
        return (front, *kept) if len(kept) > 1 else (b"".join((front, *kept)),)

    @cached_property
    def _room(self) -> int:
        """Octets that each value may have so that every line keeps to the limit; negative when one cannot go
        as it is.

        That is one that passes the limit anyway, or begins with a dot.
        """
        room = LONGEST
        tokens = length = 0
        opening = b"".join(segment.raw for segment in self._segments) + self._waiting
        for number, data in enumerate((opening, *(run.data for run in self._runs))):
            tokens += number > 0
            first, *others = data.split(b"\r\n")
            if any(line.startswith(b".") for line in (others if number else (first, *others))):
                return -1
            length += len(first)
            for line in others:
                room = min(room, _share(length, tokens))
                tokens, length = 0, len(line)
        return min(room, _share(length, tokens))


@lru_cache(maxsize=2048)
def _filled_up(piece: str) -> bytes:
    """A piece in canonical form, with blanks at its end up to a full line of base64."""
    raw = piece.replace("\n", "\r\n").encode()
    return raw + _filling(-len(raw) % LINE).replace("\n", "\r\n").encode()


def aligned(html: str) -> str:
    """Return HTML, in LF lines, in which every long table that others follow ends where a line of base64
    does.

    Between two tables blanks mean nothing, so that a line of them fills up what is missing. Then the same
    table has the same encoding wherever it stands.
    """
    made: list[str] = []
    length = done = 0
    for seam in SEAM.finditer(html):
        piece = html[done : seam.start("gap")] + "\n"
        length += _canonical(piece)
        done = seam.end()
        if length >= SEGMENT:
            piece += _filling(-length % LINE)
            length = 0
        made.append(piece)
    return "".join((*made, html[done:]))


def _cut(opening: str) -> tuple[list[bytes], bytes]:
    """Cut a text at the seams where a line of base64 ends, and behind the last full line; what is left comes
    second.
    """
    kept: list[bytes] = []
    waiting = b""
    for piece in _between_seams(opening):
        waiting += piece.encode()
        if len(waiting) >= SEGMENT and not len(waiting) % LINE:
            kept.append(waiting)
            waiting = b""
    full = len(waiting) - len(waiting) % LINE
    return ([*kept, waiting[:full]] if full else kept), waiting[full:]


def _between_seams(text: str) -> Iterator[str]:
    start = 0
    for seam in SEAM.finditer(text):
        yield text[start : seam.end()]
        start = seam.end()
    yield text[start:]


def _filling(missing: int) -> str:
    """A line of blanks that has, with its CRLF, so many octets, or one line of base64 more."""
    octets = missing if missing != 1 else missing + LINE
    return " " * (octets - 2) + "\n" if octets else ""


def _canonical(text: str) -> int:
    """Octets of a text whose line ends are one character, with CRLF for each."""
    return len(text.encode()) + text.count("\n")


def _escaped(data: bytes) -> bytes:
    return data.replace(b"%", b"%%")


def _picking(places: list[int]) -> Callable[[Values], tuple[bytes, ...]]:
    if len(places) > 1:
        return itemgetter(*places)
    return lambda values: tuple(values[place] for place in places)


def _share(length: int, tokens: int) -> int:
    spare = LONGEST - length
    return spare // tokens if tokens else LONGEST if spare >= 0 else -1
