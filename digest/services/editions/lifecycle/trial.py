"""An edition to one address, marked as a test."""

import asyncio

from digest.deliver.mailer import send_one
from digest.deliver.outcome import Kind
from digest.errors import NothingToSendError, PermanentDeliveryError
from digest.model import EditionContent, MailingList
from digest.render.message.mime import prepare
from digest.services.app import App
from digest.services.audience.admin.suppressing import require_mailable
from digest.services.mail_jobs import nobody, unrecorded_job
from digest.text.addresses.email_address import normalised

TEST_MARK = "[تجربة] "


async def send_test(app: App, mailing_list: MailingList, content: EditionContent, address: str) -> str:
    """Send an edition to one address, marked as a test and outside the ledger. Returns the server's words.

    Raises:
        InputError: it is no address, or one that must never be mailed.
        DeliveryError: the server refused it or could not be reached.
        NothingToSendError: the edition is empty.
    """
    email = normalised(address)
    if not content.stories:
        raise NothingToSendError("There is nothing to send.", remedy="Collect articles first.")
    await require_mailable(app, email)
    now = app.clock.now()
    rendered = await asyncio.to_thread(app.renderer.render, mailing_list, content)
    marked = rendered.model_copy(update={"subject": TEST_MARK + rendered.subject})
    prepared = prepare(marked, app.renderer.head(mailing_list, content.number, now))
    recipient = nobody(app, mailing_list, email, "test", f"test:{now.isoformat()}")
    outcome = await send_one(app.mailer, unrecorded_job(app, prepared, recipient))
    if outcome.kind is not Kind.ACCEPTED:
        raise PermanentDeliveryError(
            f"The server refused {email}: {outcome.code} {outcome.reply}",
            code=outcome.code,
            reply=outcome.reply,
            recipient=email,
        )
    return f"{outcome.code} {outcome.reply}"
