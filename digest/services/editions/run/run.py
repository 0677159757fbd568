"""Make and send one digest by hand."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from digest.collect import samples
from digest.errors import (
    ConfigError,
    DigestError,
    EditionHeldError,
    InputError,
)
from digest.model import (
    CheckedSegment,
    Edition,
    EditionContent,
    EditionKind,
    EditionSegment,
    EditionState,
    MailingList,
    Source,
)
from digest.model.editions.lateness import deadline_after
from digest.model.rows import row_id
from digest.services.alarms.delivery import send_alarms
from digest.services.app import App, ProgressReporter
from digest.services.audience import lists, sample_readers
from digest.services.copies import watch
from digest.services.editions import clock, publish
from digest.services.editions.composing.breaking import alerting, like
from digest.services.editions.composing.compose import Composed, Window, compose
from digest.services.editions.lifecycle.segments import named
from digest.services.editions.preview import Preview, write_preview
from digest.services.editions.run.readers import alert_readers, ensure_readers
from digest.services.editions.run.refusals import nothing_to_send, stopped_before, waits_for_people
from digest.services.editions.run.values import RunRequest, RunResult
from digest.services.schedule.kinds import WEEK, looks_back, regular_kind
from digest.services.schedule.local_time import whole_day, zone
from digest.services.sending import deliveries
from digest.services.sending.batches import deliver_edition
from digest.services.sources import catalogue, polling
from digest.services.sources.polling import Visit
from digest.storage.articles import sources
from digest.storage.editions import editions as stored_editions
from digest.storage.editions.editions import CANNOT_GO
from digest.storage.ledger import progress
from digest.storage.ledger.deliveries import Balance

__all__ = ["RunRequest", "RunResult", "run"]

LATEST_SEND_HOURS = 24
STOPPED = frozenset({EditionState.PAUSED, EditionState.HELD, EditionState.CANCELLED})


async def run(app: App, request: RunRequest, report: ProgressReporter) -> RunResult:
    """Lead one edition through all stages, and tell an operator what needs one.

    What was collected is kept whatever happens afterwards. A second run for the same list and date mails
    nobody who was mailed; what still waits (a server that was away) is sent.

    Raises:
        NothingToSendError: no article in the window, or nobody subscribes.
        SourceError: every source failed and there is nothing from before.
        EditionHeldError: the edition of that date is paused, held or cancelled, or cannot be rendered; or the
            database was taken back or copied; or the clock cannot be believed.
        ConfigError: the list's layout is wrong; the edition is held.
        InputError: no story, or more than one, is the one that is to be alerted on.
        DeliveryError: the SMTP server cannot be reached; what was frozen waits.
    """
    try:
        return await _run(app, request, report)
    finally:
        if request.mails_readers:
            with suppress(DigestError):
                await send_alarms(app)


async def _run(app: App, request: RunRequest, report: ProgressReporter) -> RunResult:
    mailing_list = await lists.ensure(app, request.list_slug)
    kind = _kind(request, mailing_list)
    segment, _ = await _segment(app, request, mailing_list)
    day = request.day or app.clock.now().astimezone(zone(mailing_list.timezone)).date()
    chosen = await _chosen(app, request, day)
    visits = tuple(await polling.visit_all(app, chosen, report))
    if request.mails_readers:
        await watch.require_known(app)
        await clock.why_doubted(app)  # from here on it is watched
    # What an alert is about is known only when it is made.
    before = (
        None
        if kind is EditionKind.BREAKING
        else await publish.of_day(app, mailing_list, day, kind, segment.topic if segment else "")
    )
    if before is not None and before.planned and request.mails_readers:
        return await _again(app, mailing_list, before, visits, report)
    if before is not None and request.mails_readers and (refusal := waits_for_people(before, mailing_list)):
        raise refusal
    window = _window(app, request, mailing_list, day, chosen)
    number = before.number if before else await _next_number(app, mailing_list)
    composed = await _compose(app, request, mailing_list, window, number=number, report=report)
    if not composed.content.stories:
        raise nothing_to_send(visits, window, mailing_list)
    if kind is EditionKind.BREAKING:
        by_editor = composed.content.model_copy(update={"alert_cause": "editor"})
        composed = replace(composed, content=by_editor)
    if kind is EditionKind.BREAKING and request.mails_readers:
        before = await like(app, mailing_list, composed.content)
        if before is not None and before.planned:
            return await _again(app, mailing_list, before, visits, report)
    done = RunResult(
        mailing_list=mailing_list,
        content=composed.content,
        visits=visits,
        articles=composed.articles,
        stories=composed.stories,
        segment=segment,
        preview=await _preview(app, request, mailing_list, composed),
        alert_readers=await alert_readers(app, mailing_list) if kind is EditionKind.BREAKING else None,
    )
    if request.to:
        return replace(
            done, test_reply=await publish.send_test(app, mailing_list, composed.content, request.to)
        )
    if request.dry_run:
        return done
    return await _send(app, request, done, report)


def _kind(request: RunRequest, mailing_list: MailingList) -> EditionKind:
    kind = request.kind or regular_kind(mailing_list)
    if request.story and kind is not EditionKind.BREAKING:
        raise InputError(
            "Only an alert is about one story.", remedy="Add --kind breaking, or leave --story out."
        )
    if request.segment and kind is EditionKind.BREAKING:
        raise InputError("An alert goes to who chose alerts, not to a segment.", remedy="Leave one out.")
    return kind


async def _segment(
    app: App, request: RunRequest, mailing_list: MailingList
) -> tuple[EditionSegment | None, CheckedSegment | None]:
    return await named(app, mailing_list, request.segment) if request.segment else (None, None)


async def _compose(
    app: App,
    request: RunRequest,
    mailing_list: MailingList,
    window: Window,
    *,
    number: int,
    report: ProgressReporter,
) -> Composed:
    kind = _kind(request, mailing_list)
    if kind is EditionKind.BREAKING:
        keep = partial(alerting, plan=lists.specs(mailing_list), wanted=request.story)
        return await compose(app, mailing_list, window, number=number, kind=kind, report=report, keep=keep)
    return await compose(app, mailing_list, window, number=number, kind=kind, report=report)


async def _preview(app: App, request: RunRequest, mailing_list: MailingList, composed: Composed) -> Preview:
    """Write the preview. An edition that cannot be rendered is held before the reason is told."""
    folder = app.settings.run.out
    try:
        return await write_preview(app, mailing_list, composed.content, folder, cases=composed.cases)
    except (ConfigError, EditionHeldError) as error:
        if request.mails_readers:
            deadline = deadline_after(app.clock.now(), LATEST_SEND_HOURS)
            held = publish.Issue(
                content=composed.content, deadline=deadline, held_reason=str(error), held_code=CANNOT_GO
            )
            await publish.approve(app, mailing_list, held)
        raise


async def _chosen(app: App, request: RunRequest, day: date) -> list[Source]:
    if request.locations:
        return await catalogue.ensure_by_hand(app, request.locations)
    async with app.database.begin() as session:
        stored = [source for source in await sources.all_sources(session) if source.enabled]
    if stored:
        return stored
    if not request.demo:
        raise InputError(
            "There are no sources yet.",
            remedy="Add one with `digest sources add URL`, take the well-known outlets with `digest sources import`, "
            "or try the sample articles with `digest run --demo`.",
        )
    folder = app.settings.run.out / "samples"
    samples.write_feeds(folder, app.clock.now(), day)
    return await catalogue.ensure_by_hand(app, (str(folder),))


def _window(
    app: App, request: RunRequest, mailing_list: MailingList, day: date, chosen: Sequence[Source]
) -> Window:
    """The last hours (of a weekly one: days) before now; for another day than today, that whole local day and
    those before it.
    """
    now = app.clock.now()
    where = zone(mailing_list.timezone)
    by_hand = bool(request.locations) or all(source.by_hand for source in chosen)
    ids = frozenset(row_id(source) for source in chosen) if by_hand else None
    kind = _kind(request, mailing_list)
    if day == now.astimezone(where).date():
        return Window(day=day, start=now - looks_back(mailing_list, kind), end=now, source_ids=ids)
    start, end = whole_day(day, where)
    if kind is EditionKind.WEEKLY:
        start, _ = whole_day(day - WEEK + timedelta(days=1), where)
    return Window(day=day, start=start, end=end, source_ids=ids)


async def _next_number(app: App, mailing_list: MailingList) -> int:
    async with app.database.begin() as session:
        return await stored_editions.next_number(session, row_id(mailing_list))


async def _send(app: App, request: RunRequest, done: RunResult, report: ProgressReporter) -> RunResult:
    await clock.require_right(app, report)
    segment, among = await _segment(app, request, done.mailing_list)
    notes = await ensure_readers(app, request, done.mailing_list, done.content.kind, among)
    if asks := await sample_readers.reminder(app):
        notes = (*notes, asks)
    deadline = deadline_after(app.clock.now(), LATEST_SEND_HOURS)
    edition = await publish.approve(
        app, done.mailing_list, publish.Issue(content=done.content, deadline=deadline, segment=segment)
    )
    if edition is None:
        other = await like(app, done.mailing_list, done.content, segment.topic if segment else "")
        if other is None:
            raise EditionHeldError("The edition was taken away while it was made.", remedy="Run again.")
        return await _again(app, done.mailing_list, other, done.visits, report)
    if edition.state is EditionState.HELD:
        raise EditionHeldError(f"Edition {edition.number} is held: {edition.held_reason}")
    balance = await _deliver(app, edition, report)
    return await _ended(
        app,
        replace(
            done,
            edition=edition,
            balance=balance,
            notes=notes,
            content=EditionContent.model_validate(edition.content),
        ),
    )


async def _ended(app: App, done: RunResult) -> RunResult:
    """Look at the edition after the send: what waits and why, and whether somebody or something stopped
    it.
    """
    if done.edition is None:
        return done
    edition_id = row_id(done.edition)
    async with app.database.begin() as session:
        edition = await stored_editions.by_id(session, edition_id)
        waits = await progress.waits(session, edition_id, app.clock.now())
    stopped = ""
    if edition is not None and edition.state in STOPPED:
        stopped = f"{edition.state.value}: {edition.held_reason or 'by hand'}"
    return replace(done, edition=edition, waits=waits if waits.count else None, stopped=stopped)


async def _deliver(app: App, edition: Edition, report: ProgressReporter) -> Balance:
    planned = await publish.start(app, edition)

    def on_progress(books: Balance) -> None:
        report.step("send", books.planned - books.waiting, books.planned)

    report.step("send", 0, planned)
    return await deliver_edition(app, row_id(edition), on_progress)


async def _again(
    app: App, mailing_list: MailingList, edition: Edition, visits: tuple[Visit, ...], report: ProgressReporter
) -> RunResult:
    """The edition of that date went out before, or began to: send what waits, nothing else."""
    if edition.state in STOPPED:
        raise stopped_before(edition, mailing_list)
    before = await deliveries.balance(app, row_id(edition))
    is_open = edition.state in {EditionState.APPROVED, EditionState.SENDING}
    after = await _deliver(app, edition, report) if is_open else before
    content = EditionContent.model_validate(edition.content)
    done = RunResult(
        mailing_list=mailing_list,
        content=content,
        visits=visits,
        edition=edition,
        balance=after,
        already=before.waiting == after.waiting == 0,
        preview=await write_preview(app, mailing_list, content, app.settings.run.out),
    )
    return await _ended(app, done)
