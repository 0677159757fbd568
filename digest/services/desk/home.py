"""The desk's first page: what needs somebody, what comes next, how the last send went, how the lists grow."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import AccountRole, EditionState, ListCount, MailingList, Right
from digest.model.accounts.roles import lists_of, may
from digest.model.rows import row_id
from digest.services.alarms.alarms import STALLED
from digest.services.app import App
from digest.services.desk import counts
from digest.services.doctor.examine import local
from digest.services.doctor.finding import FindingState
from digest.services.doctor.secret_checks import weak_secrets
from digest.services.schedule.due import next_moments
from digest.services.schedule.kinds import regular_kind
from digest.services.schedule.local_time import zone
from digest.services.sources.health import TROUBLED, Health, health_of
from digest.storage import home as stored
from digest.storage.articles import sources
from digest.storage.audience import lists
from digest.storage.home import EditionHead

MOST_NEEDS = 50
LOOKED_BACK = timedelta(days=1)
STALLED_AR = "حان وقت بريده ولا أحد يرسله. تأكد من أن digest serve أو digest worker يعمل، وانظر سجله."
WAITING = (EditionState.HELD, EditionState.PAUSED, EditionState.DRAFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One thing that needs somebody. `kind` names its sentence: held, paused, draft, source, stalled,
    finding.
    """

    kind: str
    list_slug: str = ""
    list_name: str = ""
    number: int = 0
    says: str = ""
    says_ar: str = ""
    name: str = ""
    code: str = ""
    source_id: int = 0
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAtAGlance:
    """A list on the first page: when it goes out next, its last send with its books, how many people it
    has. `next_number` is that of the next edition where it is composed already, else 0.
    """

    mailing_list: MailingList
    next_at: datetime | None
    next_number: int
    last: EditionHead | None
    books: Mapping[str, int]
    people: ListCount | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """All that the first page shows. `sources` counts them by their state of health."""

    needs: tuple[Need, ...]
    lists: tuple[ListAtAGlance, ...]
    sources: Mapping[str, int]
    has_more_needs: bool = False


async def visible_lists(app: App, roles: Sequence[AccountRole]) -> list[MailingList]:
    """Return the lists that the roles let somebody see, by name."""
    allowed = lists_of(roles, Right.SEE)
    async with app.database.read() as session:
        every = await lists.all_lists(session)
    return [one for one in every if allowed is None or row_id(one) in allowed]


async def home(app: App, roles: Sequence[AccountRole]) -> Home:
    """Return what somebody with these roles sees first. Nothing of it takes longer with more people or
    editions.
    """
    shown = await visible_lists(app, roles)
    people = await counts.of_lists(app, shown)
    now = app.clock.now()
    async with app.database.read() as session:
        healths = await _healths(app, session)
        glances = [await _glance(session, one, people.get(row_id(one)), now) for one in shown]
        needs = await _editions(session, shown)
        if may(roles, Right.SETTINGS, None):
            needs += [
                Need(kind="stalled", name=one.about, says=one.words, says_ar=STALLED_AR)
                for one in await stored.recent_alarms(session, STALLED, now - LOOKED_BACK, MOST_NEEDS)
            ]
    needs += [_of_source(one) for one in healths if one.state in TROUBLED]
    if may(roles, Right.SETTINGS, None):
        needs += await asyncio.to_thread(_findings, app, now)
    return Home(
        needs=tuple(needs[:MOST_NEEDS]),
        lists=tuple(glances),
        sources=Counter(one.state for one in healths),
        has_more_needs=len(needs) > MOST_NEEDS,
    )


async def _healths(app: App, session: AsyncSession) -> list[Health]:
    found = []
    for source in await sources.all_sources(session):
        lines = await sources.history(session, row_id(source), 1) if source.failures else []
        found.append(health_of(source, app.clock.now(), app.settings.collect, lines[0] if lines else None))
    return found


async def _glance(
    session: AsyncSession, mailing_list: MailingList, people: ListCount | None, now: datetime
) -> ListAtAGlance:
    last = await stored.last_sent(session, row_id(mailing_list))
    number, next_at = await _next(session, mailing_list, now)
    return ListAtAGlance(
        mailing_list=mailing_list,
        next_at=next_at,
        next_number=number,
        last=last,
        books=await stored.books(session, last.id) if last else {},
        people=people,
    )


async def _next(
    session: AsyncSession, mailing_list: MailingList, now: datetime
) -> tuple[int, datetime | None]:
    """Return the number of the next edition, 0 where it is not composed, and when it goes out.

    A day whose edition has gone out already, before its time, is over.
    """
    waiting = await stored.next_to_go(session, row_id(mailing_list), now)
    moments = next_moments(mailing_list, now, 2) if mailing_list.enabled else []
    kind, where = regular_kind(mailing_list), zone(mailing_list.timezone)
    for moment in moments:
        if waiting is not None and waiting[1] <= moment:
            return waiting
        day = moment.astimezone(where).date()
        if not await stored.made_of_day(session, row_id(mailing_list), kind, day):
            return 0, moment
    return waiting or (0, None)


async def _editions(session: AsyncSession, shown: Sequence[MailingList]) -> list[Need]:
    by_id = {row_id(one): one for one in shown}
    waiting = await stored.in_states(session, WAITING, list(by_id), MOST_NEEDS)
    return [
        Need(
            kind=one.state.value,
            list_slug=by_id[one.list_id].slug,
            list_name=by_id[one.list_id].name,
            number=one.number,
            says=one.held_reason or "",
            code=one.held_code,
            about=one.held_about,
            name=one.subject,
        )
        for one in waiting
    ]


def _of_source(one: Health) -> Need:
    return Need(
        kind="source",
        name=one.source.name or one.source.location,
        says=one.sentence,
        says_ar=one.sentence_ar,
        source_id=row_id(one.source),
    )


def _findings(app: App, now: datetime) -> list[Need]:
    """What the doctor sees without asking anybody else: the disk, files, guessable secrets."""
    found = [*weak_secrets(app.settings), *local(app.settings, now)]
    return [
        Need(
            kind="finding",
            name=one.check,
            says=f"{one.says} {one.line}".strip(),
            says_ar=f"{one.says_ar} {one.line}".strip() if one.says_ar else "",
        )
        for one in found
        if one.state in {FindingState.BAD, FindingState.WARN}
    ]
