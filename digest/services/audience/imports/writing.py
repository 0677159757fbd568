"""Decide what becomes of people of a file by what is known of them, and write it."""

import secrets
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from sqlalchemy import Connection

from digest.model import CustomField, ImportRun, MailingList, SubscriptionState, SuppressionReason
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience.imports import extras
from digest.services.audience.imports.reading import Person
from digest.services.audience.imports.states import FileState
from digest.storage.audience import imports as stored
from digest.storage.audience.imports import NOBODY, Known

KEY_BYTES = 16
REASONS = {
    FileState.BOUNCED: SuppressionReason.IMPORTED_BOUNCED,
    FileState.BLOCKED: SuppressionReason.IMPORTED_BLOCKED,
}


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
    if person.state is FileState.LEFT:
        confirmed_here = known.state is SubscriptionState.CONFIRMED and known.how == "form"
        return ImportOutcome.KNOWN if confirmed_here and not known.suppressed else ImportOutcome.LEFT
    if known.suppressed:
        return ImportOutcome.SUPPRESSED
    if known.state is SubscriptionState.LEFT:
        return ImportOutcome.LEFT
    if known.state is SubscriptionState.CONFIRMED:
        return ImportOutcome.KNOWN
    return ImportOutcome.UNCONFIRMED if person.state is FileState.UNCONFIRMED else ImportOutcome.ADDED


_OF_STRANGERS = {state: decided(Person("", "", state), NOBODY) for state in FileState}
"""What becomes of a person who is not known here, by what the file says."""


def write(
    connection: Connection,
    *,
    app: App,
    mailing_list: MailingList,
    run: ImportRun | None,
    people: Sequence[Person],
    own: Mapping[str, CustomField],
) -> tuple[Counter[ImportOutcome], int]:
    """Decide on some people and write what follows; without a run, only decide. Returns how many became what,
    and how many names were filled in.
    """
    list_id = row_id(mailing_list)
    by_email = {one.email: one for one in people}
    # Hashing is dear, and where nobody is suppressed nothing would be found.
    hashed = stored.anybody_is_suppressed(connection)
    hashes = {email: app.keys.suppression_hashes(email) for email in by_email} if hashed else {}
    known = stored.known(connection, list_id, list(by_email), hashes)
    outcomes = {
        email: decided(one, known[email]) if email in known else _OF_STRANGERS[one.state]
        for email, one in by_email.items()
    }
    counts = Counter(outcomes.values())
    names: dict[int, str] = {
        stands.subscriber_id: by_email[email].name
        for email, stands in known.items()
        if stands.subscriber_id is not None
        and not stands.name
        and by_email[email].name
        and not stands.suppressed
    }
    if run is None:
        return counts, len(names)
    stored.fill_names(connection, names)
    stored.suppress(
        connection,
        run,
        {
            app.keys.suppression_hash(one.email): REASONS[one.state]
            for one in by_email.values()
            if one.state in REASONS
        },
    )
    gone = {ImportOutcome.LEFT, ImportOutcome.SUPPRESSED}
    ended = [
        subscriber_id
        for email, outcome in outcomes.items()
        if outcome in gone
        and (subscriber_id := known.get(email, NOBODY).subscriber_id) is not None
        and by_email[email].state >= FileState.LEFT
        and known.get(email, NOBODY).state in {SubscriptionState.CONFIRMED, SubscriptionState.PENDING}
    ]
    stored.end(connection, list_id, run, ended)
    _add(connection, mailing_list, run, people=by_email, known=known, outcomes=outcomes)
    extras.keep(connection, mailing_list, run, people, own)
    return counts, len(names)


def _add(
    connection: Connection,
    mailing_list: MailingList,
    run: ImportRun,
    *,
    people: Mapping[str, Person],
    known: Mapping[str, Known],
    outcomes: Mapping[str, ImportOutcome],
) -> None:
    """Add who is new: to be mailed, or as one who left. The address of one who must never be mailed is not
    kept.
    """
    list_id = row_id(mailing_list)
    kept = {
        email: known.get(email, NOBODY)
        for email, outcome in outcomes.items()
        if outcome is ImportOutcome.ADDED
        or (outcome is ImportOutcome.LEFT and not known.get(email, NOBODY).suppressed)
    }
    fresh = [email for email, stands in kept.items() if stands.subscriber_id is None]
    keys = secrets.token_hex(KEY_BYTES * len(fresh))  # one call: the system is asked once
    long = 2 * KEY_BYTES
    rows = [(email, people[email].name, keys[at * long : (at + 1) * long]) for at, email in enumerate(fresh)]
    ids = stored.add_people(connection, rows, locale=mailing_list.language, now=run.at)
    of = {
        email: subscriber_id
        for email, stands in kept.items()
        if (subscriber_id := ids.get(email, stands.subscriber_id)) is not None
    }
    added = [email for email in kept if outcomes[email] is ImportOutcome.ADDED]
    pending = [of[one] for one in added if kept[one].state is SubscriptionState.PENDING]
    stored.confirm_pending(connection, list_id, run, pending)
    new = [of[one] for one in added if kept[one].state is None]
    stored.add_subscriptions(connection, list_id, run, new, SubscriptionState.CONFIRMED)
    left = [of[one] for one in kept if outcomes[one] is ImportOutcome.LEFT and kept[one].state is None]
    stored.add_subscriptions(connection, list_id, run, left, SubscriptionState.LEFT)


def _keys(count: int) -> Iterator[str]:
    """Keys of people's links, in hex: the system is asked once for all of them."""
    drawn = secrets.token_hex(KEY_BYTES * count)
    return (drawn[at : at + 2 * KEY_BYTES] for at in range(0, len(drawn), 2 * KEY_BYTES))
