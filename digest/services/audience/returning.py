"""Who may come back, and how often a mailbox may be asked (pure)."""

from datetime import timedelta

from digest.keys import keyed
from digest.model import SuppressionReason

CONFIRMATION_PAUSE = timedelta(hours=24)
"""One confirmation mail a day and mailbox, whoever fills in the form how often, for whichever lists."""
MOST_CONFIRMATIONS = 3
"""In all, until the owner confirms: who did not press three buttons does not want to."""
ALLOWANCE_LIFE = timedelta(days=90)
"""So long after the last one nobody remembers how many there were."""

YIELDING = frozenset(
    {
        SuppressionReason.LEFT_ALL,
        SuppressionReason.REMOVED,
        SuppressionReason.NO_SUCH_ADDRESS,
        SuppressionReason.IMPORTED_BOUNCED,
    }
)
"""Suppressions that the owner's own button lifts: an erasure or the leaving of all lists, which the owner
asked for, and a dead address, whose mail arrives again when the button is pressed. A complaint, a block by an
admin and an imported list yield to an admin only.
"""

GMAIL = frozenset({"gmail.com", "googlemail.com"})


def yields(reason: str) -> bool:
    """Say whether a suppression for that reason ends when the owner of the address confirms anew."""
    return reason in YIELDING


def mailbox(email: str) -> str:
    """Return one spelling for all addresses that lead to one mailbox, of a normalised address.

    What follows a plus is a label with nearly every provider; Gmail reads over dots and has two names.
    """
    local, _, domain = email.rpartition("@")
    bare = local.partition("+")[0] or local
    if domain in GMAIL:
        return f"{bare.replace('.', '') or bare}@gmail.com"
    return f"{bare}@{domain}"


def mailbox_hash(email: str, secret: bytes) -> str:
    """Return the keyed hash under which a mailbox's confirmations are counted, in hex."""
    return keyed(secret, b"mailbox:" + mailbox(email).encode()).hex()
