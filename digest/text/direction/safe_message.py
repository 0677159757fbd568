"""Foreign mail as a message, whatever its bytes: in linear time, and never an error. Pure.

The standard library's parser goes through every line once for each part that encloses it, and gives up with a
RecursionError where parts are nested some hundreds deep. Here depth, parts and header fields have limits, and
what is past a limit is left out or stays text.
"""

import base64
import binascii
import quopri
import re
from dataclasses import dataclass
from email.message import Message

LARGEST = 2_000_000
"""Bytes that are read when the caller names no limit of its own."""
DEEPEST = 25
"""Parts within parts; what is deeper stays text."""
MOST_PARTS = 500
MOST_FIELDS = 1_000
"""Header fields of one part that are kept."""
LONGEST_FIELD = 16_000
"""Characters of a header field that are kept: hundreds of recipients, thousands of references."""
LONGEST_MIME_FIELD = 2_000
"""The same for Content-… fields, whose parameters the standard library takes apart in quadratic time."""

_FIELD = re.compile(r"([!-9;-~]+)[ \t]*:")
_IN_CONTAINERS = frozenset({"base64", "quoted-printable"})


@dataclass(slots=True)
class _Left:
    parts: int


def parse_message(content: bytes, *, largest: int = LARGEST) -> Message:
    """Return bytes as a message of the standard library, empty at worst; only the first `largest` bytes are
    read.

    Line ends become \\n. At most 500 parts, nested at most 25 deep, are taken apart; a deeper one keeps its
    text as its payload, so that `is_multipart()` is false for it. Header fields are kept up to 1,000 a part
    and 16,000 characters each, 2,000 for those that begin with Content. Bytes outside ASCII stay as
    surrogates, as the standard library has them. A `message/…` part in a transfer encoding, which RFC 2046
    forbids and servers send, is decoded first.
    """
    text = content[:largest].decode("ascii", "surrogateescape").replace("\r\n", "\n").replace("\r", "\n")
    return _parsed(text, _Left(MOST_PARTS), 0)


def _parsed(text: str, left: _Left, depth: int, kind: str = "text/plain") -> Message:
    message = Message()
    message.set_default_type(kind)
    body = text[_read_fields(message, text) :]
    kind = message.get_content_type()
    if depth >= DEEPEST or not kind.startswith(("multipart/", "message/")):
        message.set_payload(body)
    elif kind.startswith("multipart/"):
        _take_apart(message, body, left, depth)
    else:
        _unwrap(message, body, left, depth)
    return message


def _read_fields(message: Message, text: str) -> int:
    """Add the header fields at the beginning of `text` to a message; returns where its body begins."""
    place, fields = 0, 0
    name, room = "", 0
    value: list[str] = []
    while place < len(text) and text[place] != "\n":
        end = text.find("\n", place)
        end = len(text) if end < 0 else end
        if found := _FIELD.match(text, place, min(end, place + 1_000)):
            _keep(message, name, value)
            if (fields := fields + 1) > MOST_FIELDS:
                blank = text.find("\n\n", place)
                return len(text) if blank < 0 else blank + 2
            name, value, place = found[1], [], found.end()
            room = LONGEST_MIME_FIELD if name.lower().startswith("content-") else LONGEST_FIELD
        elif text[place] not in " \t" and (place or not text.startswith("From ")):
            _keep(message, name, value)
            return place  # no header field: the blank line is missing, and the body begins here
        if room > 0:
            value.append(text[place : min(end, place + room)])
            room -= len(value[-1]) + 1
        place = end + 1
    _keep(message, name, value)
    return min(place + 1, len(text))


def _keep(message: Message, name: str, value: list[str]) -> None:
    if name:
        message.set_raw(name, "\n".join(value).lstrip(" \t"))


def _take_apart(message: Message, body: str, left: _Left, depth: int) -> None:
    """Give a multipart message its parts, or its text where no boundary is found in it."""
    boundary = message.get_boundary()
    cuts = _cuts(body, f"--{boundary}") if boundary else []
    if not cuts:
        message.set_payload(body)
        return
    inner = "message/rfc822" if message.get_content_subtype() == "digest" else "text/plain"
    message.preamble = body[: cuts[0][0]] or None
    parts: list[Message] = []
    for (_, start, last), (end, _, _) in zip(cuts, [*cuts[1:], (len(body) + 1, 0, True)], strict=True):
        if last or left.parts <= 0:
            break
        left.parts -= 1
        # The line end before a boundary belongs to the boundary (RFC 2046 §5.1.1).
        parts.append(_parsed(body[start : max(start, end - 1)], left, depth + 1, inner))
    # A list is what makes it multipart; the type stubs want more than that.
    message.set_payload(parts)  # type: ignore[arg-type]


def _cuts(body: str, mark: str) -> list[tuple[int, int, bool]]:
    """Return where boundary lines begin, where their parts begin, and whether they are the last one."""
    cuts: list[tuple[int, int, bool]] = []
    place = body.find(mark)
    while place >= 0 and len(cuts) <= MOST_PARTS:
        end = place + len(mark)
        if place == 0 or body[place - 1] == "\n":
            stop = body.find("\n", end)
            stop = len(body) if stop < 0 else stop
            rest = body[end:stop].rstrip(" \t")
            if rest in {"", "--"}:
                cuts.append((place, min(stop + 1, len(body)), rest == "--"))
                if rest:
                    break
            end = stop
        place = body.find(mark, end)
    return cuts


def _unwrap(message: Message, body: str, left: _Left, depth: int) -> None:
    """Give a `message/…` part the message that it holds, a delivery status its groups of fields."""
    encoding = str(message.get("Content-Transfer-Encoding", "")).strip().lower()
    if encoding in _IN_CONTAINERS:
        body = _decoded(body, encoding)
        del message["Content-Transfer-Encoding"]
    kind = message.get_content_subtype()
    if kind in {"rfc822", "global"}:
        left.parts -= 1
        message.set_payload([_parsed(body, left, depth + 1)])
    elif kind == "delivery-status":
        groups: list[Message] = []
        for block in re.split(r"\n(?:[ \t]*\n)+", body.strip("\n")):
            if block and left.parts > 0:
                left.parts -= 1
                group = Message()
                group.set_payload(block[_read_fields(group, block) :])
                groups.append(group)
        message.set_payload(groups)  # type: ignore[arg-type]
    else:
        message.set_payload(body)


def _decoded(body: str, encoding: str) -> str:
    raw = body.encode("ascii", "surrogateescape")
    try:
        plain = base64.b64decode(raw) if encoding == "base64" else quopri.decodestring(raw)
    except (binascii.Error, ValueError):
        return body
    return plain.decode("ascii", "surrogateescape").replace("\r\n", "\n").replace("\r", "\n")
