"""Notice a restored or copied database, and hold its mail."""

import asyncio
from collections import defaultdict
from datetime import datetime

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.deliver.embedded.maildir import latest_senders
from digest.deliver.return_path import read_return_path
from digest.errors import EditionHeldError
from digest.model import Instance
from digest.model.mark import Mark
from digest.services.alarms import alarms
from digest.services.app import App
from digest.services.copies.judge import CopyFinding, KnownMark, judge
from digest.storage import instances

log = structlog.get_logger()

REMEDY = "Nothing is mailed until a person says so: `digest db restore --verify` shows what is known and how to go on."
LATEST_MAILS = 2000
"""So many files of the embedded mailbox are looked at."""


async def look(app: App, *, thorough: bool = False) -> str | None:
    """Compare the database with its mark; returns what was noticed, now or earlier, in a sentence, or None.

    When it is noticed, everything that could go out is held, in the same transaction. `thorough` also looks
    through the embedded mailbox for mail that the ledger should know.
    """
    if app.mark is None:
        return None
    # The mark first: it is always written after the database, so that it can never be ahead by itself.
    mark = await asyncio.to_thread(app.mark.read)
    now = app.clock.now()
    stray = await _unrecorded(app) if thorough else 0
    async with app.database.begin() as session:
        found = await instances.known(session) or await instances.ensure(session, now)
        if found.noticed_at is not None:
            return found.noticed
        finding = judge(await _known(app, session, found, mark, stray), mark)
        sentence = _sentence(app, finding, mark) if finding else ""
        held = await instances.suspect(session, now, sentence) if finding else []
    if finding is None:
        await _adopt(app, found, mark)
        return None
    log.warning("database.suspected", finding=finding.value, held=held, reason=sentence)
    await alarms.raise_alarm(app, alarms.HELD, "database", sentence)
    return sentence


async def require_known(app: App) -> None:
    """Make sure that the database is the one that it seems to be.

    Raises:
        EditionHeldError: it went back in time, or is a copy, and no person has said how to go on.
    """
    if sentence := await look(app, thorough=True):
        raise EditionHeldError(sentence)


async def require_like_its_mark(app: App) -> None:
    """Make sure, as far as the mark can tell, that the database is the one that it seems to be.

    Raises:
        EditionHeldError: as `require_known`.
    """
    if sentence := await look(app):
        raise EditionHeldError(sentence)


class UnlikeMarkError(Exception):
    """The mark is missing, another database's, or ahead: to be looked at before anything is claimed."""


async def count_further(session: AsyncSession, mark: Mark | None, *, looked: bool) -> tuple[str, int]:
    """Note in the database that something will be sent, in the transaction that claims it; returns its id and
    how far it has come, for the mark.

    Raises:
        UnlikeMarkError: the database and its mark do not go together, and nobody has `looked` yet.
        EditionHeldError: nothing may be sent from this database.
    """
    if mark is None and not looked:
        raise UnlikeMarkError
    further = await instances.advance(session, None if looked else mark)
    if further is None:
        if not looked:
            raise UnlikeMarkError
        raise EditionHeldError("The database is held.", remedy=REMEDY)
    return further


def note_sent(app: App, batch_id: int, count: int) -> None:
    """Note in the mark how many of a batch are recorded as sent. Takes some microseconds."""
    if app.mark is not None:
        app.mark.sent(batch_id, count, app.clock.now())


async def is_held(app: App, since: datetime) -> bool:
    """Say whether mail that was asked for at an instant may have gone out before the database was taken
    back.
    """
    if app.mark is None:
        return False
    async with app.database.begin() as session:
        found = await instances.known(session)
    return found is not None and found.noticed_at is not None and since <= found.noticed_at


async def accept(app: App) -> None:
    """Make this database the one that is right, wherever it came from: a person has said so."""
    now = app.clock.now()
    mark = await asyncio.to_thread(app.mark.read) if app.mark else None
    async with app.database.begin() as session:
        found = await instances.ensure(session, now)
        made = await instances.renamed(session, found, [mark.instance] if mark else [], now)
        made.marked = True
        session.add(made)
    if app.mark is not None:
        await asyncio.to_thread(app.mark.adopt, made.id, made.sequence)


async def _known(
    app: App, session: AsyncSession, found: Instance, mark: Mark | None, stray: int
) -> KnownMark:
    return KnownMark(
        id=found.id,
        former=tuple(found.former),
        sequence=found.sequence,
        marked=found.marked,
        embedded=app.database.embedded,
        place=found.place,
        here=await instances.place(session),
        has_sent=await instances.has_sent(session),
        oldest_list=await instances.oldest_list(session),
        sent=await instances.sent_of(session, mark.sent) if mark else {},
        unrecorded=stray,
    )


async def _adopt(app: App, found: Instance, mark: Mark | None) -> None:
    """Keep the mark of a database that is right, if it has none or another's."""
    if app.mark is None or (found.marked and mark is not None and mark.instance == found.id):
        return
    if await asyncio.to_thread(app.mark.adopt, found.id, found.sequence):
        async with app.database.begin() as session:
            known = await instances.known(session)
            if known is not None and known.id == found.id:
                known.marked, known.place = True, await instances.place(session)
                session.add(known)


async def _unrecorded(app: App) -> int:
    """Count the editions' mails in the embedded mailbox that the ledger should know and does not.

    Of an edition that began here, so many as a crash may hide are nobody's fault.
    """
    if app.settings.mail.all_servers:
        return 0
    async with app.database.begin() as session:
        oldest, found = await instances.oldest_list(session), await instances.known(session)
    if oldest is None:
        return 0
    # What came before a person accepted the database was decided with that.
    since = max(oldest, found.created_at) if found is not None and found.former else oldest
    senders = await asyncio.to_thread(latest_senders, app.settings.mailbox.folder, since, LATEST_MAILS)
    mailed: dict[int, set[int]] = defaultdict(set)
    for sender in senders:
        if (path := read_return_path(sender, app.keys.return_paths.ever)) is not None:
            mailed[path.edition_id].add(path.subscriber_id)
    async with app.database.begin() as session:
        unknown = await instances.unknown_deliveries(session, mailed)
    return sum(count for count, began in unknown.values() if count > (app.settings.mail.gate if began else 0))


def _sentence(app: App, finding: CopyFinding, mark: Mark | None) -> str:
    where = app.mark.path if app.mark else ""
    sentences = {
        CopyFinding.OLDER: f"The database is older than what was sent from it: its mark ({where}) knows of mail "
        f"{_until(mark)} that the ledger does not; an older copy was put in its place.",
        CopyFinding.COPIED: f"The database is a copy: it has sent editions, but {where} is not its mark; its original may "
        "have sent since, or may still be sending.",
        CopyFinding.OTHER: f"The database is not the one that {where} is the mark of: another, or an older copy, was put in "
        f"its place, and mail went out {_until(mark)}.",
        CopyFinding.UNRECORDED: f"The embedded mailbox ({app.settings.mailbox.folder}) holds editions' mail that the ledger "
        "does not know: the database is older than what was sent from it.",
    }
    return f"{sentences[finding]} {REMEDY}"


def _until(mark: Mark | None) -> str:
    at: datetime | None = mark.at if mark else None
    return f"until {at:%Y-%m-%d %H:%M} UTC" if at else "since"
