"""Send alarms to an operator by mail or webhook."""

from datetime import timedelta
from email.utils import format_datetime

import structlog

from digest.deliver.mailer import send_one
from digest.deliver.outcome import Kind
from digest.errors import DeliveryError, DigestError, SourceError
from digest.model import Alarm
from digest.render.message import headers
from digest.render.message.mime import message_id
from digest.render.message.parts import encoded_lines
from digest.services.alarms import alarms
from digest.services.app import App
from digest.services.audience.admin.suppressing import require_mailable
from digest.services.mail_jobs import bare_job
from digest.storage import alarms as stored

log = structlog.get_logger()

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
"""Between tries to tell; then it is given up."""
WEBHOOK_SECONDS = 10.0
MOST = 50


async def send_alarm(app: App, alarm_id: int) -> bool:
    """Tell one alarm by its channel. False: there is nothing to tell. One that cannot be told is tried again,
    five times.
    """
    now = app.clock.now()
    async with app.database.begin() as session:
        known = await session.get(Alarm, alarm_id)
        tries = known.attempts if known else 0
        again = now + WAITS[tries] if tries < len(WAITS) else None
        alarm = await stored.take(session, alarm_id, now, again)
    if alarm is None:
        return False
    try:
        await (_mail(app, alarm) if alarm.channel == "email" else _post(app, alarm))
    except DigestError as error:
        log.warning("alarm.waits", kind=alarm.kind, about=alarm.about, reason=str(error))
        return True
    async with app.database.begin() as session:
        await stored.mark_sent(session, alarm_id, now)
    log.info("alarm.told", kind=alarm.kind, about=alarm.about, channel=alarm.channel)
    return True


async def send_alarms(app: App) -> int:
    """Raise the alarms of editions and tell all that are due, for a command that works without `digest
    serve`.
    """
    await alarms.look_at_editions(app)
    waiting = await alarms.due(app, MOST)
    for alarm_id in waiting:
        await send_alarm(app, alarm_id)
    return len(waiting)


async def _mail(app: App, alarm: Alarm) -> None:
    to = app.settings.alarm.email or ""
    await require_mailable(app, to)
    sender = headers.sender(app.settings.mail.from_address)
    outcome = await send_one(app.mailer, bare_job(sender, to, lambda: _message(app, alarm, to)))
    if outcome.kind is not Kind.ACCEPTED:
        raise DeliveryError(f"The server refused the alarm to {to}: {outcome.code or ''} {outcome.reply}")


def _message(app: App, alarm: Alarm, to: str) -> bytes:
    chosen = app.settings.mail
    sender = headers.sender(chosen.from_address)
    own = message_id(f"alarm:{alarm.id}", to, sender.rpartition("@")[2])
    made = b"".join(
        (
            headers.structured("MIME-Version", ["1.0"]),
            headers.structured("Date", format_datetime(alarm.created_at).split(" ")),
            headers.mailbox("From", chosen.from_name, sender),
            headers.mailbox("To", "", headers.recipient(to)),
            headers.unstructured("Subject", f"[Mujaz] {alarm.about}: {alarm.kind}"),
            headers.structured("Message-ID", [own]),
            headers.structured("Auto-Submitted", ["auto-generated"]),
            headers.structured("Content-Type", ["text/plain;", "charset=utf-8"]),
            headers.structured("Content-Transfer-Encoding", ["base64"]),
            b"\r\n",
            encoded_lines(f"{alarm.about}: {alarm.kind}\n\n{alarm.words}\n".encode()),
        )
    )
    return app.signer.sign(made) if app.signer else made


async def _post(app: App, alarm: Alarm) -> None:
    address = app.settings.alarm.webhook
    payload = {
        "kind": alarm.kind,
        "about": alarm.about,
        "text": f"{alarm.about}: {alarm.kind}. {alarm.words}",
        "at": alarm.created_at.isoformat(),
    }
    status, _ = await app.http.post_json(
        address.get_secret_value() if address else "", payload, {}, WEBHOOK_SECONDS
    )
    if status >= 300:
        raise SourceError(f"The webhook answered {status}.")
