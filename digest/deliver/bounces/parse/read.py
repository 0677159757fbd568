"""Read a returned mail: complaint, delivery status or plain text. Pure.

Answers of people's vacation programs are not bounces (RFC 3834) and give nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from email.message import Message
from typing import Any

from digest.deliver.bounces.parse import complaint, plain_text, status
from digest.deliver.bounces.parse.answer import says_yes
from digest.deliver.bounces.parse.fields import characters, header, original
from digest.deliver.bounces.parse.notice import NoticeText, answers_by_itself, is_notice, notice_text
from digest.deliver.bounces.parse.phrases import ADDRESS
from digest.deliver.bounces.report import BounceReport, Event, Weight
from digest.text.direction.safe_message import parse_message

MOST_ADDRESSES = 200
"""Addresses of a mail's fields that may be a return path of ours."""
OWN_FIELDS = ("Delivered-To", "X-Original-To", "To")
COPIED_FIELDS = ("return-path", "list-unsubscribe")

Owner = Callable[[str], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedMail:
    """What stands in a returned mail, whoever it is about.

    `addresses` are those it was sent to by its own fields, `copied` those of the message that it brings back,
    by which we would know it. `leave_request` is who wrote it about what, "" where a server or a program
    wrote it. `says_yes`: a person wrote it, and what it says confirms what it answers.
    """

    reports: tuple[BounceReport, ...]
    addresses: tuple[str, ...] = ()
    copied: tuple[str, ...] = ()
    leave_request: str = ""
    says_yes: bool = False


def examine(content: bytes) -> ReturnedMail:
    """Return what stands in a returned mail; never raises, and takes time in proportion to its length."""
    message = parse_message(content)
    words = notice_text(message)
    by_itself = answers_by_itself(message)
    asks_to_leave = not by_itself and message.get_content_type() != "multipart/report"
    asks_to_leave = asks_to_leave and not is_notice(message, words.text)
    copy = original(message, words.rest)
    leave_request = (
        characters(f"{header(message, 'From')}: {header(message, 'Subject')}")[:300] if asks_to_leave else ""
    )
    return ReturnedMail(
        reports=tuple(_storable(one) for one in _reports(message, words, by_itself=by_itself)),
        addresses=_addresses(header(message, name) for name in OWN_FIELDS),
        copied=_addresses(copy.get(name, "").replace("mailto:", " ") for name in COPIED_FIELDS),
        leave_request=leave_request,
        says_yes=asks_to_leave and says_yes(words.text),
    )


def attributed(found: ReturnedMail, sent_to: Iterable[str], owner: Owner | None) -> tuple[BounceReport, ...]:
    """Return the reports that are about somebody. `sent_to` and `owner` as for `read`."""
    reports = found.reports
    if reports and owner is not None:
        places = (*sent_to, *found.addresses, *found.copied)
        known = next((one for address in places if (one := owner(address))), None)
        if known:
            reports = (replace(reports[0], address=known),)
    return tuple(one for one in reports if one.address or _is_traced(one))


def leaves_by(found: ReturnedMail, sent_to: Iterable[str], owner: Owner) -> str | None:
    """Return the address of ours by which a mail wants to leave; None when it does not. `owner` as for
    `farewell`.
    """
    if not found.leave_request:
        return None
    return next((one for address in (*sent_to, *found.addresses) if (one := owner(address))), None)


def confirms_by(found: ReturnedMail, sent_to: Iterable[str], owner: Owner) -> str | None:
    """Return the address of ours at which a mail confirms a sign-up; None when it does not. `owner` as for
    `farewell`.

    Where the envelope is known, its recipients alone count: they cannot be made up for somebody else.
    """
    if not found.says_yes:
        return None
    places = tuple(sent_to) or found.addresses
    return next((one for address in places if (one := owner(address))), None)


def read(content: bytes, sent_to: Iterable[str] = (), owner: Owner | None = None) -> tuple[BounceReport, ...]:
    """Return what a mail reports, one entry an address; empty when it is no report at all.

    `sent_to` are the envelope's recipients. `owner` says which subscriber's address a return path of ours
    belongs to, None when it is not ours: where it answers, its address stands in place of what the report
    names, because receivers forward, rewrite and redact. A complaint that hides whose it is has an empty
    address, if it names the Message-ID that it is about.
    """
    return attributed(examine(content), sent_to, owner)


def farewell(content: bytes, sent_to: Iterable[str], owner: Owner) -> tuple[str, str] | None:
    """Return by which address of ours a mail wants to leave, and who wrote it about what; None when it does
    not.

    `owner` answers as for `read`, for the addresses to leave by. Answers of vacation programs (RFC 3834) and
    reports of servers ask for nothing. A program that writes for a person, as mail providers do behind their
    "unsubscribe" button, is taken for the person.
    """
    found = examine(content)
    address = leaves_by(found, sent_to, owner)
    return (address, found.leave_request) if address else None


def answer(content: bytes) -> dict[str, Any]:
    """Return what stands in a mail as JSON can take it, for a child process that reads it."""
    return asdict(examine(content))


def answered(report_fields: dict[str, Any]) -> ReturnedMail:
    """Return what the answer of a child process tells."""
    rows = [
        BounceReport(**{**row, "event": Event(row["event"]), "weight": Weight(row["weight"])})
        for row in report_fields["reports"]
    ]
    return ReturnedMail(
        reports=tuple(rows),
        addresses=tuple(report_fields["addresses"]),
        copied=tuple(report_fields["copied"]),
        leave_request=str(report_fields["leave_request"]),
        says_yes=bool(report_fields["says_yes"]),
    )


def _reports(message: Message, words: NoticeText, *, by_itself: bool) -> tuple[BounceReport, ...]:
    found = complaint.reports(message)
    if found:
        return found
    stated = status.reports(message, words)
    if stated is not None:
        return stated
    if by_itself or not is_notice(message, words.text):
        return ()
    return plain_text.reports(message, words)


def _addresses(texts: Iterable[str]) -> tuple[str, ...]:
    found = [one[0].strip("<>") for text in texts for one in ADDRESS.finditer(text)]
    return tuple(characters(one) for one in found[:MOST_ADDRESSES])


def _is_traced(report: BounceReport) -> bool:
    """Say whether a complaint that hides the reader's address still names the mail that it is about."""
    return report.event is Event.COMPLAINT and bool(report.message_id)


def _storable(report: BounceReport) -> BounceReport:
    """The report as both databases take it, whichever way its words were decoded."""
    return replace(
        report,
        address=characters(report.address),
        words=characters(report.words),
        message_id=characters(report.message_id),
    )
