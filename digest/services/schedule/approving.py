"""When an edition that people approve goes out: the rules of waiting, approving and cooling off. Pure."""

from datetime import datetime, timedelta

from digest.model.people.subscriber import Approval, MailingList, WithoutApproval


def composed_ahead(mailing_list: MailingList) -> timedelta:
    """Return how long before its time an edition of the list is composed; zero where nobody approves."""
    if mailing_list.approval is Approval.NONE:
        return timedelta(0)
    return timedelta(minutes=mailing_list.compose_minutes_before)


def due_after_composing(moment: datetime, now: datetime, ahead: timedelta, deadline: datetime) -> datetime:
    """Return when an edition that is composed now is to go out: at its moment.

    One that is composed after its moment leaves people as much time as the others, up to its deadline.
    """
    return moment if now < moment else max(moment, min(now + ahead, deadline))


def begins_at(due_at: datetime | None, now: datetime, cooling_off: timedelta, *, at_once: bool) -> datetime:
    """Return when an edition begins that is approved now: at its time, and never before the cooling-off is
    over. `at_once` does not wait for its time.
    """
    earliest = now + cooling_off
    return earliest if at_once or due_at is None else max(due_at, earliest)


def goes_unapproved(mailing_list: MailingList, stopped_by: str) -> bool:
    """Say whether an edition goes out at its time though nobody approved it; never one that was stopped."""
    if stopped_by:
        return False
    if mailing_list.approval is Approval.NONE:
        return True
    is_optional = mailing_list.approval is Approval.OPTIONAL
    return is_optional and mailing_list.without_approval is WithoutApproval.SEND
