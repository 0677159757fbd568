"""How much a refusal says against an address. Pure.

Words outrank codes, because relays put a code of their own (5.1.1, 5.0.0) before whatever the receiver said;
where both speak, what is not the address's fault wins. The words are in phrases.toml.
"""

import re

from digest.deliver import policy
from digest.deliver.bounces.parse.phrases import LONGEST, plain, rule_for
from digest.deliver.bounces.report import Weight

WEIGHTS = {
    "1.1": Weight.HARD,
    "1.2": Weight.HARD,
    "1.3": Weight.HARD,
    "1.6": Weight.HARD,
    "1.10": Weight.HARD,
    "1.351": Weight.HARD,  # Exchange Online: another server says that nobody has the address
    "1.7": Weight.BLOCK,
    "1.8": Weight.BLOCK,
    "1.9": Weight.BLOCK,
    "2.2": Weight.SOFT,
    "2.3": Weight.SOFT,
    "4.5": Weight.BLOCK,
    "4.6": Weight.SOFT,
    "7.13": Weight.UNKNOWN,
    **dict.fromkeys(policy.OWN_RULES, Weight.UNKNOWN),
}
"""What a permanent failure's subject and detail come to (RFC 3463, RFC 5248)."""
SUBJECTS = {
    "1": Weight.UNKNOWN,
    "2": Weight.UNKNOWN,
    "3": Weight.SOFT,
    # Routes and time: a domain that nobody could reach for days counts, or the dead would stay for ever.
    "4": Weight.UNKNOWN,
    "5": Weight.SOFT,
    "6": Weight.BLOCK,
    "7": Weight.BLOCK,
}
"""The same where only the subject is known: address, mailbox, system, route, protocol, content, policy."""
DIRECTORY = re.compile(r"recipient address rejected: access denied|as\(201806281\)")
"""What Exchange Online says with 5.4.1 where its directory does not know the address."""
ENHANCED = re.compile(r"(?<![\w.])([245])\.(\d{1,2})\.(\d{1,3})(?![.\w]\w|\w)")
REPLY = re.compile(r"(?<![\w.])([245]\d\d)(?=[ -]|$)")
_WEB = re.compile(r"\bhttps?://[^\s<>\"]{1,2000}")


def classify(status: str, diagnostic: str, action: str, context: str = "") -> tuple[Weight, str]:
    """Return the weight of a failure and its enhanced code, "" when there is none.

    `status` and `diagnostic` are the fields of RFC 3464, `action` its "failed", "delayed" and so on;
    `context` is what a person is told about it, which is only asked where the fields say nothing. The code in
    the diagnostic is the receiver's own: a general one in the status field (5.0.0) gives way to it.
    """
    code = _code(status, diagnostic) or _code("", context)
    if action == "delayed":
        return Weight.SOFT, code
    weight = _weighed(code, diagnostic)
    if weight is None and context:
        weight = _weighed(code if _is_exact(code) else _code("", context) or code, context)
    if weight is None:
        weight = _by_hints(f"{diagnostic}\n{context}")
    if weight is Weight.HARD and _is_passing(code, status, diagnostic or context):
        weight = Weight.UNKNOWN
    return weight, code


def _weighed(code: str, text: str) -> Weight | None:
    """Weigh by words, then by a code that says something; None where neither does."""
    said = plain(text)
    if code == "5.4.1" and DIRECTORY.search(said):
        return Weight.HARD
    by_code = _by_code(code) if _is_exact(code) else None
    rule = rule_for(said)
    if rule is None or (rule.gives_way and by_code is Weight.HARD):
        return by_code
    return rule.weight


def _by_code(code: str) -> Weight:
    known = code.partition(".")[2]
    subject = known.partition(".")[0]
    if code.startswith("4"):
        return Weight.UNKNOWN if subject == "4" else Weight.SOFT
    return WEIGHTS.get(known) or SUBJECTS.get(subject, Weight.UNKNOWN)


def _by_hints(text: str) -> Weight:
    """Weigh what neither words nor a code decide: by its reply code and by words that only hint."""
    reply = REPLY.search(text[:LONGEST])
    if reply and (reply[0] == "552" or reply[0].startswith("4")):
        return Weight.SOFT
    rule = rule_for(plain(text), after_codes=True)
    return rule.weight if rule else Weight.UNKNOWN


def _is_passing(code: str, status: str, text: str) -> bool:
    """Say whether every code there is speaks of a failure for now, and none of the address (4.1.1)."""
    if code.startswith("4.1."):
        return False
    reply = REPLY.search(text[:LONGEST])
    classes = {one[0] for one in (code, reply[0] if reply else "", "" if code else status) if one}
    return classes == {"4"}


def _is_exact(code: str) -> bool:
    return bool(code) and not code.endswith(".0.0")


def _code(status: str, text: str) -> str:
    """Return the code that says most: the receiver's own, before a general one and before the status
    field's.
    """
    found = [".".join(one.groups()) for one in ENHANCED.finditer(_WEB.sub(" ", text[:LONGEST]))]
    if found and found[0] == "5.1.0":
        # Amazon SES quotes the receiver's own reply within one of its own.
        found.sort(key=lambda code: code == "5.1.0")
    own = next((code for code in found if _is_exact(code)), found[0] if found else "")
    said = ENHANCED.search(status)
    named = ".".join(said.groups()) if said else ""
    if own and (not named or _is_exact(own) or not _is_exact(named)):
        return own
    return named
