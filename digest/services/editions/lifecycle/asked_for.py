"""An edition that somebody asks for before its time: composed now, and sent when somebody approves it."""

from datetime import datetime, timedelta

from digest.errors import EditionHeldError, RefusedError
from digest.model import Edition, EditionState, MailingList
from digest.model.editions.lateness import deadline_after
from digest.model.rows import row_id
from digest.services.app import App, SilentProgress
from digest.services.copies import watch
from digest.services.editions.composing.compose import Window, compose
from digest.services.editions.lifecycle.approval import Issue, approve
from digest.services.schedule.kinds import looks_back, regular_kind
from digest.services.schedule.local_time import clock_time, instant, zone
from digest.services.sources import polling
from digest.storage.editions import editions

MOST_SECONDS = 15.0
"""So long sources that are due are read first: somebody waits for the answer."""
LEAST_AHEAD = timedelta(minutes=30)
"""One that has no time of its own any more today is due so much later."""


async def compose_now(app: App, mailing_list: MailingList, by: str) -> Edition:
    """Compose the list's edition of today as a draft. It never goes out before somebody approves it, and the
    schedule makes no other of that day.

    Raises:
        RefusedError: today's is made already (made_already), or there is no news (no_news).
        EditionHeldError: it cannot be rendered, or the database went back in time.
    """
    if sentence := await watch.look(app):
        raise EditionHeldError(sentence)
    now, kind = app.clock.now(), regular_kind(mailing_list)
    day = now.astimezone(zone(mailing_list.timezone)).date()
    async with app.database.read() as session:
        if await editions.by_day(session, row_id(mailing_list), kind, day) is not None:
            raise _made_already(mailing_list)
        number = await editions.next_number(session, row_id(mailing_list))
    await polling.visit_due(app, min(app.settings.run.collect_first_seconds, MOST_SECONDS))
    now = app.clock.now()
    window = Window(day=day, start=now - looks_back(mailing_list, kind), end=now)
    composed = await compose(app, mailing_list, window, number=number, kind=kind, report=SilentProgress())
    if not composed.content.stories:
        raise RefusedError("no_news", "There is no news to make an edition of.")
    due_at = _due(mailing_list, now)
    made = await approve(
        app,
        mailing_list,
        Issue(
            content=composed.content,
            deadline=deadline_after(due_at, mailing_list.misfire_hours),
            held_code=editions.BY_HAND,
            is_draft=True,
            due_at=due_at,
            stopped_by=by,
        ),
    )
    if made is None:
        raise _made_already(mailing_list)
    if made.state is not EditionState.DRAFT:
        raise EditionHeldError(f"Edition {made.number} cannot go out: {made.held_reason}")
    return made


def _due(mailing_list: MailingList, now: datetime) -> datetime:
    """Return the list's own time of today while it is to come, else a while from now."""
    where = zone(mailing_list.timezone)
    today = now.astimezone(where).date()
    own = instant(today, clock_time(mailing_list.send_at), where)
    if own > now and today.weekday() in mailing_list.weekdays:
        return own
    return now + max(LEAST_AHEAD, timedelta(minutes=mailing_list.compose_minutes_before))


def _made_already(mailing_list: MailingList) -> RefusedError:
    return RefusedError("made_already", f"Today's edition of {mailing_list.slug} is made already.")
