"""Mail one person who is no reader: an editor, an operator, whoever is invited to the desk."""

from datetime import datetime

import structlog

from digest.deliver.mailer import send_one
from digest.deliver.outcome import Kind, Outcome
from digest.errors import DigestError, InputError
from digest.render.message import headers
from digest.render.message.plain import plain_message
from digest.services.app import App
from digest.services.audience.admin.suppressing import require_mailable
from digest.services.mail_jobs import bare_job

log = structlog.get_logger()


async def try_staff_mail(app: App, to: str, subject: str, text: str, *, seed: str, at: datetime) -> bool:
    """Try to send one; says whether that is done with: taken by the server, or never to be mailed. False: it
    is to be tried again.
    """
    try:
        outcome = await send_staff_mail(app, to, subject, text, seed=seed, at=at)
    except InputError:
        log.warning("staff_mail.suppressed", mail=seed)
        return True
    except DigestError as error:
        log.warning("staff_mail.waits", mail=seed, reason=str(error))
        return False
    if outcome.kind is not Kind.ACCEPTED:
        log.warning("staff_mail.refused", mail=seed, reply=outcome.answer)
        return False
    return True


async def send_staff_mail(app: App, to: str, subject: str, text: str, *, seed: str, at: datetime) -> Outcome:
    """Send one message of words alone, signed, and return what the server said. `at` is its date; the same
    `seed` gives the same Message-ID.

    Raises:
        InputError: the address is none, or one that must never be mailed.
        DeliveryError: the server cannot be reached.
    """
    await require_mailable(app, to)
    sender = headers.sender(app.settings.mail.from_address)

    def build() -> bytes:
        made = plain_message(sender, app.settings.mail.from_name, to, subject, text, seed=seed, at=at)
        return app.signer.sign(made) if app.signer else made

    return await send_one(app.mailer, bare_job(sender, to, build))
