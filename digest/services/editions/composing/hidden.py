"""Whether a reader gets a story that an edition tells: muted words and outlets, sections that were not
chosen.
"""

from dataclasses import replace

from digest.errors import NotFoundError, NothingToSendError
from digest.model import EditionContent, MailingList, Section, Story
from digest.model.people.choice import Choice
from digest.model.rows import row_id
from digest.render.presenters.choosing import Choosing
from digest.services.app import App
from digest.services.editions.composing.compose import Window
from digest.storage.audience import subscribers
from digest.text.addresses.email_address import normalised


async def choice_of_reader(app: App, mailing_list: MailingList, email: str) -> Choice:
    """Return what a reader of the list chose.

    Raises:
        NotFoundError: nobody of that address is on the list.
    """
    async with app.database.read() as session:
        person = await subscribers.by_email(session, normalised(email))
        found = (
            await subscribers.subscription(session, row_id(mailing_list), row_id(person)) if person else None
        )
    if found is None:
        raise NotFoundError(f"Nobody of that address is on the list {mailing_list.slug}.")
    return found.choice()


def hidden_by(mailing_list: MailingList, window: Window, story: Story, section: str, choice: Choice) -> str:
    """Return why a reader with this choice does not get a story: muted or unchosen; "" when it is shown."""
    content = EditionContent(
        list_slug=mailing_list.slug,
        list_name=mailing_list.name,
        language=mailing_list.language,
        number=1,
        local_date=window.day,
        window_start=window.start,
        window_end=window.end,
        sections=(Section(key=section, title=section, stories=(story,)),),
    )
    if _is_shown(content, choice):
        return ""
    return "muted" if _is_shown(content, replace(choice, muted_words=(), muted_outlets=())) else "unchosen"


def _is_shown(content: EditionContent, choice: Choice) -> bool:
    try:
        Choosing(content).settled(choice)
    except NothingToSendError:
        return False
    return True
