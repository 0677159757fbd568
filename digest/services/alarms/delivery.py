"""Send alarms to an operator by mail or webhook."""

from datetime import timedelta

import structlog

from digest.deliver.outcome import Kind
from digest.errors import DeliveryError, DigestError, SourceError
from digest.model import Alarm
from digest.services.alarms import alarms
from digest.services.app import App
from digest.services.staff_mail import send_staff_mail
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
        alarm = await stored.take(session, alarm_id, now, WAITS)
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
    to, about = app.settings.alarm.email or "", f"{alarm.about}: {alarm.kind}"
    outcome = await send_staff_mail(
        app,
        to,
        f"[Mujaz] {about}",
        f"{about}\n\n{alarm.words}\n",
        seed=f"alarm:{alarm.id}",
        at=alarm.created_at,
    )
    if outcome.kind is not Kind.ACCEPTED:
        raise DeliveryError(f"The server refused the alarm to {to}: {outcome.answer}")


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
