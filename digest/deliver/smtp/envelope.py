"""The commands of one message and the bytes that follow them. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from digest.deliver.mailer import Job, whole
from digest.deliver.outcome import Kind, Outcome

UNSAFE = re.compile(r"[\x00-\x20\x7f<>]")
"""What may stand in no address of an envelope: it would end the command and begin another."""
_USUAL = re.compile(r"[a-z0-9.+_-]+@[a-z0-9.-]+")
LONGEST_ADDRESS = 254  # RFC 5321 §4.5.3.1.3 with the angle brackets left off.
BARE = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What the server announced in its answer to EHLO. `size` is the largest message in bytes, 0: not said."""

    pipelining: bool = False
    chunking: bool = False
    eight_bit: bool = False
    utf8: bool = False
    announces_size: bool = False
    size: int = 0


class Parcel(NamedTuple):
    """One message, ready for the wire: its envelope's commands without line ends, and its bytes in pieces."""

    mail: bytes
    rcpt: bytes
    pieces: list[bytes]
    size: int

    @property
    def message(self) -> bytes:
        """The bytes in one piece."""
        return b"".join(self.pieces)


def announced(found: Mapping[str, str]) -> Features:
    """Read the features from the answer to EHLO: keywords in small letters, each with its parameters."""
    size = found.get("size", "").strip()
    return Features(
        pipelining="pipelining" in found,
        chunking="chunking" in found,
        eight_bit="8bitmime" in found,
        utf8="smtputf8" in found,
        announces_size="size" in found,
        size=int(size) if size.isascii() and size.isdigit() else 0,
    )


def unsafe(address: str) -> bool:
    """Say whether an address may not stand in an envelope: empty, without @, too long, or with a control or bracket."""
    # The usual ones first, by a single look at them.
    if _USUAL.fullmatch(address) and len(address) <= LONGEST_ADDRESS:
        return False
    return (
        not 3 <= len(address.encode(errors="surrogatepass")) <= LONGEST_ADDRESS
        or "@" not in address[1:-1]
        or UNSAFE.search(address) is not None
    )


def parcel(job: Job, features: Features, *, stuffing: bool = True) -> Parcel | Outcome:
    """Build a job's message and its commands, or say why it cannot be sent through this server.

    Without `stuffing` dots that begin a line stay single, as BDAT wants them (RFC 3030), which counts bytes instead.
    Nothing of a job that is refused here is ever on the wire.
    """
    if unsafe(job.sender) or unsafe(job.recipient):
        return Outcome(Kind.UNSAFE, None, "The address holds a character that no envelope may hold.")
    foreign = not (job.sender.isascii() and job.recipient.isascii())
    if foreign and not features.utf8:
        return Outcome(Kind.UTF8, None, "The server does not take addresses outside ASCII.")
    eight_bit = job.build_eight_bit if features.eight_bit else None
    try:
        content = eight_bit() if eight_bit else job.build()
        if not job.ready:
            content = whole_lines(whole(content))
            content = stuffed(content) if stuffing else content
        sender, recipient = job.sender.encode(), job.recipient.encode()
    except Exception as error:  # noqa: BLE001 - one message that cannot be built must not stop the others
        return Outcome(Kind.UNSAFE, None, f"The message cannot be built: {error!r}"[:300])
    pieces = content if isinstance(content, list) else [content]
    size = sum(map(len, pieces))
    if features.size and size > features.size:
        return Outcome(Kind.MESSAGE, None, f"The message has {size} bytes; the server takes {features.size}.")
    options = b" SIZE=%d" % size if features.announces_size else b""
    if eight_bit:
        options += b" BODY=8BITMIME"
    if foreign:
        options += b" SMTPUTF8"
    return Parcel(b"MAIL FROM:<%b>%b" % (sender, options), b"RCPT TO:<%b>" % recipient, pieces, size)


def whole_lines(message: bytes) -> bytes:
    """Return a message of CRLF lines, the last one ended too.

    A lone CR or LF becomes CRLF: left as it is, it could end the message early on a server that takes it for a line end,
    and begin another of the writer's making.
    """
    left = message.replace(b"\r\n", b"")
    if message.endswith(b"\r\n") and b"\r" not in left and b"\n" not in left:
        return message
    message = BARE.sub(b"\r\n", message)
    return message if message.endswith(b"\r\n") else message + b"\r\n"


def stuffed(lines: bytes) -> bytes:
    """Return CRLF lines with the dots that begin one doubled (RFC 5321 §4.5.2)."""
    doubled = lines.replace(b"\n.", b"\n..") if b"\n." in lines else lines
    return b"." + doubled if doubled.startswith(b".") else doubled
