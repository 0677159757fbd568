"""Reading a returned mail: complaints first (RFC 5965), then delivery status (RFC 3464), then what only a letter tells. Pure.

Answers of people's vacation programs are not bounces (RFC 3834) and give nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from email.message import Message

from digest.deliver.bounces import complaint, letter, status
from digest.deliver.bounces.fields import characters, header, original
from digest.deliver.bounces.notice import answers_by_itself, is_notice, told
from digest.deliver.bounces.phrases import ADDRESS
from digest.deliver.bounces.report import Event, Report
from digest.text.safe_message import LARGEST, parse_message

__all__ = ["LARGEST", "farewell", "read"]
MOST_ADDRESSES = 200
"""Addresses of a mail's own fields that may be a return path of ours."""


def read(
    content: bytes, sent_to: Iterable[str] = (), owner: Callable[[str], str | None] | None = None
) -> tuple[Report, ...]:
    """Return what a mail reports, one entry an address; empty when it is no report at all.

    A complaint that hides whose it is has an empty address, if it names the Message-ID of the mail that it is about.

    `sent_to` are the envelope's recipients. `owner` says which subscriber's address a return path of ours belongs to, None
    when it is not ours: where it answers, its address stands in place of what the report names, because receivers forward,
    rewrite and redact.
    """
    message = parse_message(content)
    reports = _reports(message)
    known = _known(message, sent_to, owner) if reports and owner else None
    if known:
        reports = (replace(reports[0], address=known),)
    return tuple(_storable(one) for one in reports if one.address or _is_traced(one))


def farewell(
    content: bytes, sent_to: Iterable[str], owner: Callable[[str], str | None]
) -> tuple[str, str] | None:
    """Return by which address of ours a mail wants to leave, and who wrote it about what; None when it does not.

    `owner` answers as for `read`, for the addresses to leave by. Answers of vacation programs (RFC 3834) and reports of
    servers are nobody's wish. A program that writes for a person, as mail providers do behind their "unsubscribe" button,
    is taken for the person.
    """
    message = parse_message(content)
    address = _known(message, sent_to, owner)
    if address is None or answers_by_itself(message) or message.get_content_type() == "multipart/report":
        return None
    if is_notice(message, told(message).text):
        return None
    return address, characters(f"{header(message, 'From')}: {header(message, 'Subject')}")[:300]


def _reports(message: Message) -> tuple[Report, ...]:
    found = complaint.reports(message)
    if found:
        return found
    words = told(message)
    stated = status.reports(message, words)
    if stated is not None:
        return stated
    if answers_by_itself(message) or not is_notice(message, words.text):
        return ()
    return letter.reports(message, words)


def _known(message: Message, sent_to: Iterable[str], owner: Callable[[str], str | None]) -> str | None:
    copy = original(message)
    written = [header(message, name) for name in ("Delivered-To", "X-Original-To", "To")]
    written.append(copy.get("return-path", ""))
    addresses = [found[0] for text in written for found in ADDRESS.finditer(text)]
    return next(
        (known for address in (*sent_to, *addresses[:MOST_ADDRESSES]) if (known := owner(address))), None
    )


def _is_traced(report: Report) -> bool:
    """Say whether a complaint that hides the reader's address still names the mail that it is about."""
    return report.event is Event.COMPLAINT and bool(report.message_id)


def _storable(report: Report) -> Report:
    """The report as both databases take it, whichever way its words were decoded."""
    return replace(
        report,
        address=characters(report.address),
        words=characters(report.words),
        message_id=characters(report.message_id),
    )
