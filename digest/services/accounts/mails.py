"""Mail one-time links: invitations, and new passwords."""

from datetime import timedelta

from digest.model import AccountLink, LinkPurpose
from digest.services.accounts import tokens
from digest.services.accounts.invitations import address_of
from digest.services.app import App
from digest.services.staff_mail import try_staff_mail
from digest.storage.accounts import links
from digest.text.dates import calendar
from digest.text.numbers import numerals

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
        link = await links.take(session, link_id, now, WAITS, tokens.hashed(app, tokens.LINK, token))
    if link is None:
        return False
    words, seed = _words(app, link, token), f"account:{link.id}"
    if await try_staff_mail(app, link.email, *words, seed=seed, at=link.created_at):
        async with app.database.begin() as session:
            await links.mailed(session, link_id)
    return True


async def forget_old(app: App) -> None:
    """Drop the links of long ago."""
    async with app.database.begin() as session:
        await links.forget_old(session, app.clock.now() - KEPT)


def _words(app: App, link: AccountLink, token: str) -> tuple[str, str]:
    """Return the subject and the text."""
    subject, text = TEXTS[link.purpose, link.language if link.language == "en" else "ar"]
    url = address_of(app, link.purpose, token)
    return subject, text.format(url=url, until=_until(link))


def _until(link: AccountLink) -> str:
    """The end in words, in UTC."""
    language = "en" if link.language == "en" else "ar"
    digits = numerals.fitting(language, "latn" if language == "en" else "arab")
    day = calendar.long_date(link.ends_at.date(), language, "default", digits)
    return f"{day} {calendar.clock(link.ends_at, language, digits)}"
