"""Decide what becomes of people of a file by what is known of them, and write it."""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from operator import itemgetter

from sqlalchemy import Connection

from digest.model import CustomField, ImportRun, MailingList, SubscriptionState, SuppressionReason
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience.imports import extras
from digest.services.audience.imports.person import Person, PersonRow
from digest.services.audience.imports.states import FileState
from digest.storage.audience.imports import people as stored
from digest.storage.audience.imports.people import NOBODY, Known, NewPeople

KEY_BYTES = 16
REASONS = {
    FileState.BOUNCED: SuppressionReason.IMPORTED_BOUNCED,
    FileState.BLOCKED: SuppressionReason.IMPORTED_BLOCKED,
}

OPEN = frozenset({SubscriptionState.CONFIRMED, SubscriptionState.PENDING})
_KEPT = {int(FileState.CONFIRMED): SubscriptionState.CONFIRMED, int(FileState.LEFT): SubscriptionState.LEFT}
"""As what strangers are kept, by what the file says; others are not."""
_EMAIL, _NAME, _STATE = map(itemgetter, range(3))
_WORST = {int(state) for state in REASONS}


class ImportOutcome(StrEnum):
    """What became of a row. Every row of the file is one of these."""

    ADDED = "added"
    KNOWN = "known"
    DOUBLED = "doubled"
    LEFT = "left"
    SUPPRESSED = "suppressed"
    UNCONFIRMED = "unconfirmed"
    REJECTED = "rejected"


def decided(person: Person, known: Known) -> ImportOutcome:
    """Say what becomes of a person, by what the file says and what is known here (pure).

    Whoever confirmed here by the form is not ended by what another program remembers, unless that is a bounce
    or a block.
    """
    if person.state >= FileState.BOUNCED:
        return ImportOutcome.SUPPRESSED
    if person.state == FileState.LEFT:
        confirmed_here = known.state is SubscriptionState.CONFIRMED and known.how == "form"
        return ImportOutcome.KNOWN if confirmed_here and not known.suppressed else ImportOutcome.LEFT
    if known.suppressed:
        return ImportOutcome.SUPPRESSED
    if known.state is SubscriptionState.LEFT:
        return ImportOutcome.LEFT
    if known.state is SubscriptionState.CONFIRMED:
        return ImportOutcome.KNOWN
    return ImportOutcome.UNCONFIRMED if person.state == FileState.UNCONFIRMED else ImportOutcome.ADDED


_OF_STRANGERS = {int(state): decided(Person("", "", state), NOBODY) for state in FileState}
"""What becomes of a person of whom nothing is known here, by what the file says."""


def write(
    connection: Connection,
    *,
    app: App,
    mailing_list: MailingList,
    run: ImportRun | None,
    people: Sequence[PersonRow],
    own: Mapping[str, CustomField] | None,
) -> tuple[Counter[ImportOutcome], int]:
    """Decide on some people, sorted by address, and write what follows; without a run, only decide. Returns
    how many became what, and how many names were filled in.

    `own` are the list's own fields; None: the file says nothing of them, of tags or of choices.
    """
    list_id = row_id(mailing_list)
    emails = list(map(_EMAIL, people))
    # Hashing is dear, and where nobody is suppressed nothing would be found.
    hashed = stored.anybody_is_suppressed(connection, run)
    hashes = {email: app.keys.suppression_hashes(email) for email in emails} if hashed else {}
    known = stored.known(connection, list_id, emails, hashes)
    strangers = [one for one in people if one[0] not in known] if known else people
    met = {one[0]: Person._make(one) for one in people if one[0] in known} if known else {}
    outcomes = {email: decided(one, known[email]) for email, one in met.items()}
    counts = Counter(outcomes.values())
    for state, count in Counter(map(_STATE, strangers)).items():
        counts[_OF_STRANGERS[state]] += count
    names: dict[int, str] = {
        stands.subscriber_id: met[email].name
        for email, stands in known.items()
        if stands.subscriber_id is not None and not stands.name and met[email].name and not stands.suppressed
    }
    if run is None:
        return counts, len(names)
    stored.fill_names(connection, names)
    reasons = {
        app.keys.suppression_hash(email): REASONS[FileState(state)]
        for email, _, state, *_ in (one for one in people if one[2] in _WORST)
    }
    stored.suppress(connection, run, reasons)
    _change(connection, list_id, run, people=met, known=known, outcomes=outcomes)
    _add(connection, mailing_list, run, strangers)
    if own is not None:
        extras.keep(connection, mailing_list, run, list(map(Person._make, people)), own)
    return counts, len(names)


def _change(
    connection: Connection,
    list_id: int,
    run: ImportRun,
    *,
    people: Mapping[str, Person],
    known: Mapping[str, Known],
    outcomes: Mapping[str, ImportOutcome],
) -> None:
    """Put those on the list, or end those, of whom something is known here."""
    gone = {ImportOutcome.LEFT, ImportOutcome.SUPPRESSED}
    ended: list[int] = []
    pending: list[int] = []
    new: list[int] = []
    left: list[int] = []
    for email, outcome in outcomes.items():
        stands = known[email]
        if stands.subscriber_id is None:
            continue  # nobody has the address; that of one who must never be mailed is not kept
        if outcome is ImportOutcome.ADDED:
            (new if stands.state is None else pending).append(stands.subscriber_id)
        elif stands.state is None:
            if outcome is ImportOutcome.LEFT and not stands.suppressed:
                left.append(stands.subscriber_id)
        elif outcome in gone and people[email].state >= FileState.LEFT and stands.state in OPEN:
            ended.append(stands.subscriber_id)
    stored.end(connection, list_id, run, ended)
    stored.confirm_pending(connection, list_id, run, pending)
    stored.add_subscriptions(connection, list_id, run, new, SubscriptionState.CONFIRMED)
    stored.add_subscriptions(connection, list_id, run, left, SubscriptionState.LEFT)


def _add(
    connection: Connection, mailing_list: MailingList, run: ImportRun, strangers: Sequence[PersonRow]
) -> None:
    """Add people of whom nothing is known here: to be mailed, or as those who left."""
    kept = [one for one in strangers if one[2] in _KEPT]
    drawn = secrets.token_hex(KEY_BYTES * len(kept))  # one call: the system is asked once
    keys = [drawn[at : at + 2 * KEY_BYTES] for at in range(0, len(drawn), 2 * KEY_BYTES)]
    fresh = NewPeople(list(map(_EMAIL, kept)), list(map(_NAME, kept)), keys)
    ids = stored.add_people(connection, fresh, locale=mailing_list.language, now=run.at)
    list_id, states = row_id(mailing_list), list(map(_STATE, kept))
    for file_state, state in _KEPT.items():
        wanted = [id_ for id_, said in zip(ids, states, strict=True) if said == file_state]
        stored.add_subscriptions(connection, list_id, run, wanted, state)
