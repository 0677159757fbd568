"""What a reply means and what follows from it. Pure: values in, values out.

The enhanced status code decides (RFC 3463, RFC 5248), then the reply code; words alone never do, except to tell a
blocklist from a plain refusal.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.deliver.outcome import Kind, Outcome
from digest.model import DeliveryStatus

ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
BLOCKED = re.compile(
    r"block ?list|blacklist|\brbl\b|spamhaus|reputation|blocked|dmarc|\bspf\b|dkim", re.IGNORECASE
)
BAD_ADDRESS = frozenset({"1.1", "1.2", "1.3", "1.6", "1.10"})
FULL = frozenset({"2.2"})
RATE = frozenset({"7.28", "7.500", "7.650", "7.651"})
JITTER = 0.2
"""Retries are spread over ±20 %, so that what failed together does not come back together."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to write into the ledger. `pause`: the server objects to the sender, not to this recipient."""

    status: DeliveryStatus
    reason: str
    next_try_at: datetime | None
    pause: bool = False


def judge(code: int, reply: str, *, stage: str) -> Kind:
    """Say what a reply means. `stage` is the command that got it: connect, mail, rcpt, data or body."""
    if 200 <= code < 400:
        return Kind.ACCEPTED
    found = ENHANCED.search(reply)
    # A class that contradicts the reply code is a server's slip; the reply code rules then.
    detail = f"{found[2]}.{found[3]}" if found and int(found[1]) == code // 100 else ""
    if detail in FULL:
        return Kind.MAILBOX_FULL
    if detail == "6.7":
        return Kind.UTF8
    if code == 421 or detail in RATE:
        return Kind.RATE
    if code < 500:
        return Kind.TEMPORARY
    if detail in BAD_ADDRESS and stage == "rcpt":
        return Kind.ADDRESS
    if detail.startswith("7.") or (not detail and BLOCKED.search(reply)):
        return Kind.POLICY
    return Kind.PERMANENT


def after(
    outcome: Outcome,
    *,
    attempts: int,
    now: datetime,
    deadline: datetime,
    waits: Sequence[timedelta],
    jitter: float,
) -> Verdict:
    """Say what becomes of a recipient after its try number `attempts` (from 1). `jitter` is from 0 to 1.

    Temporary refusals, full mailboxes, policy replies and lost connections are tried again after the waits, until
    they are used up or the next try would come after the deadline; then they fail. Address verdicts bounce.
    """
    kind = outcome.kind
    if kind is Kind.ACCEPTED:
        return Verdict(DeliveryStatus.SENT, "", None)
    if kind is Kind.ADDRESS:
        return Verdict(DeliveryStatus.BOUNCED, kind.value, None)
    if kind in {Kind.PERMANENT, Kind.UTF8, Kind.UNSAFE}:
        return Verdict(DeliveryStatus.FAILED, kind.value, None)
    pause = kind is Kind.POLICY
    if attempts <= len(waits):
        again = now + waits[attempts - 1] * (1 + JITTER * (2 * jitter - 1))
        if again <= deadline:
            return Verdict(DeliveryStatus.WAITING, kind.value, again, pause)
    return Verdict(DeliveryStatus.FAILED, kind.value, None, pause)
