"""Complaints: abuse reports (RFC 5965), and the form that Hotmail sent before. Pure."""

from email.message import Message

from digest.deliver.bounces.parse.fields import address_in, fields, message_id, original, part_of, text_of
from digest.deliver.bounces.report import BounceReport, Event, Weight

NO_COMPLAINTS = frozenset({"not-spam", "auth-failure"})
HOTMAIL = "x-hmxmroriginalrecipient"
READERS = ("original-rcpt-to", "removal-recipient")


def reports(message: Message) -> tuple[BounceReport, ...]:
    """Return what a complaint reports; empty when the mail is none.

    Receivers hide whose complaint it is. Then the address is our own return path of the copy, which says it.
    """
    part = part_of(message, "message/feedback-report")
    copy = original(message)
    report = fields(text_of(part)) if part is not None else {}
    kind = report.get("feedback-type", "abuse").strip().lower()
    if kind in NO_COMPLAINTS or (part is None and HOTMAIL not in copy):
        return ()
    named = [report.get(name, "") for name in READERS] + [copy.get(HOTMAIL, ""), copy.get("to", "")]
    paths = [
        copy.get("return-path", ""),
        report.get("original-mail-from", ""),
        copy.get("x-envelope-from", ""),
    ]
    address = next((found for found in map(address_in, [*named, *paths]) if found), "")
    return (
        BounceReport(
            event=Event.COMPLAINT,
            address=address,
            weight=Weight.HARD,
            words=f"{kind} reported by {report.get('user-agent', 'a receiver')}"[:300],
            message_id=message_id(copy),
            read_by="arf",
        ),
    )
