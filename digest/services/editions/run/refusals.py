"""Why a run by hand mails nobody, in sentences that say what to do."""

from collections.abc import Sequence

from digest.errors import EditionHeldError, NothingToSendError, SourceError
from digest.model import Edition, EditionState, MailingList
from digest.services.editions.composing.compose import Window
from digest.services.sources.polling import Visit
from digest.storage.editions.approving import UNAPPROVED


def nothing_to_send(visits: Sequence[Visit], window: Window, mailing_list: MailingList) -> Exception:
    """Return the error for a run that found no story: every source failed, or there was no news."""
    failed = [visit for visit in visits if visit.error]
    if visits and len(failed) == len(visits):
        return SourceError(
            f"None of {len(visits)} sources could be read; the first said: {failed[0].error}",
            location=failed[0].source.location,
        )
    problems = [problem for visit in visits for problem in visit.problems]
    why = f" {problems[0]}" if problems else ""
    return NothingToSendError(
        f"There is nothing new for {mailing_list.slug} on {window.day.isoformat()}: no article between "
        f"{window.start:%Y-%m-%d %H:%M} and {window.end:%Y-%m-%d %H:%M} UTC that was not told before.{why}",
        remedy="Nobody was mailed.",
    )


def waits_for_people(edition: Edition, mailing_list: MailingList) -> EditionHeldError | None:
    """Return the error for an edition of that date that waits at the desk, with what people made of it; None:
    it does not.
    """
    waits = edition.state in {EditionState.DRAFT, EditionState.APPROVED} and edition.due_at is not None
    is_theirs = edition.composed is not None or edition.held_code == UNAPPROVED
    if edition.started_at is not None or not (waits or (edition.state is EditionState.HELD and is_theirs)):
        return None
    number, slug = edition.number, mailing_list.slug
    remedy = f"`digest editions approve {number} --list {slug}` approves it"
    if edition.state is EditionState.APPROVED:
        remedy = f"`digest editions stop {number} --list {slug}` takes the approval back"
    stands = "approved, and begins in a while" if edition.approved_by else "waiting for an approval"
    return EditionHeldError(
        f"Edition {number} of {edition.local_date.isoformat()} is {stands}; it is not made anew.",
        remedy=f"{remedy}, `digest editions cancel {number} --list {slug}` ends it.",
    )


def stopped_before(edition: Edition, mailing_list: MailingList) -> EditionHeldError:
    """Return the error for an edition of that date that was paused, held or cancelled."""
    why = f": {edition.held_reason}" if edition.held_reason else ""
    if edition.state is EditionState.CANCELLED:
        remedy = "That is for good: nobody else is mailed it. The list's next edition goes out as usual."
    else:
        remedy = f"`digest editions resume {edition.number} --list {mailing_list.slug}` lets it go on."
    return EditionHeldError(
        f"Edition {edition.number} of {edition.local_date.isoformat()} is {edition.state.value}{why}.".replace(
            "..", "."
        ),
        remedy=remedy,
    )
