"""Make the editions that are due: compose, freeze, start."""

import structlog

from digest.errors import EditionHeldError
from digest.model import Approval, Edition, EditionState, MailingList
from digest.model.editions.lateness import deadline_after, is_late
from digest.services.app import App, SilentProgress
from digest.services.copies import watch
from digest.services.editions.composing.compose import Composed, Window, compose
from digest.services.editions.lifecycle.approval import Issue, approve, start
from digest.services.schedule.approving import composed_ahead, due_after_composing
from digest.services.schedule.kinds import looks_back
from digest.services.schedule.slots import DueSlot, next_due_slot
from digest.services.sources import polling
from digest.storage.audience import lists
from digest.storage.editions import editions
from digest.storage.instances import COPY

log = structlog.get_logger()


async def make_due(app: App, list_id: int) -> Edition | None:
    """Make the edition of a list that is due now, if it is: read news, compose, freeze, start. None: there is
    none to make.

    Sources that are due are read first, and visits that go on are waited for, for `run.collect_first_seconds`
    at most. Where people approve its editions, it is composed before its time, kept as a draft, and waits for
    them. Missed for longer than the list allows, with too little to say, or not to be rendered, it is held
    with the reason. One that was held for too little to say is made anew while it may still go out and
    articles have come in. From a database that went back in time it is held, too.
    """
    now = app.clock.now()
    async with app.database.begin() as session:
        mailing_list = await lists.by_id(session, list_id)
        due = await next_due_slot(session, mailing_list, now) if mailing_list else None
        if mailing_list is None or due is None:
            return None
        number = await editions.next_number(session, list_id)
    suspicion = await watch.look(app)
    if not suspicion:
        await polling.visit_due(app, app.settings.run.collect_first_seconds)
    before, ahead = due.before, composed_ahead(mailing_list)
    end = max(due.moment, now) if before else due.moment
    # What came in between the last edition's composing and its time belongs to nobody else.
    start_ = due.moment - looks_back(mailing_list, due.slot.kind) - ahead
    window = Window(day=due.day, start=start_, end=end)
    kind = due.slot.kind
    composed = await compose(
        app,
        mailing_list,
        window,
        number=before.number if before else number,
        kind=kind,
        report=SilentProgress(),
    )
    deadline = deadline_after(due.moment, mailing_list.misfire_hours)
    code, reason = _why_held(mailing_list, composed, due, late=is_late(deadline, now), suspicion=suspicion)
    edition = await approve(
        app,
        mailing_list,
        Issue(
            content=composed.content,
            deadline=deadline,
            held_reason=reason,
            held_code=code,
            held_about={
                "stories": str(len(composed.content.stories)),
                "wanted": str(mailing_list.min_stories),
            }
            if code == editions.TOO_FEW
            else {},
            for_weekly_readers=due.slot.for_weekly_readers,
            for_any_day=due.slot.for_any_day,
            is_draft=mailing_list.approval is not Approval.NONE,
            due_at=due_after_composing(due.moment, now, ahead, deadline)
            if mailing_list.approval is not Approval.NONE
            else None,
        ),
    )
    if edition is not None and edition.state is EditionState.APPROVED:
        try:
            await start(app, edition)
        except EditionHeldError as error:
            log.warning("edition.held", edition=edition.id, reason=str(error))
    return edition


def _why_held(
    mailing_list: MailingList, composed: Composed, due: DueSlot, *, late: bool, suspicion: str | None
) -> tuple[str, str | None]:
    """Return the code and the sentence of what keeps an edition back; of the second None when nothing
    does.
    """
    stories, hours = len(composed.content.stories), mailing_list.misfire_hours
    if suspicion:
        return COPY, suspicion
    if late:
        return (
            editions.LATE,
            f"missed: it was due at {due.moment.isoformat()} and may go out {hours} hours late at most",
        )
    if stories < mailing_list.min_stories:
        return editions.TOO_FEW, f"only {stories} stories, the list asks for {mailing_list.min_stories}"
    return "", None
