"""Mail one-time links: invitations, and new passwords."""

from datetime import timedelta
from email.utils import format_datetime

import structlog

from digest.deliver.mailer import send_one
from digest.deliver.outcome import Kind
from digest.errors import DigestError, InputError
from digest.model import AccountLink, LinkPurpose
from digest.render.message import headers
from digest.render.message.mime import message_id
from digest.render.message.parts import encoded_lines
from digest.services.accounts import tokens
from digest.services.accounts.invitations import address_of
from digest.services.app import App
from digest.services.audience.admin.suppressing import require_mailable
from digest.services.mail_jobs import bare_job
from digest.storage.accounts import links

log = structlog.get_logger()

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15))
"""Between tries to mail; then it is given up."""
KEPT = timedelta(days=30)
TEXTS = {
    (LinkPurpose.INVITE, "ar"): (
        "دعوة إلى مكتب التحرير في موجز",
        "دُعيت إلى مكتب التحرير في موجز.\n\nافتح هذا الرابط لتختار كلمة مرورك وتبدأ. "
        "يعمل مرة واحدة، وتنتهي صلاحيته في {until} بتوقيت غرينتش:\n\n{url}\n\n"
        "إن لم تكن تنتظر هذه الدعوة فتجاهل الرسالة، ولن يحدث شيء.\n",
    ),
    (LinkPurpose.INVITE, "en"): (
        "Your invitation to the Mujaz desk",
        "You are invited to the Mujaz desk.\n\nOpen this link to choose a password and begin. "
        "It works once, until {until} UTC:\n\n{url}\n\n"
        "If you expected no invitation, ignore this mail and nothing happens.\n",
    ),
    (LinkPurpose.RESET, "ar"): (
        "كلمة مرور جديدة لمكتب التحرير في موجز",
        "طُلبت كلمة مرور جديدة لحسابك في مكتب التحرير.\n\nافتح هذا الرابط لتختارها. "
        "يعمل مرة واحدة، وتنتهي صلاحيته في {until} بتوقيت غرينتش:\n\n{url}\n\n"
        "إن لم تطلب ذلك فتجاهل الرسالة، وتبقى كلمة مرورك كما هي.\n",
    ),
    (LinkPurpose.RESET, "en"): (
        "A new password for the Mujaz desk",
        "A new password was asked for at the Mujaz desk.\n\nOpen this link to choose it. "
        "It works once, until {until} UTC:\n\n{url}\n\n"
        "If you did not ask, ignore this mail and your password stays as it is.\n",
    ),
}


async def due(app: App, limit: int) -> list[int]:
    """Return the links that wait to be mailed."""
    async with app.database.begin() as session:
        return await links.due(session, app.clock.now(), limit)


async def mail_link(app: App, link_id: int) -> bool:
    """Mail one link. False: there is none to mail. What the server refuses is tried again, three times.

    The token is made here, so that it stands in the mail alone: the database never holds it.
    """
    now, token = app.clock.now(), tokens.new_token()
    async with app.database.begin() as session:
        known = await session.get(AccountLink, link_id)
        tries = known.attempts if known else 0
        again = now + WAITS[tries] if tries < len(WAITS) else None
        link = await links.take(session, link_id, now, again, tokens.hashed(app, tokens.LINK, token))
    if link is None:
        return False
    try:
        await require_mailable(app, link.email)
    except InputError:
        log.warning("account_link.suppressed", link=link_id)
        return True
    try:
        sender = headers.sender(app.settings.mail.from_address)
        outcome = await send_one(app.mailer, bare_job(sender, link.email, lambda: _message(app, link, token)))
    except DigestError as error:
        log.warning("account_link.waits", link=link_id, reason=str(error))
        return True
    if outcome.kind is not Kind.ACCEPTED:
        log.warning("account_link.refused", link=link_id, reply=f"{outcome.code or ''} {outcome.reply}")
        return True
    async with app.database.begin() as session:
        await links.mailed(session, link_id)
    return True


async def forget_old(app: App) -> None:
    """Drop the links of long ago."""
    async with app.database.begin() as session:
        await links.forget_old(session, app.clock.now() - KEPT)


def _message(app: App, link: AccountLink, token: str) -> bytes:
    subject, text = TEXTS[link.purpose, link.language if link.language == "en" else "ar"]
    words = text.format(url=address_of(app, link.purpose, token), until=f"{link.ends_at:%Y-%m-%d %H:%M}")
    chosen = app.settings.mail
    sender = headers.sender(chosen.from_address)
    own = message_id(f"account:{link.id}", link.email, sender.rpartition("@")[2])
    made = b"".join(
        (
            headers.structured("MIME-Version", ["1.0"]),
            headers.structured("Date", format_datetime(link.created_at).split(" ")),
            headers.mailbox("From", chosen.from_name, sender),
            headers.mailbox("To", "", headers.recipient(link.email)),
            headers.unstructured("Subject", subject),
            headers.structured("Message-ID", [own]),
            headers.structured("Auto-Submitted", ["auto-generated"]),
            headers.structured("Content-Type", ["text/plain;", "charset=utf-8"]),
            headers.structured("Content-Transfer-Encoding", ["base64"]),
            b"\r\n",
            encoded_lines(words.encode()),
        )
    )
    return app.signer.sign(made) if app.signer else made
