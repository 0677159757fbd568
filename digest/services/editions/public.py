"""What everybody may read: public lists, their sent editions."""

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import NotFoundError
from digest.model import Correction, Edition, EditionContent, EditionState, MailingList
from digest.model.rows import row_id
from digest.services.app import App
from digest.storage.audience import lists
from digest.storage.editions import content as editions
from digest.storage.editions import corrections

READABLE = frozenset({EditionState.SENDING, EditionState.PAUSED, EditionState.FINISHED})
"""What went out, or is going out. So did, whatever became of it, an edition of which one message was sent."""
ARCHIVE_LENGTH = 60


async def public_lists(app: App) -> list[MailingList]:
    """Return the lists that anybody may join, by name."""
    async with app.database.read() as session:
        return [mailing_list for mailing_list in await lists.all_lists(session) if mailing_list.public]


async def public_list(app: App, slug: str) -> MailingList:
    """Return a list that anybody may join.

    Raises:
        NotFoundError: there is no such public list.
    """
    async with app.database.read() as session:
        return await _public(session, slug)


async def _public(session: AsyncSession, slug: str) -> MailingList:
    mailing_list = await lists.by_slug(session, slug)
    if not mailing_list.public:
        raise NotFoundError(f"There is no list {slug}.")
    return mailing_list


async def archive(app: App, slug: str) -> tuple[MailingList, list[Edition]]:
    """Return a public list and its editions that went out, newest first.

    Raises:
        NotFoundError: there is no such public list.
    """
    async with app.database.read() as session:
        mailing_list = await _public(session, slug)
        found = await editions.latest(session, row_id(mailing_list), ARCHIVE_LENGTH)
        mailed = await editions.mailed(session, [row_id(one) for one in found])
    return mailing_list, [one for one in found if one.state in READABLE or one.id in mailed]


async def edition(app: App, slug: str, number: int) -> tuple[MailingList, Edition, EditionContent]:
    """Return an edition that went out, with what was corrected of it since. An unsent one is not there for
    the public.

    The mails of one that was cancelled or held later link to it, and it answers.

    Raises:
        NotFoundError: there is no such edition.
    """
    async with app.database.read() as session:
        mailing_list = await lists.by_slug(session, slug)
        found = await editions.by_number(session, row_id(mailing_list), number)
        errata = await corrections.about(session, row_id(mailing_list), number)
        went_out = found is not None and (
            found.state in READABLE or bool(await editions.mailed(session, [row_id(found)]))
        )
    if found is None or not went_out or not mailing_list.public:
        raise NotFoundError(f"The list {slug} has no edition {number}.")
    content = EditionContent.model_validate(found.content)
    own = tuple(Correction(text=one.text, edition_number=number) for one in errata)
    return mailing_list, found, content.model_copy(update={"corrections": own + content.corrections})
