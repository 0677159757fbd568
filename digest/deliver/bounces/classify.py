"""How much a status says against an address. Pure."""

from digest.deliver import policy
from digest.deliver.bounces.report import Weight
from digest.deliver.outcome import Kind

WEIGHTS = {
    Kind.ADDRESS: Weight.HARD,
    Kind.PERMANENT: Weight.HARD,
    Kind.MAILBOX_FULL: Weight.SOFT,
    Kind.POLICY: Weight.BLOCK,
    Kind.RATE: Weight.BLOCK,
    Kind.UTF8: Weight.BLOCK,
    Kind.MESSAGE: Weight.BLOCK,
}
"""What a permanent failure comes to."""
NOT_ITS_FAULT = frozenset({"3", "5", "6"})
"""Subjects of RFC 3463 that speak of systems, protocols and content, not of the mailbox."""
DIRECTORY = "5.4.1"
"""What Exchange Online says where its directory does not know the address."""
ROUTE = "4"
"""The subject for routes and time: a domain that nobody could reach for days counts, or the dead would stay for ever."""


def weigh(status: str, diagnostic: str, action: str) -> tuple[Weight, str]:
    """Return the weight of a delivery status and its enhanced code, "" when there is none.

    `status` and `diagnostic` are the fields of RFC 3464, `action` its "failed", "delayed" and so on. The code in the
    diagnostic is the receiver's own; a general one in the status field (5.0.0) gives way to it.
    """
    said, own = _found(status), _found(diagnostic)
    code = own if own and (not said or said.endswith(".0.0")) else said
    if action == "delayed":
        return Weight.SOFT, code
    if not code or code.endswith(".0.0"):
        return _by_words(diagnostic), code
    subject = code.split(".")[1]
    if code.startswith("4"):
        return (Weight.UNKNOWN if subject == ROUTE else Weight.SOFT), code
    kind = policy.judge(550, f"{code} {diagnostic}", stage="rcpt")
    if kind is Kind.PERMANENT and subject in NOT_ITS_FAULT:
        return Weight.SOFT, code
    if kind is Kind.PERMANENT and subject == ROUTE and code != DIRECTORY:
        return Weight.UNKNOWN, code
    return WEIGHTS.get(kind, Weight.UNKNOWN), code


def _found(text: str) -> str:
    found = policy.ENHANCED.search(text)
    return ".".join(found.groups()) if found else ""


def _by_words(diagnostic: str) -> Weight:
    """Weigh a failure that gives no code worth having."""
    if policy.FULL_WORDS.search(diagnostic):
        return Weight.SOFT
    if policy.BLOCKED.search(diagnostic):
        return Weight.BLOCK
    return Weight.UNKNOWN
