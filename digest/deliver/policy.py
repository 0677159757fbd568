"""What a reply means and what follows from it. Pure: values in, values out.

The enhanced status code decides (RFC 3463, RFC 5248, RFC 7505), then the reply code and the command it
answers. Words decide only where a server gives no enhanced code: to tell a blocklist from a plain refusal,
and a full mailbox from a message that is too large.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.deliver.outcome import Kind, Outcome
from digest.model import DeliveryStatus, OnUnknown
from digest.model.editions.lateness import is_late

ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]\d)")
BLOCKED = re.compile(
    r"block(?:ed)?[ -]?list|black[ -]?list|deny ?list|\brbl\b|dnsbl|spamhaus|spamcop|barracuda|cloudmark|proofpoint"
    r"|reputation|\bblocked\b|\bbanned\b|dmarc|\bspf\b|dkim|\bspam\b|unsolicited|relay(?:ing)? (?:access )?(?:denied|not)"
    r"|not permitted to relay|poor sender|authentication (?:is )?required|\bptr\b|reverse dns"
    r"|محظور|حظر|القائمة السوداء|قائمة سوداء|سمعة|مزعج|سبام|غير موثوق",
    re.IGNORECASE,
)
FULL_WORDS = re.compile(
    r"quota|mailbox (?:is )?full|inbox (?:is )?full|mail ?box .{0,20}\bfull\b|out of storage|over ?quota|storage (?:limit|space)"
    r"|ممتلئ|امتلأ|الحصة|سعة التخزين|مساحة التخزين",
    re.IGNORECASE,
)
TOO_LARGE = re.compile(
    r"message (?:is )?too (?:large|big)|(?:message|maximum) size|size limit|حجم الرسالة", re.IGNORECASE
)

BAD_ADDRESS = frozenset({"1.1", "1.2", "1.3", "1.6", "1.10"})
"""No such mailbox, no such domain, bad syntax, moved away, a domain that takes no mail (null MX)."""
BAD_SENDER = frozenset({"1.7", "1.8", "4.5"})
"""The return path does not please, or our own server's daily limit is used up: nobody else would fare better.
"""
FULL = frozenset({"2.2"})
UTF8 = frozenset({"6.7", "6.8", "6.9", "6.10"})
OWN_RULES = frozenset({"7.2", "7.3", "7.193", *(f"7.{number}" for number in range(120, 138))})
"""The mailbox takes mail from few senders only (Exchange's 5.7.12x, 13x and 193 among them): its owner's
choice, not our name.
"""
LOGIN = frozenset({530, 534, 535, 538})
JITTER = 0.2
"""Retries are spread over ±20 %, so that what failed together does not come back together."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to write into the ledger. `pause`: the server objects to the sender, not to this recipient."""

    status: DeliveryStatus
    reason: str
    next_try_at: datetime | None
    pause: bool = False


def detail(code: int, reply: str) -> str:
    """Return the enhanced code's subject and detail as "1.1", or "" when there is none.

    A class that contradicts the reply code is a server's slip; the reply code rules then, and the detail is
    unknown.
    """
    found = ENHANCED.search(reply)
    return f"{found[2]}.{found[3]}" if found and int(found[1]) == code // 100 else ""


def judge(code: int, reply: str, *, stage: str) -> Kind:
    """Say what a reply means. `stage` is the command that got it: connect, mail, rcpt, data or body."""
    if 200 <= code < 400:
        return Kind.ACCEPTED
    known = detail(code, reply)
    if known in UTF8:
        return Kind.UTF8
    if code < 500:
        return _temporary(code, known, reply)
    return _permanent(code, known, reply, stage)


def _temporary(code: int, known: str, reply: str) -> Kind:
    if code == 421 or _rate(known):
        return Kind.RATE
    if known in FULL or (not known and code in {450, 452} and FULL_WORDS.search(reply)):
        return Kind.MAILBOX_FULL
    return Kind.TEMPORARY


def _permanent(code: int, known: str, reply: str, stage: str) -> Kind:
    if known in FULL:
        return Kind.MAILBOX_FULL
    if known == "3.4":
        return Kind.MESSAGE
    if code == 552 and known in {"", "0.0"}:
        return _exceeded(reply, stage)
    if known in BAD_ADDRESS and stage == "rcpt":
        return Kind.ADDRESS
    if known in OWN_RULES:
        return Kind.PERMANENT
    if stage in {"connect", "mail"} or code in LOGIN or known in BAD_SENDER:
        return Kind.POLICY
    if known.startswith("7.") or (known in {"", "0.0"} and BLOCKED.search(reply)):
        return Kind.POLICY
    if not known and FULL_WORDS.search(reply):
        return Kind.MAILBOX_FULL
    return Kind.PERMANENT


def _rate(known: str) -> bool:
    """Gmail's 4.7.28, Microsoft's 4.7.500 to 4.7.699 and the standard's "too many" codes."""
    subject, _, number = known.partition(".")
    return known in {"7.28", "4.5", "5.3"} or (subject == "7" and number != "" and 500 <= int(number) <= 699)


def _exceeded(reply: str, stage: str) -> Kind:
    """552 without an enhanced code is the recipient's storage or the message's size (RFC 5321 §4.2.3, RFC
    1870 §6).
    """
    if FULL_WORDS.search(reply):
        return Kind.MAILBOX_FULL
    if BLOCKED.search(reply):
        return Kind.POLICY
    if TOO_LARGE.search(reply) or stage == "mail":
        return Kind.MESSAGE
    return Kind.MAILBOX_FULL if stage == "rcpt" else Kind.PERMANENT


def after(
    outcome: Outcome,
    *,
    attempts: int,
    now: datetime,
    deadline: datetime,
    waits: Sequence[timedelta],
    jitter: float,
    on_unknown: OnUnknown = OnUnknown.RESEND,
) -> Verdict:
    """Say what becomes of a recipient after its try number `attempts` (from 1). `jitter` is from 0 to 1.

    Temporary refusals, full mailboxes, policy replies and lost connections are tried again after the waits,
    until they are used up or the next try would come after the deadline; then they fail. What never was on
    the wire uses up no wait. Address verdicts bounce. A message whose reply was lost stays in doubt when
    `on_unknown` says hold.
    """
    kind = outcome.kind
    if kind is Kind.ACCEPTED:
        return Verdict(DeliveryStatus.SENT, "", None)
    if kind is Kind.ADDRESS:
        return Verdict(DeliveryStatus.BOUNCED, kind.value, None)
    if kind in {Kind.PERMANENT, Kind.UTF8, Kind.UNSAFE}:
        return Verdict(DeliveryStatus.FAILED, kind.value, None)
    if kind is Kind.LOST and on_unknown is OnUnknown.HOLD:
        return Verdict(DeliveryStatus.IN_DOUBT, kind.value, None)
    pause = kind in {Kind.POLICY, Kind.MESSAGE}
    left = attempts <= len(waits) or (kind is Kind.UNTRIED and bool(waits))
    if left:
        again = now + waits[min(attempts, len(waits)) - 1] * (1 + JITTER * (2 * jitter - 1))
        if not is_late(deadline, again):
            return Verdict(DeliveryStatus.WAITING, kind.value, again, pause)
    return Verdict(DeliveryStatus.FAILED, kind.value, None, pause)
