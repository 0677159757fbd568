"""An alert because an editor says so: one story, to those who chose alerts, now."""

from dataclasses import dataclass
from functools import partial

from digest.errors import EditionHeldError, RefusedError
from digest.model import Edition, EditionKind, EditionState, MailingList
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience.lists import specs
from digest.services.copies import watch as copies
from digest.services.editions import clock
from digest.services.editions.alerts.making import compose_alert
from digest.services.editions.alerts.rules import LIFE
from digest.services.editions.composing.breaking import alerting, like
from digest.services.editions.composing.compose import Case, Composed, Window
from digest.services.editions.composing.explain import cases_of
from digest.services.editions.lifecycle.approval import Issue, approve, start
from digest.services.schedule.kinds import looks_back, regular_kind
from digest.services.schedule.local_time import zone
from digest.storage.audience import eligible, lists
from digest.storage.editions import editions

MOST_CASES = 40


@dataclass(frozen=True, slots=True)
class AlertReach:
    """How many would get an alert now, and how many read the list."""

    chose: int
    all_readers: int


async def stories(app: App, mailing_list: MailingList) -> tuple[Case, ...]:
    """Return today's stories, those that an edition would tell first; none when no article came."""
    try:
        return (await cases_of(app, mailing_list))[:MOST_CASES]
    except ValueError:
        return ()


async def reach(app: App, mailing_list: MailingList) -> AlertReach:
    """Return who would get an alert now."""
    async with app.database.read() as session:
        chose = await eligible.count(session, row_id(mailing_list), EditionKind.BREAKING)
        return AlertReach(chose, await lists.confirmed(session, row_id(mailing_list)))


async def alert(app: App, mailing_list: MailingList, key: str) -> Edition:
    """Tell those who chose alerts of one story, at once; batches are sent by whoever sends.

    Raises:
        RefusedError: there is no such story (no_such_story), it was an alert today already (alerted_already),
            nobody chose alerts (nobody_chose), or the clock cannot be believed (clock).
        EditionHeldError: it cannot be rendered, or the database went back in time.
    """
    if sentence := await copies.look(app):
        raise EditionHeldError(sentence)
    if not await clock.is_right(app):
        raise RefusedError("clock", "No alert is made by a clock that cannot be believed.")
    if not (await reach(app, mailing_list)).chose:
        raise RefusedError("nobody_chose", f"Nobody chose the alerts of the list {mailing_list.slug}.")
    composed = await _composed(app, mailing_list, key)
    content = composed.content.model_copy(update={"alert_cause": "editor"})
    if await like(app, mailing_list, content) is not None:
        raise RefusedError("alerted_already", "This story was an alert today already.")
    made = await approve(app, mailing_list, Issue(content=content, deadline=app.clock.now() + LIFE))
    if made is None:
        raise RefusedError("alerted_already", "This story was an alert today already.")
    if made.state is not EditionState.APPROVED:
        raise EditionHeldError(f"The alert cannot go out: {made.held_reason}")
    await start(app, made)
    async with app.database.begin() as session:
        return await editions.by_id(session, row_id(made)) or made


async def _composed(app: App, mailing_list: MailingList, key: str) -> Composed:
    now = app.clock.now()
    window = Window(
        day=now.astimezone(zone(mailing_list.timezone)).date(),
        start=now - looks_back(mailing_list, regular_kind(mailing_list)),
        end=now,
    )
    keep = partial(alerting, plan=specs(mailing_list), wanted=key)
    try:
        composed = await compose_alert(app, mailing_list, window, keep)
    except ValueError as error:
        raise RefusedError("no_such_story", "There is no such story any more.") from error
    if not composed.content.stories:
        raise RefusedError("no_such_story", "There is no such story any more.")
    return composed
