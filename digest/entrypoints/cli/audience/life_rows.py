"""One person's life as JSON: the rows that `digest subscribers show --json` answers with."""

from dataclasses import asdict

from digest.entrypoints.cli.screen import as_row
from digest.model import BounceEvent
from digest.model.rows import row_id
from digest.services.audience.choices.rules import Preferences
from digest.services.sending.life import PersonLife
from digest.storage.ledger.deliveries import Timeline


def life_rows(life: PersonLife) -> dict[str, object]:
    """Return all that is known of a person, as JSON can take it."""
    found, profile = life.evidence, life.profile
    person = found.person
    return {
        "email": person.email,
        "name": person.name,
        "language": person.locale,
        "since": person.created_at.isoformat(),
        "stopped": person.disabled_reason,
        "sample": person.sample,
        "suppression": found.suppression
        and as_row(
            reason=found.suppression.reason,
            note=found.suppression.note,
            since=found.suppression.created_at,
        ),
        "suppressions_removed": [
            as_row(was=one.was, since=one.suppressed_at, removed_at=one.removed_at, why=one.why)
            for one in life.removed
        ],
        "score": found.score.points,
        "threshold": found.threshold,
        "mail": [_mail_row(one) for one in life.mail],
        "notices": [
            as_row(
                kind=one.kind,
                asked_at=one.created_at,
                sent_at=one.sent_at,
                tries=one.attempts,
                reply=one.reply,
            )
            for one in profile.notices
        ],
        "lists": [
            as_row(
                list=mailing_list.slug,
                state=subscription.state.value,
                requested_at=subscription.requested_at,
                confirmed_at=subscription.confirmed_at,
                left_at=subscription.left_at,
                consent=subscription.consent_how,
                consent_from=subscription.consent_from,
                paused_until=subscription.paused_until,
                **asdict(Preferences.of(subscription)),
                import_id=subscription.import_id,
                fields=dict(profile.values.get(row_id(mailing_list), {})),
                tags=list(profile.tags.get(row_id(mailing_list), ())),
            )
            for mailing_list, subscription in profile.subscriptions
        ],
        "consent_events": [
            as_row(
                at=one.at,
                event=one.event,
                how=one.how,
                came_from=one.came_from,
                page=one.page,
                text_version=one.text_key,
                text=profile.texts.get(one.text_key, ""),
            )
            for one in profile.events
        ],
        "events": [
            as_row(
                at=one.at,
                event=one.event,
                weight=one.weight,
                read_by=one.read_by,
                words=words_of(one),
                step=one.step,
            )
            for one in found.events
        ],
    }


def _mail_row(one: Timeline) -> dict[str, object]:
    return {
        "edition": one.edition.number,
        "list_id": one.edition.list_id,
        "kind": one.edition.kind.value,
        "date": one.edition.local_date.isoformat(),
        "state": one.status.value,
        "reason": one.reason,
        "next_try_at": one.next_try_at.isoformat() if one.next_try_at else None,
        "tries": [as_row(at=each.at, code=each.code, words=each.words) for each in one.tries],
    }


def words_of(event: BounceEvent) -> str:
    """Return what a receiver said, with its code once."""
    return event.words if event.code in event.words else f"{event.code} {event.words}"
