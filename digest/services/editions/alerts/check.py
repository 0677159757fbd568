"""Look at what came in, and alert a list's readers where its rule says so."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta

import structlog
from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import EditionHeldError
from digest.model import Alert, AlertVerdict, Edition, EditionKind, EditionState, MailingList
from digest.model.rows import row_id
from digest.services.app import App, SilentProgress
from digest.services.copies import watch
from digest.services.editions import clock
from digest.services.editions.alerts.candidates import AlertCandidate, candidates_of, rule_of
from digest.services.editions.alerts.making import decided_on, make
from digest.services.editions.alerts.memory import PublishedAlert, published_alerts
from digest.services.editions.alerts.rules import LIFE, Moment, decide
from digest.services.editions.composing.compose import Window, choose
from digest.services.editions.lifecycle.approval import start
from digest.services.schedule.kinds import regular_kind
from digest.services.schedule.local_time import zone
from digest.services.schedule.quiet import QuietHours
from digest.storage.articles import articles
from digest.storage.audience import eligible, lists
from digest.storage.editions import alerts, editions

log = structlog.get_logger()

NO_DAY = date.min
LOOK = timedelta(hours=3)
"""Articles of so long are looked at together."""
ROUNDS = 5
"""Looks in a row, when articles come in while one goes on."""
A_MOMENT = timedelta(seconds=1)
MOST_AT_ONCE = 5
"""Stories of one alert, when several waited for the morning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sight:
    """What is known before a look."""

    mailing_list: MailingList
    published: list[PublishedAlert]
    waiting: list[Alert]
    published_since: list[Alert]
    held: list[Alert]
    moment: Moment
    window: Window


async def check(app: App, list_id: int) -> bool:
    """Look whether a list's readers must be told of something now, and tell them; says whether an alert was
    made.

    One process looks at a time, and looks again when articles came in meanwhile. While the clock cannot be
    believed, or the database went back in time, no alert is made.
    """
    if not await clock.is_right(app) or await watch.look(app):
        return False
    try:
        async with app.database.begin() as session:
            fence = await alerts.claim(session, list_id, app.clock.now())
    except IntegrityError:  # Another process claims the list for the first time.
        return False
    if fence is None:
        return False
    seen_to, made = None, False
    try:
        for _ in range(ROUNDS):
            async with app.database.begin() as session:
                newest = await articles.newest_id(session)
            if newest == seen_to:
                break
            made = await _look(app, list_id, fence) is not None or made
            seen_to = newest
    finally:
        async with app.database.begin() as session:
            await alerts.release(session, list_id, fence, seen_to)
    return made


async def _look(app: App, list_id: int, fence: int) -> Edition | None:
    sight = await _sight(app, list_id)
    if sight is None:
        return None
    chosen = await choose(
        app, sight.mailing_list, sight.window, report=SilentProgress(), kind=EditionKind.BREAKING
    )
    rule = await rule_of(app, sight.mailing_list, chosen)
    candidates, known = candidates_of(chosen, rule, sight.published, sight.held)
    now = sight.moment.now
    decided = [decided_on(sight.mailing_list, one, AlertVerdict.PUBLISHED, now) for one in known]
    going: list[AlertCandidate] = []
    published_marks = {mark for one in sight.published_since for mark in one.marks}
    for one in candidates:
        if published_marks & set(one.marks):
            decided.append(decided_on(sight.mailing_list, one, AlertVerdict.PUBLISHED, now))
            continue
        verdict = decide(one.trigger, _after(sight.moment, going), waited_for_morning=one.waited_for_morning)
        joins = bool(going) and going[0].waited_for_morning and one.waited_for_morning
        if joins and len(going) < MOST_AT_ONCE and verdict is AlertVerdict.SOON:
            verdict = AlertVerdict.SENT
        if verdict is AlertVerdict.SENT:
            going.append(one)
        else:
            decided.append(decided_on(sight.mailing_list, one, verdict, now))
    edition = await make(app, sight.mailing_list, sight.window, chosen, going, fence=fence) if going else None
    if edition is not None and edition.state is EditionState.APPROVED:
        decided += [decided_on(sight.mailing_list, one, AlertVerdict.SENT, now, edition) for one in going]
    decided += _gone_by(sight, decided)
    async with app.database.begin() as session:
        await alerts.keep(session, decided)
    for row in decided:
        log.info("alert.decided", list=list_id, topic=row.topic, verdict=row.verdict.value, cause=row.cause)
    if edition is None or edition.state is not EditionState.APPROVED:
        return None
    with suppress(EditionHeldError):
        await start(app, edition)
    return edition


def _after(moment: Moment, going: Sequence[AlertCandidate]) -> Moment:
    return replace(moment, alerts=(*moment.alerts, moment.now), today=moment.today + 1) if going else moment


async def _sight(app: App, list_id: int) -> _Sight | None:
    now = app.clock.now()
    async with app.database.begin() as session:
        mailing_list = await lists.by_id(session, list_id)
        if mailing_list is None or not mailing_list.enabled or not mailing_list.alerts:
            return None
        where = zone(mailing_list.timezone)
        published = await published_alerts(session, list_id, now)
        latest = await alerts.latest(session, list_id, now - alerts.LONGEST_WAIT)
        waiting = [one for one in latest if one.verdict in alerts.WAITING]
        published_since = [one for one in waiting if await _was_published(session, mailing_list, one)]
        today = now.astimezone(where).date()
        hours = QuietHours.read(mailing_list.quiet_hours)
        moment = Moment(
            now=now,
            is_night=hours is not None and hours.until(now, where) is not None,
            at_night=mailing_list.alerts_at_night,
            alerts=tuple(one.at for one in published),
            today=sum(one.day == today.isoformat() for one in published),
            a_day=mailing_list.alerts_a_day,
            all_readers=await eligible.count(session, list_id, EditionKind.BREAKING, is_big=False),
            big_readers=await eligible.count(session, list_id, EditionKind.BREAKING),
        )
    held = [one for one in waiting if one.verdict is AlertVerdict.NIGHT and one not in published_since]
    begin = min([now, *(one.found_at for one in held)]) - LOOK
    return _Sight(
        mailing_list=mailing_list,
        published=published,
        waiting=waiting,
        published_since=published_since,
        held=held,
        moment=moment,
        window=Window(day=today, start=begin, end=now + A_MOMENT),
    )


async def _was_published(session: AsyncSession, mailing_list: MailingList, alert: Alert) -> bool:
    """Whether a regular edition has told since what waits for the morning."""
    published = await editions.published_urls(
        session, row_id(mailing_list), alert.found_at, NO_DAY, regular_kind(mailing_list)
    )
    return bool(published & set(alert.marks))


def _gone_by(sight: _Sight, decided: Sequence[Alert]) -> list[Alert]:
    """Return what waited and is no alert any more: a regular edition told it, or its time has passed."""
    marks = {mark for one in decided for mark in one.marks}
    now, gone = sight.moment.now, []
    for one in sight.waiting:
        was_published = one in sight.published_since
        passed = one.verdict is AlertVerdict.SOON or not sight.moment.is_night
        if was_published or (passed and now - one.found_at > LIFE and not marks & set(one.marks)):
            verdict = AlertVerdict.PUBLISHED if was_published else AlertVerdict.LATE
            gone.append(Alert(**{**one.model_dump(exclude={"id"}), "verdict": verdict, "decided_at": now}))
    return gone
