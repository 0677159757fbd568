"""A reader of messages that owes nothing to Python's e-mail package: RFC 5322, 2045, 2046 and 2047 as they are written.

Python's own parser puts blanks into names and forgives what other programs do not, so it cannot judge.
"""

import re
from base64 import b64decode
from dataclasses import dataclass

ENCODED_WORD = re.compile(r"=\?([A-Za-z0-9-]+)\?([BbQq])\?([!->@-~]+)\?=")


class MalformedError(Exception):
    """The message breaks a rule of its format."""


@dataclass(frozen=True)
class Part:
    content_type: str
    encoding: str
    content: bytes


@dataclass(frozen=True)
class Message:
    fields: tuple[tuple[str, str], ...]
    raw_fields: tuple[bytes, ...]
    parts: tuple[Part, ...]

    def one(self, name: str) -> str:
        """Return the unfolded value of a field that stands exactly once."""
        found = [value for key, value in self.fields if key.lower() == name.lower()]
        if len(found) != 1:
            raise MalformedError(f"{name} stands {len(found)} times")
        return found[0]

    def has(self, name: str) -> bool:
        return any(key.lower() == name.lower() for key, _ in self.fields)


def fields(header: bytes) -> list[bytes]:
    """Cut a header into fields as they stand, folded, without their last line end."""
    if re.search(rb"\r(?!\n)|(?<!\r)\n|\0", header):
        raise MalformedError("a bare CR or LF, or a NUL")
    return re.split(rb"\r\n(?![ \t])", header.removesuffix(b"\r\n"))


def unfolded(raw: bytes) -> tuple[str, str]:
    """Return a field's name and value on one line (RFC 5322, section 2.2.3)."""
    for line in raw.split(b"\r\n"):
        if len(line) > 998 or not line.strip():
            raise MalformedError("a line too long, or empty")
    name, colon, value = raw.replace(b"\r\n", b"").partition(b":")
    if not colon or not re.fullmatch(rb"[!-9;-~]+", name):
        raise MalformedError("no field name")
    return name.decode("ascii"), value.decode("utf-8").strip(" \t")


def shown(value: str) -> str:
    """Return what a reader sees of unstructured text: blanks between two encoded-words do not count (RFC 2047, 6.2)."""
    made = ""
    last_was_encoded = False
    for blanks, token in re.findall(r"([ \t]*)([^ \t]+)", value):
        word = ENCODED_WORD.fullmatch(token)
        made += ("" if word and last_was_encoded else blanks) + (_decoded(word) if word else token)
        last_was_encoded = word is not None
    return made


def _decoded(word: re.Match[str]) -> str:
    if word[1].lower() != "utf-8":
        raise MalformedError("a charset that we never use")
    if word[2] in "bB":
        return b64decode(word[3], validate=True).decode("utf-8")
    octets = re.sub(
        rb"=([0-9A-F]{2})", lambda code: bytes([int(code[1], 16)]), word[3].replace("_", " ").encode()
    )
    return octets.decode("utf-8")


def keeps_to_limits(raw: bytes) -> bool:
    """Say whether lines have 76 characters at most and encoded-words 75 (RFC 2047, section 2), set apart by blanks."""
    lines = raw.removesuffix(b"\r\n").split(b"\r\n")
    words = re.findall(rb"=\?[^? ]+\?[BbQq]\?[^? ]*\?=", raw)
    return max(map(len, lines)) <= 76 and max(map(len, words), default=0) <= 75 and b"?==?" not in raw


def mailbox(value: str) -> tuple[str, str]:
    """Return the display name and the address of a field with one mailbox (RFC 5322, section 3.4)."""
    named = re.fullmatch(r"(?P<phrase>.*?)[ \t]*<(?P<address>[^<> ]+)>", value)
    if not named:
        if re.search(r'[<>,;" ]', value):
            raise MalformedError(f"no mailbox: {value!r}")
        return "", value
    phrase = named["phrase"]
    quoted = re.fullmatch(r'"((?:[^"\\]|\\.)*)"', phrase)
    if quoted:
        return re.sub(r"\\(.)", r"\1", quoted[1]), named["address"]
    for token in phrase.split():
        if not ENCODED_WORD.fullmatch(token) and not re.fullmatch(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+", token):
            raise MalformedError(f"no word of a phrase: {token!r}")
    return shown(phrase), named["address"]


def message(source: bytes) -> Message:
    """Read a whole message of one multipart level."""
    header, gap, body = source.partition(b"\r\n\r\n")
    if not gap:
        raise MalformedError("no empty line after the header")
    raw = fields(header + b"\r\n")
    values = tuple(unfolded(field) for field in raw)
    kind = {name.lower(): value for name, value in values}["content-type"]
    boundary = re.fullmatch(r'multipart/alternative; +boundary="([^"]{1,70})"', kind)
    if not boundary:
        raise MalformedError(f"no multipart/alternative: {kind}")
    delimiter = f"--{boundary[1]}".encode()
    if not body.startswith(delimiter + b"\r\n") or not body.endswith(b"\r\n" + delimiter + b"--\r\n"):
        raise MalformedError("the body is not framed by its delimiters")
    inner = body[len(delimiter) + 2 : -len(delimiter) - 6]
    return Message(
        values, tuple(raw), tuple(_part(piece) for piece in inner.split(b"\r\n" + delimiter + b"\r\n"))
    )


def _part(source: bytes) -> Part:
    header, _, content = source.partition(b"\r\n\r\n")
    values = {name.lower(): value for name, value in (unfolded(raw) for raw in fields(header + b"\r\n"))}
    encoding = values["content-transfer-encoding"]
    if encoding == "base64":
        for line in content.split(b"\r\n"):
            if not re.fullmatch(rb"[A-Za-z0-9+/]{1,76}={0,2}", line) or len(line) > 76 or len(line) % 4:
                raise MalformedError(f"no base64 line: {line[:90]!r}")
        if b"=" in content.rstrip(b"="):
            raise MalformedError("padding before the end")
        content = b64decode(content.replace(b"\r\n", b""), validate=True)
    elif encoding == "8bit":
        if re.search(rb"\r(?!\n)|(?<!\r)\n|\0|[^\r\n]{999}", content):
            raise MalformedError("no 8bit text: a bare CR or LF, a NUL, or a line too long")
    else:
        raise MalformedError(f"an encoding that we never use: {encoding}")
    return Part(values["content-type"], encoding, content)
