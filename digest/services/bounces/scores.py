"""Keep bounce scores and apply the steps that they lead to."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.deliver.bounces.report import BounceReport, Event, Weight
from digest.deliver.bounces.score import (
    COUNTED,
    Rules,
    Score,
    Step,
    counted,
    faded,
    probe_bounced,
    refused_at_rcpt,
)
from digest.errors import NotFoundError
from digest.model import (
    BounceEvent,
    BounceScore,
    Notice,
    NoticeKind,
    Subscriber,
    Suppression,
    SuppressionReason,
)
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience.joining import leaving
from digest.services.audience.joining.memberships import ConsentEvidence
from digest.storage.audience import bounces, subscribers, suppressions
from digest.storage.editions import editions
from digest.text.addresses.email_address import normalised

"""The kind of the notice that asks nothing and only shows whether mail still arrives."""
LONGEST_REASON = 300
SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributedReport:
    """A report, and whose it is.

    `about_notice`: a single mail came back, not an edition. `at_rcpt`: a server said 5.1.x to us. `believed`:
    by its sealed return path, a provider's signature or our own Message-ID; otherwise anybody may have made
    it up.
    """

    subscriber_id: int
    report: BounceReport
    at: datetime
    edition_id: int | None = None
    about_notice: bool = False
    at_rcpt: bool = False
    believed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class BounceEvidence:
    """How an address stands and why. `events` are newest first, at most 50; `score` is today's."""

    person: Subscriber
    score: Score
    threshold: float
    suppression: Suppression | None
    events: tuple[BounceEvent, ...]


def rules_of(app: App) -> Rules:
    """Return the rules that the settings give."""
    chosen = app.settings.bounces
    return Rules(threshold=chosen.threshold, stale=timedelta(days=chosen.stale_days))


def judged(said: AttributedReport, before: Score, today: date, rules: Rules) -> tuple[Score, Step]:
    """Say what a report leads to. What anybody may have made up leads to a probe at most: that its reader
    gets, or not.
    """
    report = said.report
    counts = report.event is Event.BOUNCE and report.weight in COUNTED
    if said.about_notice and before.probed_on is not None and counts:
        return probe_bounced(before)
    after, step = counted(before, report, today, rules)
    is_gone = said.at_rcpt and report.weight is Weight.HARD
    if is_gone and refused_at_rcpt(report.code) is Step.SUPPRESS:
        return after, Step.SUPPRESS
    if step in {Step.SUPPRESS, Step.DISABLE} and not said.believed:
        return before, Step.NOTHING
    return after, step


async def apply_report(app: App, session: AsyncSession, said: AttributedReport) -> Step:
    """Keep a report as evidence, count it, and do what follows, in the session's transaction; returns that.

    The same said twice on one day about one person and edition (a provider's second call, a report read
    again) is known already and changes nothing.
    """
    found = await bounces.locked(session, said.subscriber_id)
    if found is None:
        return Step.NOTHING
    person, kept = found
    at = min(said.at, app.clock.now()).astimezone(UTC)
    event = _event(said, at)
    is_answer = said.about_notice and kept.probed_on is not None
    # What a probe brings back is news, even on a day on which the same was said before.
    if not is_answer and await bounces.is_known(session, event, _day(at)):
        return Step.NOTHING
    before = _score(kept)
    after, step = judged(said, before, at.date(), rules_of(app))
    if person.disabled_reason and step is not Step.SUPPRESS:
        step = Step.NOTHING
    if after != before:
        kept.points, kept.last_on, kept.probed_on = after.points, after.last_on, after.probed_on
        session.add(kept)
    event.step = step.value
    session.add(event)
    await _follow(app, session, person, said, step)
    await session.flush()
    return step


async def enable(app: App, address: str) -> bool:
    """Let an address be mailed again that bounces or a complaint had stopped. False: nothing stopped it.

    An address that nobody has, because it was erased or came blocked by an import, may subscribe and be added
    again.

    Lists that its owner left, by complaining too, stay left: only the owner can come back, by the form.

    Raises:
        InputError: it is no address, or nobody has it.
    """
    now = app.clock.now()
    async with app.database.begin() as session:
        banned = app.keys.suppression_hashes(normalised(address))
        nobody = await subscribers.by_email(session, normalised(address)) is None
        if nobody and await suppressions.suppression_of(session, banned) is not None:
            await suppressions.lift(session, banned, now, "enabled by an admin")
            return True
        person, hashes = await _known(app, session, address)
        stopped = person.disabled_reason or await suppressions.suppression_of(session, hashes)
        held = await bounces.score(session, row_id(person))
        if not (stopped or held):
            return False
        person.disabled_reason = None
        session.add(person)
        await suppressions.lift(session, hashes, now, "enabled by an admin")
        await bounces.forget(session, row_id(person))
        session.add(BounceEvent(subscriber_id=row_id(person), at=now, event="enabled", read_by="a person"))
        return True


async def evidence(app: App, address: str) -> BounceEvidence:
    """Return how an address stands and why.

    Raises:
        InputError: it is no address, or nobody has it.
    """
    rules = rules_of(app)
    async with app.database.begin() as session:
        person, hashes = await _known(app, session, address)
        held = await bounces.score(session, row_id(person))
        return BounceEvidence(
            person=person,
            score=faded(_score(held), app.clock.now().date(), rules) if held else Score(),
            threshold=rules.threshold,
            suppression=await suppressions.suppression_of(session, hashes),
            events=tuple(await bounces.history(session, row_id(person), SHOWN)),
        )


async def forget_stale(app: App, now: datetime) -> int:
    """Drop the scores, and with them the probes, that time has made void; returns how many."""
    async with app.database.begin() as session:
        return await bounces.forget_stale(session, (now - rules_of(app).stale).date())


async def _known(app: App, session: AsyncSession, address: str) -> tuple[Subscriber, tuple[str, ...]]:
    email = normalised(address)
    person = await subscribers.by_email(session, email)
    if person is None:
        raise NotFoundError(
            f"Nobody has the address {email}.", remedy="`digest subscribers list` shows who is there."
        )
    return person, app.keys.suppression_hashes(email)


async def _follow(
    app: App, session: AsyncSession, person: Subscriber, said: AttributedReport, step: Step
) -> None:
    if step is Step.PROBE:
        await _probe(app, session, said)
    elif step is Step.DISABLE:
        person.disabled_reason = _because("mail to it bounced again and again", said.report)
        await leaving.note_stopped(session, said.subscriber_id, app.clock.now(), how="bounce")
    elif step is Step.SUPPRESS:
        now = app.clock.now()
        complained = said.report.event is Event.COMPLAINT
        why = SuppressionReason.COMPLAINED if complained else SuppressionReason.NO_SUCH_ADDRESS
        person.disabled_reason = _because(why, said.report)
        await suppressions.suppress(session, app.keys.suppression_hash(person.email), why, now)
        if not complained:
            await leaving.note_stopped(session, said.subscriber_id, now, how="bounce")
        else:
            await leaving.end_all(session, said.subscriber_id, now, ConsentEvidence(how="complaint"))
    session.add(person)


async def _probe(app: App, session: AsyncSession, said: AttributedReport) -> None:
    edition = await editions.by_id(session, said.edition_id) if said.edition_id else None
    list_id = edition.list_id if edition else await bounces.confirmed_list(session, said.subscriber_id)
    if list_id is None:
        return  # a reader of no list gets no mail that could bounce
    now = app.clock.now()
    await subscribers.add_notice(
        session,
        Notice(
            kind=NoticeKind.PROBE,
            list_id=list_id,
            subscriber_id=said.subscriber_id,
            created_at=now,
            next_try_at=now,
        ),
    )


def _event(said: AttributedReport, at: datetime) -> BounceEvent:
    report = said.report
    return BounceEvent(
        subscriber_id=said.subscriber_id,
        edition_id=said.edition_id,
        at=at,
        event=report.event.value,
        weight=report.weight.value if report.event is Event.BOUNCE else "",
        code=report.code,
        words=report.words.replace("\x00", ""),
        read_by=report.read_by,
    )


def _score(kept: BounceScore) -> Score:
    return Score(points=kept.points, last_on=kept.last_on, probed_on=kept.probed_on)


def _day(at: datetime) -> tuple[datetime, datetime]:
    start = datetime.combine(at.date(), time(0), UTC)
    return start, start + timedelta(days=1)


def _because(what: str, report: BounceReport) -> str:
    words = report.words if report.words.find(report.code) >= 0 else f"{report.code} {report.words}"
    return f"{what}: {words.strip()}"[:LONGEST_REASON].rstrip(": ")
