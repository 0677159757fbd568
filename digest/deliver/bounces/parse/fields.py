"""Header fields and texts of returned mail, whatever their bytes. Pure."""

import email.errors
import email.header
import re
from email.message import Message

from digest.deliver.bounces.parse.phrases import ADDRESS

LONGEST_TEXT = 100_000
"""Characters of one part that are read; what a report has to say stands at its beginning."""
ABOUT_RECIPIENTS = 100
"""Recipients of one report that are read; ours are sent one by one, more is not for us."""
MESSAGE_ID = re.compile(r"<[^<>\s@]{1,500}@[^<>\s@]{1,500}>")
COPIES = ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers")


def part_of(message: Message, *kinds: str) -> Message | None:
    """Return the first part of a type, the message itself included; None when there is none."""
    return next((part for part in message.walk() if part.get_content_type() in kinds), None)


def header(message: Message, name: str) -> str:
    """Return a header field decoded, in one line; "" when it is missing."""
    raw = headers(message).get(name.lower(), "")
    try:
        return characters(email.header.make_header(email.header.decode_header(raw)))
    except (LookupError, ValueError, email.errors.MessageError):
        return raw


def headers(message: Message) -> dict[str, str]:
    """Return header fields by lower-case name, the first of each; bytes outside ASCII are taken for UTF-8."""
    rows = [(name.lower(), " ".join(characters(value).split())) for name, value in message.raw_items()]
    return dict(reversed(rows))


def fields(block: str) -> dict[str, str]:
    """Return the fields of a block of text by lower-case name, the first of each."""
    unfolded = re.sub(r"\r?\n[ \t]+", " ", block[:LONGEST_TEXT])
    rows = [line.partition(":") for line in unfolded.splitlines() if ":" in line]
    return {name.strip().lower(): value.strip() for name, _, value in reversed(rows)}


def blocks(text: str) -> list[dict[str, str]]:
    """Return the fields of each block of a text; blank lines part them."""
    parts = re.split(r"\r?\n[ \t]*\r?\n", text[:LONGEST_TEXT])
    return [fields(part.strip("\r\n")) for part in parts if part.strip()]


def groups(part: Message) -> list[dict[str, str]]:
    """Return the groups of fields of a delivery status, the message's own first."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return [headers(group) for group in payload if isinstance(group, Message)]
    # The UTF-8 form of RFC 6533 stays text.
    return blocks(text_of(part))


def original(message: Message, rest: str = "") -> dict[str, str]:
    """Return the header fields of the message that came back, as far as it was sent along; `rest`: where it
    is quoted.
    """
    part = part_of(message, *COPIES)
    if part is None:
        lines = rest[:LONGEST_TEXT].lstrip("\r\n >")
        return fields(re.split(r"\n[ \t>]*\n", lines, maxsplit=1)[0])
    payload = part.get_payload()
    if isinstance(payload, list) and payload and isinstance(payload[0], Message):
        return headers(payload[0])
    return fields(text_of(part).lstrip("\r\n"))


def text_of(part: Message) -> str:
    """Return a part's text, at most 100,000 characters, by its declared encoding or as UTF-8."""
    payload = part.get_payload(decode=True)
    if isinstance(payload, bytes):
        return decoded(payload[: 4 * LONGEST_TEXT], part.get_content_charset() or "")[:LONGEST_TEXT]
    inner = part.get_payload()
    return characters(inner)[:LONGEST_TEXT] if isinstance(inner, str) else ""


def decoded(content: bytes, charset: str) -> str:
    """Return bytes as text: UTF-8 where they are, else as declared, else by what they look like."""
    if b"\x1b$" in content or b"\x1b(" in content:
        return content.decode("iso-2022-jp", "replace").replace("\x00", "")
    for name in ("utf-8", charset):
        try:
            return content.decode(name).replace("\x00", "")
        except (LookupError, ValueError):
            continue
    return content.decode("utf-8", "replace").replace("\x00", "")


def characters(value: object) -> str:
    """Return a value as text that both databases take: surrogates as the bytes they stand for, no zero
    bytes.
    """
    text = str(value)
    try:
        octets = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        octets = text.encode("utf-8", "replace")  # half characters, which a header's own charset may name
    return decoded(octets, "utf-8")


def address_in(text: str) -> str:
    """Return the first address of a text, "" when it has none."""
    found = ADDRESS.search(text)
    return found[0].strip("<>.,;:'") if found else ""


def message_id(found: dict[str, str]) -> str:
    """Return the Message-ID of header fields in its angle brackets, "" when there is none."""
    value = found.get("message-id", "")[:2_000].strip()
    one = MESSAGE_ID.search(value) or MESSAGE_ID.fullmatch(f"<{value}>")
    return one[0] if one else ""
