"""Reading a returned mail: delivery status first (RFC 3464, RFC 6522), complaints (RFC 5965), then what has no standard.

Answers of people's vacation programs are not bounces (RFC 3834) and give nothing.
"""

import email
import email.errors
import email.header
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from email.message import Message
from itertools import islice

from flufl.bounce import all_failures

from digest.deliver.bounces.classify import weigh
from digest.deliver.bounces.report import Event, Report, Weight

LARGEST = 2_000_000
"""A returned mail is read up to here; its report stands at the beginning."""
ABOUT_RECIPIENTS = 100
"""Recipients of one report that are read; ours are sent one by one, more is not for us."""
MOST_PARTS = 200
"""Parts of a mail up to which its words are read for what they may mean: each reader of old forms goes through all of them."""
ADDRESS = re.compile(r"[^\s<>;,\"\x00]+@[^\s<>;,\"\x00]+")
MESSAGE_ID = re.compile(r"<[^<>\s]+@[^<>\s]+>")
VACATION = re.compile(
    r"out of (?:the )?office|vacation|automatic reply|auto[- ]?reply|auto[- ]?response|away from"
    r"|خارج المكتب|رد تلقائي|رد آلي|إجازة|غائب",
    re.IGNORECASE,
)


def read(
    content: bytes, sent_to: Iterable[str] = (), owner: Callable[[str], str | None] | None = None
) -> tuple[Report, ...]:
    """Return what a mail reports, one entry an address; empty when it is no report at all.

    `sent_to` are the envelope's recipients. `owner` says which subscriber's address a return path of ours belongs to, None
    when it is not ours: where it answers, its address stands in place of what the report names, because receivers forward,
    rewrite and redact.
    """
    message = _message(content)
    known = _known(message, sent_to, owner)
    reports = _complaints(message) or _statuses(message)
    if not reports and not _answers_by_itself(message):
        reports = _guessed(message)
    if reports and known:
        reports = (replace(reports[0], address=known),)
    return tuple(_storable(one) for one in reports if one.address)


def farewell(
    content: bytes, sent_to: Iterable[str], owner: Callable[[str], str | None]
) -> tuple[str, str] | None:
    """Return by which address of ours a mail wants to leave, and who wrote it about what; None when it does not.

    `owner` answers as for `read`, for the addresses to leave by. Answers of vacation programs (RFC 3834) and reports of
    servers are nobody's wish. A program that writes for a person, as mail providers do behind their "unsubscribe" button,
    is taken for the person.
    """
    message = _message(content)
    address = _known(message, sent_to, owner)
    if address is None or _answers_by_itself(message) or message.get_content_type() == "multipart/report":
        return None
    return address, _characters(f"{_header(message, 'From')}: {_header(message, 'Subject')}")[:300]


def _message(content: bytes) -> Message:
    try:
        return email.message_from_bytes(content[:LARGEST])
    except RecursionError:
        return Message()  # parts within parts within parts: nobody's report, nobody's wish


def _known(message: Message, sent_to: Iterable[str], owner: Callable[[str], str | None] | None) -> str | None:
    if owner is None:
        return None
    written = [_header(message, name) for name in ("Delivered-To", "X-Original-To", "To")]
    for address in (*sent_to, *(found for text in written for found in ADDRESS.findall(text))):
        known = owner(address)
        if known:
            return known
    return None


def _storable(report: Report) -> Report:
    """The report as both databases take it, whichever way its words were decoded."""
    return replace(
        report,
        address=_characters(report.address),
        words=_characters(report.words),
        message_id=_characters(report.message_id),
    )


def _complaints(message: Message) -> tuple[Report, ...]:
    """Read an abuse report (RFC 5965)."""
    part = _part(message, "message/feedback-report")
    if part is None:
        return ()
    fields = _fields(_text(part))
    kind = fields.get("feedback-type", "abuse").strip().lower()
    if kind in {"not-spam", "auth-failure"}:
        return ()
    original = _original(message)
    address = fields.get("original-rcpt-to") or fields.get("removal-recipient") or original.get("to", "")
    return (
        Report(
            event=Event.COMPLAINT,
            address=_address(address),
            weight=Weight.HARD,
            words=f"{kind} reported by {fields.get('user-agent', 'a receiver')}"[:300],
            message_id=_message_id(original),
            read_by="arf",
        ),
    )


def _statuses(message: Message) -> tuple[Report, ...]:
    """Read a delivery status notification (RFC 3464)."""
    part = _part(message, "message/delivery-status") or _part(message, "message/global-delivery-status")
    if part is None:
        return ()
    message_id = _message_id(_original(message))
    found: list[Report] = []
    for fields in _groups(part):
        recipient = fields.get("original-recipient") or fields.get("final-recipient", "")
        action = fields.get("action", "failed").strip().lower()
        if not recipient or action not in {"failed", "delayed"}:
            continue
        diagnostic = fields.get("diagnostic-code", "")
        weight, code = weigh(fields.get("status", ""), diagnostic, action)
        words = diagnostic.partition(";")[2].strip() or diagnostic or fields.get("status", "")
        found.append(
            Report(
                event=Event.BOUNCE,
                address=_address(recipient.partition(";")[2] or recipient),
                weight=weight,
                code=code,
                words=words[:300],
                message_id=message_id,
                read_by="dsn",
            )
        )
    return tuple(found[:ABOUT_RECIPIENTS])


def _guessed(message: Message) -> tuple[Report, ...]:
    """Ask flufl.bounce, which knows the forms of the years before the standard."""
    if len([*islice(message.walk(), MOST_PARTS + 1)]) > MOST_PARTS:
        return ()
    try:
        temporary, permanent = all_failures(message)
    except Exception:  # noqa: BLE001 - its readers index into what anybody may have sent
        return ()
    words = _text(next((part for part in message.walk() if not part.is_multipart()), message))
    about = _message_id(_original(message))
    found: list[Report] = []
    for address in sorted({*temporary, *permanent})[:ABOUT_RECIPIENTS]:
        weight, code = weigh("", words, "failed")
        found.append(
            Report(
                event=Event.BOUNCE,
                address=_address(address.decode("utf-8", "replace")),
                weight=Weight.SOFT if address not in permanent else weight,
                code=code,
                words=" ".join(words.split())[:300],
                message_id=about,
                read_by="flufl",
            )
        )
    return tuple(found)


def _answers_by_itself(message: Message) -> bool:
    """Say whether a program answered for a person, which says nothing about the address (RFC 3834 §5)."""
    automatic = str(message.get("Auto-Submitted", "")).lower().startswith("auto-replied")
    replied = message.get("X-Autoreply") or message.get("X-Autorespond") or message.get("X-Auto-Response")
    precedence = str(message.get("Precedence", "")).lower() in {"auto_reply", "auto-reply"}
    return bool(automatic or replied or precedence or VACATION.search(_header(message, "Subject")))


def _part(message: Message, kind: str) -> Message | None:
    return next((part for part in message.walk() if part.get_content_type() == kind), None)


def _groups(part: Message) -> list[dict[str, str]]:
    """Return the groups of fields of a delivery status, the message's own first."""
    payload = part.get_payload()
    if isinstance(payload, list) and part.get_content_type() == "message/delivery-status":
        return [_headers(group) for group in payload if isinstance(group, Message)]
    # The standard library knows only the ASCII form: the other's first group is taken for a header, the rest for a body.
    return [_fields(block) for block in re.split(r"\r?\n\s*\r?\n", _text(part)) if block.strip()]


def _fields(block: str) -> dict[str, str]:
    unfolded = re.sub(r"\r?\n[ \t]+", " ", block)
    rows = [line.partition(":") for line in unfolded.splitlines() if ":" in line]
    return {name.strip().lower(): value.strip() for name, _, value in reversed(rows)}


def _original(message: Message) -> dict[str, str]:
    """Return the header fields of the message that came back, as far as it was sent along."""
    for kind in ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"):
        part = _part(message, kind)
        if part is None:
            continue
        payload = part.get_payload()
        if isinstance(payload, list) and payload and isinstance(payload[0], Message):
            return _headers(payload[0])
        return _fields(_text(part))
    return {}


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if isinstance(payload, bytes):
        return _characters(payload.decode("utf-8", "replace"))
    inner = part.get_payload()
    if isinstance(inner, list):
        return "\n\n".join(bytes(one).decode("utf-8", "replace") for one in inner if isinstance(one, Message))
    return _characters(inner or "")


def _header(message: Message, name: str) -> str:
    raw = _headers(message).get(name.lower(), "")
    try:
        return str(email.header.make_header(email.header.decode_header(raw)))
    except (LookupError, ValueError, email.errors.MessageError):
        return raw


def _headers(message: Message) -> dict[str, str]:
    """Return header fields by lower-case name, the first of each; bytes outside ASCII are taken for UTF-8."""
    rows = [(name.lower(), " ".join(_characters(value).split())) for name, value in message.raw_items()]
    return dict(reversed(rows))


def _characters(value: object) -> str:
    text = str(value)
    try:
        octets = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        octets = text.encode("utf-8", "replace")  # half characters, which a header's own charset may name
    return octets.decode("utf-8", "replace").replace("\x00", "")


def _address(text: str) -> str:
    found = ADDRESS.search(text)
    return found[0].strip("<>.,;:'") if found else ""


def _message_id(fields: dict[str, str]) -> str:
    found = MESSAGE_ID.search(fields.get("message-id", ""))
    return found[0] if found else ""
