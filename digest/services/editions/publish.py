"""Public names of the edition use cases."""

from digest.services.editions.composing.find import by_number, latest, of_day
from digest.services.editions.lifecycle.approval import Issue, approve, fingerprint, start, start_approved
from digest.services.editions.lifecycle.asked_for import compose_now
from digest.services.editions.lifecycle.awaiting import approve_draft, put_off, stop
from digest.services.editions.lifecycle.making import make_due
from digest.services.editions.lifecycle.resuming import resume
from digest.services.editions.lifecycle.trial import send_test

__all__ = [
    "Issue",
    "approve",
    "approve_draft",
    "by_number",
    "compose_now",
    "fingerprint",
    "latest",
    "make_due",
    "of_day",
    "put_off",
    "resume",
    "send_test",
    "start",
    "start_approved",
    "stop",
]
