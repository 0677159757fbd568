"""A mail as the checks see it: decoded here, not by the library that other programs encode with."""

import base64
import binascii
import email
import email.policy
import re
from dataclasses import dataclass
from email.message import Message

from digest.errors import InputError

ENCODED_WORD = re.compile(r"=\?([A-Za-z0-9_.-]+)(?:\*[a-z-]+)?\?([bBqQ])\?([^? ]*)\?=")
GAP = re.compile(r"(?<=\?=)[ \t\r\n]+(?==\?)")


@dataclass(frozen=True, slots=True)
class CheckedMessage:
    """One mail. `headers` are raw and folded as they came; the parts None when there is none.

    `encodings` are (media type, charset, transfer encoding) of the leaves. For a bare HTML file only `html`
    is there.
    """

    html: str | None
    text: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    encodings: tuple[tuple[str, str, str], ...] = ()
    is_mail: bool = False

    def header(self, name: str) -> str | None:
        """Return the first header of that name, raw and unfolded, or None."""
        for key, value in self.headers:
            if key.lower() == name.lower():
                return re.sub(r"\r?\n(?=[ \t])", "", value).strip()
        return None

    @property
    def is_notice(self) -> bool:
        """Whether it answers or informs one person (RFC 3834, section 5), and is no list's mail."""
        said = (self.header("Auto-Submitted") or "no").partition(";")[0].strip().lower()
        return said != "no" and self.header("List-Id") is None

    @property
    def subject(self) -> str | None:
        """The subject, decoded; None for a bare HTML file."""
        raw = self.header("Subject")
        return decoded(raw) if raw is not None else ("" if self.is_mail else None)


def decoded(raw: str) -> str:
    """Decode a header's encoded-words (RFC 2047); what is broken stays as it is."""

    def word(match: re.Match[str]) -> str:
        charset, kind, payload = match.groups()
        try:
            if kind in "bB":
                data = base64.b64decode(payload + "=" * (-len(payload) % 4), validate=True)
            else:
                data = re.sub(
                    rb"=([0-9A-Fa-f]{2})",
                    lambda pair: bytes([int(pair[1], 16)]),
                    payload.replace("_", " ").encode("ascii"),
                )
            return data.decode(charset)
        except (ValueError, LookupError, binascii.Error):
            return match[0]

    return ENCODED_WORD.sub(word, GAP.sub("", raw))


def read(content: bytes, name: str = "") -> CheckedMessage:
    """Read a mail, or a bare HTML file (by its name, or because it begins with a tag).

    Raises:
        InputError: it is neither.
    """
    start = content.lstrip()[:200].lower()
    if name.lower().endswith((".html", ".htm")) or start.startswith((b"<!doctype", b"<html", b"<body")):
        return CheckedMessage(html=content.decode("utf-8", "replace"))
    message = email.message_from_bytes(content, policy=email.policy.compat32)
    if not message.keys():
        raise InputError(
            f"{name or 'This'} is neither a mail nor an HTML file.", remedy="Give a .eml or a .html file."
        )
    leaves = [part for part in message.walk() if not part.is_multipart()]
    return CheckedMessage(
        html=_part(leaves, "text/html"),
        text=_part(leaves, "text/plain"),
        headers=tuple((key, str(value)) for key, value in message.items()),
        encodings=tuple(
            (
                part.get_content_type(),
                (part.get_content_charset() or "").lower(),
                str(part.get("Content-Transfer-Encoding", "7bit")).lower(),
            )
            for part in leaves
        ),
        is_mail=True,
    )


def _part(leaves: list[Message], kind: str) -> str | None:
    for part in leaves:
        if part.get_content_type() == kind:
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                return _text(payload, part.get_content_charset() or "utf-8").replace("\r\n", "\n")
    return None


def _text(payload: bytes, charset: str) -> str:
    try:
        return payload.decode(charset, "replace")
    except (LookupError, ValueError):  # no charset that anybody knows; `encoding` finds it
        return payload.decode("utf-8", "replace")
