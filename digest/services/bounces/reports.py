"""Attribute what comes back to a subscriber, and score it.

See docs/why/bounces.md.
"""

import hmac
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.collect.sandbox import protocol
from digest.deliver.bounces.mailbox import collect
from digest.deliver.bounces.parse.classify import classify
from digest.deliver.bounces.parse.read import ReturnedMail, answered, attributed, confirms_by, leaves_by
from digest.deliver.bounces.report import BounceReport, Event, UnreadableMailError, Weight
from digest.deliver.bounces.server import BounceServer
from digest.deliver.outcome import Kind, Outcome
from digest.deliver.return_path import read_confirming_address, read_leaving_address, read_return_path
from digest.deliver.webhooks.common import ProviderEvent
from digest.errors import InputError, SourceError
from digest.model import Subscriber
from digest.model.rows import row_id
from digest.render.message.mime import edition_message_id, message_id, read_message_id
from digest.services.app import App
from digest.services.audience import consent
from digest.services.bounces import breaker
from digest.services.bounces.scores import AttributedReport, apply_report
from digest.storage.audience import bounces, lists, subscribers
from digest.storage.editions import editions
from digest.text.addresses.email_address import normalised

log = structlog.get_logger()

LOOKED_BACK = 60
"""Editions of one reader whose Message-IDs are compared with a report's: a daily's last two months."""
MISSED = timedelta(days=3)
"""How far back refusals are looked for that a crash left uncounted."""


def is_ours(app: App, address: str) -> bool:
    """Say whether an address is a return path of ours, or one to leave or confirm by, with a right seal."""
    keys = app.keys.return_paths
    return (
        read_return_path(address, keys.believed)
        or read_leaving_address(address, keys.ever)
        or read_confirming_address(address, keys.believed)
    ) is not None


def bounce_server(app: App) -> BounceServer | None:
    """Return the bounce server that the settings want, not yet listening; None: none."""
    chosen = app.settings.bounces
    if chosen.listen_port is None:
        return None
    return BounceServer(
        partial(process_mail, app),
        partial(is_ours, app),
        host=chosen.listen_host,
        port=chosen.listen_port,
        lmtp=chosen.lmtp,
        name=app.settings.mail.bounce_domain or app.settings.mail.local_name,
    )


async def process_mail(app: App, content: bytes, sent_to: tuple[str, ...]) -> None:
    """Read a mail that came back and count what it reports, or let its writer leave or confirm; what says
    nothing of that is dropped.

    `sent_to` are the recipients of its envelope, as far as they are known. It is read in a child process with
    limits.

    Raises:
        UnreadableMailError: it breaks them, and its envelope does not say whom it is about.
    """
    try:
        found = answered(
            await app.http.sandbox.read(protocol.ReturnedMailJob(url="returned mail", body=content))
        )
    except SourceError as error:
        await _set_aside(app, content, sent_to, error)
        return

    if await _leaves(app, found, sent_to) or await _confirms(app, found, sent_to):
        return
    now = app.clock.now()
    for report in attributed(found, sent_to, partial(_path, app)):
        await _hear(app, report, now, believed=False)


async def _leaves(app: App, found: ReturnedMail, sent_to: tuple[str, ...]) -> bool:
    keys = app.keys.return_paths.ever
    gone = leaves_by(found, sent_to, lambda one: one if read_leaving_address(one, keys) else None)
    who = read_leaving_address(gone, keys) if gone is not None else None
    if who is not None:
        await consent.leave_by_mail(app, who.edition_id, who.subscriber_id, words=found.leave_request)
    return who is not None


async def _confirms(app: App, found: ReturnedMail, sent_to: tuple[str, ...]) -> bool:
    keys = app.keys.return_paths.believed
    at = confirms_by(found, sent_to, lambda one: one if read_confirming_address(one, keys) else None)
    who = read_confirming_address(at, keys) if at is not None else None
    if who is not None:
        await consent.confirm_by_mail(app, who.edition_id, who.subscriber_id, words=found.leave_request)
    return who is not None


def _path(app: App, address: str) -> str | None:
    """Return the return path that an address of ours stands for; None when it is none of ours.

    The address to leave by has the same seal, and stays in the copy of a mail where the return path is left
    out.
    """
    keys = app.keys.return_paths
    if read_leaving_address(address, keys.believed):
        return f"b{address.strip().strip('<>')[1:]}"
    return address if read_return_path(address, keys.believed) else None


async def _set_aside(app: App, content: bytes, sent_to: tuple[str, ...], error: SourceError) -> None:
    """Keep as evidence that a mail came back about somebody and that nobody could read it.

    Raises:
        UnreadableMailError: nobody knows whom it is about.
    """
    words = f"A returned mail of {len(content)} bytes cannot be read: {error.message}"
    path = next((one for address in sent_to if (one := _path(app, address))), None)
    if path is None:
        raise UnreadableMailError(words)
    log.warning("bounce.unreadable", size=len(content), reason=error.message)
    report = BounceReport(
        event=Event.BOUNCE, address=path, weight=Weight.SOFT, words=words[:300], read_by="nobody"
    )
    await _hear(app, report, app.clock.now(), believed=False)


async def process_provider_events(app: App, notices: Iterable[ProviderEvent]) -> None:
    """Count what a mail provider reports; its signature has been checked."""
    for notice in notices:
        if notice.event is not Event.DELIVERED:
            await _hear(app, notice.report(), notice.at, believed=True)


async def collect_mailbox(app: App) -> int:
    """Read the unread mails of the bounce mailbox; returns how many. 0 too when no mailbox is set.

    Raises:
        ConfigError: the server refuses the login or the folder.
        TemporaryDeliveryError: the server cannot be reached.
    """
    chosen = app.settings.bounces
    return await collect(chosen, partial(process_mail, app)) if chosen.imap_host else 0


async def count_refusals(app: App, edition_id: int, members: Sequence[int] | None = None) -> int:
    """Count the refusals of an edition that the ledger holds and that are not counted yet; returns how many.

    `members`: of these subscribers only.
    """
    async with app.database.begin() as session:
        # By subscriber, as everybody who locks more than one does.
        found = await bounces.refusals(session, edition_id, members)
        for one in found:
            report = _refusal(one.code, one.reply)
            said = AttributedReport(
                subscriber_id=one.subscriber_id,
                report=report,
                at=one.at,
                edition_id=edition_id,
                at_rcpt=one.bounced,
            )
            step = await apply_report(app, session, said)
            log.info("refusal.counted", edition=edition_id, subscriber=one.subscriber_id, step=step.value)
    return len(found)


async def count_missed(app: App) -> None:
    """Count what a process that died between the ledger and the score left behind.

    An edition that is past a limit is left alone: then it is hardly the addresses that are at fault.
    """
    async with app.database.begin() as session:
        found = await bounces.with_refusals(session, app.clock.now() - MISSED)
    for edition_id in found:
        if not await breaker.heed(app, edition_id):
            await count_refusals(app, edition_id)


async def notice_refused(app: App, subscriber_id: int, outcome: Outcome) -> None:
    """Count that a server refused a single mail for good; anything else counts nothing."""
    if outcome.kind not in {Kind.ADDRESS, Kind.PERMANENT} or outcome.code is None:
        return
    said = AttributedReport(
        subscriber_id=subscriber_id,
        report=_refusal(outcome.code, outcome.reply),
        at=app.clock.now(),
        about_notice=True,
    )
    async with app.database.begin() as session:
        await apply_report(app, session, said)


def _refusal(code: int, reply: str) -> BounceReport:
    weight, enhanced = classify("", reply, "failed")
    return BounceReport(
        event=Event.BOUNCE,
        address="",
        weight=weight,
        code=enhanced,
        words=f"{code} {reply}"[:300],
        read_by="smtp",
    )


async def _hear(app: App, report: BounceReport, at: datetime, *, believed: bool) -> None:
    async with app.database.begin() as session:
        said = await _whose(app, session, report, at, believed=believed)
        step = await apply_report(app, session, said) if said else None
    if said is None or step is None:
        log.info("bounce.of_nobody", read_by=report.read_by)
        return
    log.info(
        "bounce.counted",
        subscriber=said.subscriber_id,
        event_kind=report.event.value,
        weight=report.weight.value,
        code=report.code,
        step=step.value,
    )
    if said.edition_id is not None:
        await breaker.after_event(app, said.edition_id)


async def _whose(
    app: App, session: AsyncSession, report: BounceReport, at: datetime, *, believed: bool
) -> AttributedReport | None:
    """Find the subscriber: by the sealed return path, our own Message-ID, or the address that it names."""
    returned = read_return_path(report.address, app.keys.return_paths.believed)
    if returned is not None:
        edition = await editions.by_id(session, returned.edition_id)
        return AttributedReport(
            subscriber_id=returned.subscriber_id,
            report=report,
            at=at,
            edition_id=edition.id if edition else None,
            about_notice=returned.edition_id == 0,
        )
    traced = await _traced(app, session, report.message_id)
    if traced is not None:
        return AttributedReport(subscriber_id=traced[1], report=report, at=at, edition_id=traced[0])
    try:
        person = await subscribers.by_email(session, normalised(report.address))
    except InputError:
        return None
    if person is None:
        return None
    edition_id = await _edition_of(app, session, person, report.message_id)
    return AttributedReport(
        subscriber_id=row_id(person),
        report=report,
        at=at,
        edition_id=edition_id,
        believed=believed or edition_id is not None,
    )


async def _traced(app: App, session: AsyncSession, named: str) -> tuple[int, int] | None:
    """Return the edition and the subscriber whose mail had that Message-ID; None when it is none of ours, or
    made up.
    """
    said = read_message_id(named)
    if said is None:
        return None
    edition, person = await editions.by_id(session, said[0]), await subscribers.by_id(session, said[1])
    mailing_list = await lists.by_id(session, edition.list_id) if edition else None
    if edition is None or person is None or mailing_list is None:
        return None
    domain = app.renderer.domain(mailing_list)
    ours = edition_message_id(said[0], edition.fingerprint, said[1], person.key, domain)
    return said if hmac.compare_digest(ours.lower().encode(), named.strip().lower().encode()) else None


async def _edition_of(app: App, session: AsyncSession, person: Subscriber, named: str) -> int | None:
    """Find the edition whose mail to a person has that Message-ID, as they were until they named both."""
    if not named:
        return None
    for edition_id, fingerprint, list_id in await bounces.latest_editions(
        session, row_id(person), LOOKED_BACK
    ):
        mailing_list = await lists.by_id(session, list_id)
        domain = app.renderer.domain(mailing_list) if mailing_list else ""
        if domain and message_id(f"{edition_id}:{fingerprint}", person.key, domain) == named:
            return edition_id
    return None
