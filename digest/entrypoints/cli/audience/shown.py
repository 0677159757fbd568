"""`digest subscribers show`: how one address stands."""

from typing import Annotated

import typer

from digest.deliver.bounces.score import Score
from digest.entrypoints.cli.screen import JsonOption, as_row, foreign, say, say_json, stamp, table, with_app
from digest.model import BounceEvent, MailingList, Subscription
from digest.services.app import App
from digest.services.audience import subscribers
from digest.services.audience.subscribers import SubscriberProfile
from digest.services.bounces import scores as bounce_score
from digest.services.bounces.scores import BounceEvidence


def show(
    address: Annotated[str, typer.Argument(help="The person's address.")], as_json: JsonOption = False
) -> None:
    """Show how an address stands: its lists, choices and consent, and what came back with what followed from
    it.
    """

    async def work(app: App) -> tuple[BounceEvidence, SubscriberProfile]:
        return await bounce_score.evidence(app, address), await subscribers.profile(app, address)

    found, profile = with_app(work)
    if as_json:
        say_json(_as_json(found, profile))
        return
    person, score = found.person, found.score
    say(f"{foreign(person.email)}: {foreign(person.disabled_reason or 'is mailed')}")
    if person.sample:
        say("a sample reader of the demo: mail never leaves this machine")
    if found.suppression:
        say(
            f"never mailed since {stamp(found.suppression.created_at)} (UTC): {foreign(found.suppression.reason)}"
        )
    table(
        (
            "list",
            "state",
            "asked (UTC)",
            "confirmed",
            "left",
            "consent",
            "from",
            "sections",
            "how often",
            "alerts",
        ),
        [_subscription(mailing_list, subscription) for mailing_list, subscription in profile.subscriptions],
        empty="On no list.",
    )
    if profile.events:
        table(
            ("at (UTC)", "consent", "how", "from"),
            [(stamp(one.at), one.event, one.how, one.came_from) for one in profile.events],
            empty="",
        )
    say(f"score {score.points:g} of {found.threshold:g}" + _since(score))
    table(
        ("at (UTC)", "what", "weight", "told by", "words", "led to"),
        [(stamp(one.at), one.event, one.weight, one.read_by, _words(one), one.step) for one in found.events],
        empty="Nothing ever came back.",
    )


def _subscription(mailing_list: MailingList, subscription: Subscription) -> tuple[str, ...]:
    return (
        mailing_list.slug,
        subscription.state.value,
        stamp(subscription.requested_at),
        stamp(subscription.confirmed_at),
        stamp(subscription.left_at),
        subscription.consent_how,
        subscription.consent_from,
        "all" if subscription.sections is None else ", ".join(subscription.sections),
        subscription.frequency.value,
        subscription.alerts.value + (f", not {subscription.quiet_hours}" if subscription.quiet_hours else ""),
    )


def _as_json(found: BounceEvidence, profile: SubscriberProfile) -> dict[str, object]:
    person = found.person
    return {
        "email": person.email,
        "name": person.name,
        "stopped": person.disabled_reason,
        "sample": person.sample,
        "suppression": found.suppression
        and as_row(reason=found.suppression.reason, since=found.suppression.created_at),
        "score": found.score.points,
        "threshold": found.threshold,
        "lists": [
            as_row(
                list=mailing_list.slug,
                state=subscription.state.value,
                requested_at=subscription.requested_at,
                confirmed_at=subscription.confirmed_at,
                left_at=subscription.left_at,
                consent=subscription.consent_how,
                consent_from=subscription.consent_from,
                sections=subscription.sections,
                frequency=subscription.frequency.value,
                alerts=subscription.alerts.value,
                quiet_hours=subscription.quiet_hours,
                import_id=subscription.import_id,
            )
            for mailing_list, subscription in profile.subscriptions
        ],
        "consent_events": [
            as_row(at=one.at, event=one.event, how=one.how, came_from=one.came_from) for one in profile.events
        ],
        "events": [
            as_row(
                at=one.at,
                event=one.event,
                weight=one.weight,
                read_by=one.read_by,
                words=_words(one),
                step=one.step,
            )
            for one in found.events
        ],
    }


def _since(score: Score) -> str:
    last = f", last bounce on {score.last_on.isoformat()}" if score.last_on else ""
    return last + (f", probed on {score.probed_on.isoformat()}" if score.probed_on else "")


def _words(event: BounceEvent) -> str:
    return event.words if event.code in event.words else f"{event.code} {event.words}"
