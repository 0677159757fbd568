"""When who confirms now gets the first edition."""

from datetime import datetime

from digest.model import MailingList
from digest.services.schedule.due import next_due


def first_edition(mailing_list: MailingList, now: datetime) -> datetime | None:
    """Return when a list goes out next; None for one that is switched off or goes out on no day."""
    return next_due(mailing_list, now) if mailing_list.enabled else None
