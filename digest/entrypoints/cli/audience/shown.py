"""`digest subscribers show`: the whole life of one person."""

from collections.abc import Iterator
from typing import Annotated

import typer

from digest.deliver.bounces.score import Score
from digest.entrypoints.cli.audience.choices import named_choices
from digest.entrypoints.cli.audience.life_rows import life_rows, words_of
from digest.entrypoints.cli.screen import JsonOption, foreign, say, say_json, stamp, table, with_app
from digest.model import MailingList, Subscription
from digest.model.rows import row_id
from digest.services.audience.choices.rules import Preferences
from digest.services.audience.subscribers import SubscriberProfile
from digest.services.bounces.scores import BounceEvidence
from digest.services.sending import life
from digest.storage.ledger.deliveries import Timeline


def show(
    address: Annotated[str, typer.Argument(help="The person's address.")],
    most: Annotated[
        int | None,
        typer.Option("--most", min=1, help="Mail of so many editions, the newest; all if left out."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show the whole life of one person: consent, choices, every mail with the server's words, bounces."""
    found = with_app(lambda app: life.of(app, address, most))
    if as_json:
        say_json(life_rows(found))
        return
    _say_person(found.evidence)
    _say_lists(found.profile)
    if found.profile.events:
        table(
            ("at (UTC)", "consent", "how", "from", "page", "text"),
            [
                (stamp(one.at), one.event, one.how, foreign(one.came_from), foreign(one.page), one.text_key)
                for one in found.profile.events
            ],
            empty="",
        )
    for one in found.removed:
        say(
            f"suppression taken off on {stamp(one.removed_at)}: it was {foreign(one.was)}; {foreign(one.why)}"
        )
    table(
        ("edition", "date", "state", "at (UTC)", "the server said"),
        [row for one in found.mail for row in _mail(one)],
        empty="No edition was ever planned for this person.",
    )
    if found.profile.notices:
        table(
            ("mail", "asked (UTC)", "sent", "the server said"),
            [
                (one.kind, stamp(one.created_at), stamp(one.sent_at), one.reply)
                for one in found.profile.notices
            ],
            empty="",
        )
    score = found.evidence.score
    say(f"score {score.points:g} of {found.evidence.threshold:g}" + _since(score))
    table(
        ("at (UTC)", "what", "weight", "shown by", "words", "led to"),
        [
            (stamp(one.at), one.event, one.weight, one.read_by, words_of(one), one.step)
            for one in found.evidence.events
        ],
        empty="Nothing ever came back.",
    )


def _say_person(found: BounceEvidence) -> None:
    person = found.person
    name = f" ({foreign(person.name)})" if person.name else ""
    say(f"{foreign(person.email)}{name}: {foreign(person.disabled_reason or 'is mailed')}")
    if person.sample:
        say("a sample reader of the demo: mail never leaves this machine")
    if found.suppression:
        said = found.suppression
        note = f" ({foreign(said.note)})" if said.note else ""
        say(f"never mailed since {stamp(said.created_at)} (UTC): {foreign(said.reason)}{note}")


def _say_lists(profile: SubscriberProfile) -> None:
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
            "choices",
        ),
        [_subscription(mailing_list, subscription) for mailing_list, subscription in profile.subscriptions],
        empty="On no list.",
    )
    for mailing_list, _ in profile.subscriptions:
        shown = [f"{key} = {value}" for key, value in profile.values.get(row_id(mailing_list), {}).items()]
        shown += [f"tag {tag}" for tag in profile.tags.get(row_id(mailing_list), ())]
        if shown:
            say(f"{mailing_list.slug}: {foreign(', '.join(shown))}")


def _mail(one: Timeline) -> Iterator[tuple[object, ...]]:
    """One row a try, the newest last; one row for a mail that was never tried."""
    edition = (one.edition.number, one.edition.local_date.isoformat())
    last = " ".join(filter(None, (one.status.value, one.reason)))
    if not one.tries:
        yield (*edition, last, "—", "")
    for place, each in enumerate(one.tries, 1):
        state = last if place == len(one.tries) else f"try {place}"
        yield (*edition, state, stamp(each.at), f"{each.code or ''} {each.words}".strip())


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
        "; ".join(
            [
                *named_choices(Preferences.of(subscription)),
                *([f"paused until {stamp(subscription.paused_until)}"] if subscription.paused_until else []),
            ]
        ),
    )


def _since(score: Score) -> str:
    last = f", last bounce on {score.last_on.isoformat()}" if score.last_on else ""
    return last + (f", probed on {score.probed_on.isoformat()}" if score.probed_on else "")
