"""What everybody may read: public lists, their sent editions."""

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import NotFoundError
from digest.model import Correction, Edition, EditionContent, MailingList
from digest.model.rows import row_id
from digest.services.app import App
from digest.storage.audience import lists
from digest.storage.editions import archive as editions
from digest.storage.editions import corrections
from digest.storage.editions.archive import ArchivedEdition

PAGE_LENGTH = 30
FEED_LENGTH = 60


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


async def archive(
    app: App, slug: str, before: int | None = None
) -> tuple[MailingList, list[ArchivedEdition], int | None]:
    """Return a public list, a page of its editions that went out, newest first, and the number before which
    the next page begins (None: this is the last). `before` is such a number; None: the first page.

    Raises:
        NotFoundError: there is no such public list.
    """
    async with app.database.read() as session:
        mailing_list = await _public(session, slug)
        found = await editions.page(session, row_id(mailing_list), PAGE_LENGTH + 1, before)
    shown = found[:PAGE_LENGTH]
    return mailing_list, shown, shown[-1].number if len(found) > PAGE_LENGTH else None


async def newest(app: App, slug: str) -> tuple[MailingList, list[Edition]]:
    """Return a public list and its newest editions that went out, whole, newest first.

    Raises:
        NotFoundError: there is no such public list.
    """
    async with app.database.read() as session:
        mailing_list = await _public(session, slug)
        return mailing_list, await editions.whole(session, row_id(mailing_list), FEED_LENGTH)


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
    if found is None or not mailing_list.public:
        raise NotFoundError(f"The list {slug} has no edition {number}.")
    content = EditionContent.model_validate(found.content)
    own = tuple(Correction(text=one.text, edition_number=number) for one in errata)
    return mailing_list, found, content.model_copy(update={"corrections": own + content.corrections})
