"""Making an alert of what was found: composed of these stories alone, and frozen if its maker still may."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from digest.curate.ranking.arrange import MISC
from digest.model import Alert, AlertVerdict, Edition, EditionKind, MailingList, Section, Story
from digest.model.rows import row_id
from digest.services.app import App, SilentProgress
from digest.services.audience.lists import specs
from digest.services.editions.alerts.candidates import AlertCandidate
from digest.services.editions.alerts.rules import LIFE
from digest.services.editions.composing.compose import Chosen, Composed, Window, compose
from digest.services.editions.lifecycle.approval import Issue, approve
from digest.storage.editions import alerts, editions


async def compose_alert(
    app: App, mailing_list: MailingList, window: Window, keep: Callable[[Chosen], Chosen]
) -> Composed:
    """Compose a list's next alert from what `keep` leaves of a window's stories."""
    async with app.database.begin() as session:
        number = await editions.next_number(session, row_id(mailing_list))
    return await compose(
        app,
        mailing_list,
        window,
        number=number,
        kind=EditionKind.BREAKING,
        report=SilentProgress(),
        keep=keep,
    )


async def make(
    app: App,
    mailing_list: MailingList,
    window: Window,
    chosen: Chosen,
    going: Sequence[AlertCandidate],
    *,
    fence: int,
) -> Edition | None:
    """Compose and freeze an alert on these stories. None: somebody else looks for the list's alerts by now,
    or it exists.

    It is for those who want the big ones, too, when one of its stories is big.
    """
    alone = replace(
        chosen,
        sections=_sections(mailing_list, [one.story for one in going]),
        members={**chosen.members, **{one.story.key: one.articles for one in going}},
    )
    composed = await compose_alert(app, mailing_list, window, lambda _: alone)
    cause = "outlets" if any(one.trigger.cause == "outlets" for one in going) else "publisher"
    issue = Issue(
        content=composed.content.model_copy(update={"alert_cause": cause}),
        deadline=app.clock.now() + LIFE,
        is_big=any(one.trigger.is_big for one in going),
        still_mine=partial(alerts.holds, list_id=row_id(mailing_list), fence=fence),
    )
    return await approve(app, mailing_list, issue)


def _sections(mailing_list: MailingList, stories: Sequence[Story]) -> tuple[Section, ...]:
    plan = specs(mailing_list)
    homes = {spec.key: spec for spec in reversed(plan)}
    found: dict[str, Section] = {}
    for story in stories:
        home = homes.get(story.section) or homes.get(MISC) or plan[0]
        section = found.get(home.key) or Section(key=home.key, title=home.title, colour=home.colour)
        found[home.key] = section.model_copy(update={"stories": (*section.stories, story)})
    return tuple(found.values())


def decided_on(
    mailing_list: MailingList,
    one: AlertCandidate,
    verdict: AlertVerdict,
    now: datetime,
    edition: Edition | None = None,
) -> Alert:
    """Return what is kept of a decision."""
    return Alert(
        list_id=row_id(mailing_list),
        topic=one.story.key,
        headline=one.story.headline,
        cause=one.trigger.cause,
        is_big=one.trigger.is_big,
        outlets=one.trigger.outlets,
        verdict=verdict,
        marks=one.marks,
        found_at=now,
        decided_at=now,
        edition_id=edition.id if edition else None,
    )
