"""The kinds of edition that a list makes."""

from datetime import timedelta
from hashlib import sha256

from digest.model import EditionContent, EditionKind, MailingList

WEEK = timedelta(days=7)


def regular_kind(mailing_list: MailingList) -> EditionKind:
    """Return the kind that the list's schedule makes: weekly ones when its layout is the weekly one, else
    daily ones.
    """
    return EditionKind.WEEKLY if mailing_list.layout == EditionKind.WEEKLY.value else EditionKind.DAILY


def is_review(mailing_list: MailingList, kind: EditionKind) -> bool:
    """Say whether an edition is the weekly one of a daily list: it repeats what the days told, corrections
    too.
    """
    return kind is EditionKind.WEEKLY and regular_kind(mailing_list) is not EditionKind.WEEKLY


def looks_back(mailing_list: MailingList, kind: EditionKind) -> timedelta:
    """Return how long an edition's window is: a week for a weekly one, else as long as the list says."""
    return WEEK if kind is EditionKind.WEEKLY else timedelta(hours=mailing_list.window_hours)


def topic_of(content: EditionContent) -> str:
    """Return what else than list, kind and date makes an edition the one it is: the story's key for an alert,
    else nothing.

    A day has one daily edition and may have several alerts, but one on each story, and on each correction of
    one.
    """
    if content.kind is not EditionKind.BREAKING or not content.stories:
        return ""
    key = content.stories[0].key
    if not content.corrections:
        return key
    return f"{key}:{sha256(content.corrections[0].text.encode()).hexdigest()[:12]}"
