"""Letting a paused or held edition go on, because a person says so."""

from digest.errors import EditionHeldError, InputError, NotFoundError
from digest.model import Edition, EditionContent, EditionSegment, EditionState, MailingList
from digest.model.editions.edition_moves import Move, state_after, why_not
from digest.model.editions.lateness import put_further
from digest.model.rows import row_id
from digest.services.app import App, SilentProgress
from digest.services.copies import watch
from digest.services.editions.composing.compose import Window, compose
from digest.services.editions.lifecycle.approval import MANY, Issue, freeze, proofread, start
from digest.services.schedule.kinds import looks_back
from digest.services.sending import deliveries, times
from digest.services.sources import polling
from digest.storage.audience import lists
from digest.storage.editions import editions
from digest.storage.instances import COPY
from digest.storage.ledger import batches


async def resume(app: App, edition: Edition) -> Edition:
    """Let a paused or held edition go on; one that was held before it began is started.

    It may go out for as long again as its list allows, however late it is: a person has decided that. What
    waits is due at once, whatever a wrong clock wrote down. One that was held for too little to say is made
    anew from the news of now.

    Raises:
        InputError: it went out, was cancelled or is not approved, or has no story.
        EditionHeldError: it still cannot be rendered, and stays held; or the database went back in time.
    """
    if sentence := await watch.look(app):
        raise EditionHeldError(sentence)
    if edition.starts_at is not None and edition.starts_at > app.clock.now():
        raise InputError(
            f"Edition {edition.number} is approved and begins at {edition.starts_at.isoformat()}.",
            remedy=f"`digest editions stop {edition.number}` takes the approval back.",
        )
    if edition.state is EditionState.APPROVED or (
        edition.state is EditionState.HELD and edition.started_at is None
    ):
        await _let_go(app, edition)
    else:
        await _go_on(app, edition)
    async with app.database.begin() as session:
        return await editions.by_id(session, row_id(edition)) or edition


async def _go_on(app: App, edition: Edition) -> None:
    began = edition.started_at is not None
    if edition.state is not EditionState.SENDING and (
        state_after(edition.state, Move.RESUME, started=began) is None
    ):
        raise InputError(
            f"Edition {edition.number} is {edition.state.value}: {why_not(edition.state, Move.RESUME)}.",
            remedy=f"`digest editions status {edition.number}` shows its books.",
        )
    await deliveries.move_by_hand(app, edition, Move.RESUME)
    async with app.database.begin() as session:
        now = app.clock.now()
        await times.free(session, app, row_id(edition))
        due = await batches.due_batches(session, now, MANY, edition.id)
        await app.queue.enqueue_with(session, "send_batch", due)


async def _let_go(app: App, edition: Edition) -> None:
    async with app.database.begin() as session:
        mailing_list = await lists.by_id(session, edition.list_id)
    if mailing_list is None:
        raise NotFoundError(f"The list of edition {edition.number} is gone.")
    content = await _content(app, mailing_list, edition)
    if not content.stories:
        raise InputError(
            f"Edition {edition.number} has no story, and no article has come in since.",
            remedy="`digest run` reads the sources and makes one that has.",
        )
    deadline = put_further(edition.send_deadline, app.clock.now(), mailing_list.misfire_hours)
    issue, subject = await proofread(
        app,
        mailing_list,
        Issue(
            content=content,
            deadline=deadline,
            for_weekly_readers=edition.for_weekly_readers,
            for_any_day=edition.for_any_day,
            is_big=edition.is_big,
            corrects=edition.corrects,
            segment=EditionSegment.model_validate(edition.segment) if edition.segment else None,
        ),
    )
    if issue.held_reason:
        raise EditionHeldError(f"Edition {edition.number} stays held: {issue.held_reason}")
    approved = await freeze(app, mailing_list, issue, subject)
    if approved is None:
        approved = edition if edition.state is EditionState.APPROVED else None
    if approved is not None:
        await start(app, approved)


async def _content(app: App, mailing_list: MailingList, edition: Edition) -> EditionContent:
    """The content that was kept; of an edition that had too little to say, the one that today's news
    gives.
    """
    content = EditionContent.model_validate(edition.content)
    if edition.held_code == COPY and not content.stories:
        # Only its name was known, from the mark: it is made as `digest run` makes it.
        start_, end = app.clock.now() - looks_back(mailing_list, edition.kind), app.clock.now()
        edition.window_start, edition.window_end = start_, end
    if content.stories and (edition.held_code != editions.TOO_FEW or edition.composed is not None):
        return content
    await polling.visit_due(app, app.settings.run.collect_first_seconds)
    window = Window(
        day=edition.local_date, start=edition.window_start, end=max(edition.window_end, app.clock.now())
    )
    composed = await compose(
        app, mailing_list, window, number=edition.number, kind=edition.kind, report=SilentProgress()
    )
    return composed.content if len(composed.content.stories) >= len(content.stories) else content
