"""Parse delivery status notifications (RFC 3464, RFC 6533). Pure."""

import re
from dataclasses import replace
from email.message import Message

from digest.deliver.bounces.parse.classify import classify
from digest.deliver.bounces.parse.fields import (
    ABOUT_RECIPIENTS,
    address_in,
    blocks,
    groups,
    message_id,
    original,
)
from digest.deliver.bounces.parse.notice import STATUS, NoticeText
from digest.deliver.bounces.parse.plain_text import failures, section_of
from digest.deliver.bounces.report import BounceReport, Event

GOOD_NEWS = frozenset({"delivered", "deliverable", "relayed", "expanded"})
_NAMES = ("final-recipient", "original-recipient")


def reports(message: Message, notice: NoticeText) -> tuple[BounceReport, ...] | None:
    """Return what a delivery status reports, one entry an address; None when there is none that names
    anybody.
    """
    named = [group for group in _all_groups(message, notice) if any(name in group for name in _NAMES)]
    if not named:
        return None
    about = message_id(original(message, notice.rest))
    alone = len(named) == 1
    found = (_report(group, notice, about, alone=alone) for group in named[:ABOUT_RECIPIENTS])
    known = tuple(one for one in found if one is not None)
    if alone and known and not known[0].address:
        # Exim names the file that it could not write to; the address stands in its text.
        return tuple(replace(known[0], address=one.address) for one in failures(message, notice)[:1])
    return known


def _all_groups(message: Message, notice: NoticeText) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for part in message.walk():
        if part.get_content_type() in STATUS:
            found += groups(part)
            break
    return found or [one for one in blocks(notice.text) if "action" in one or "status" in one]


def _report(group: dict[str, str], notice: NoticeText, about: str, *, alone: bool) -> BounceReport | None:
    status, diagnostic = group.get("status", ""), group.get("diagnostic-code", "")
    # Some write a comment behind the word.
    word = re.match(r"[a-z]*", group.get("action", "failed").strip().lower())
    action = word[0] if word else ""
    if action in GOOD_NEWS or status.startswith("2."):
        return None
    recipient = _recipient(group)
    said = " ".join((diagnostic, group.get("x-supplementary-info", ""))).strip()
    context = notice.text if alone else section_of(notice, recipient)
    weight, code = classify(status, said, action, context)
    words = diagnostic.partition(";")[2].strip() or diagnostic or said or status
    return BounceReport(
        event=Event.BOUNCE,
        address=recipient,
        weight=weight,
        code=code,
        words=words[:300],
        message_id=about,
        read_by="dsn",
    )


def _recipient(group: dict[str, str]) -> str:
    for name in reversed(_NAMES):
        value = group.get(name, "")
        if found := address_in(value.partition(";")[2] or value):
            return found
    return ""
