"""What everybody may read: public lists, their sent editions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import NotFoundError
from digest.model import Correction, Edition, EditionContent, Erratum, MailingList
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience.lists import specs
from digest.services.editions.corrections import page_of
from digest.storage.audience import lists
from digest.storage.editions import archive as stored
from digest.storage.editions import corrections
from digest.storage.editions.archive import EVERYTHING, ArchivedEdition, ArchiveQuery
from digest.text.words.normalise import fold

PAGE_LENGTH = 30
"""Editions on a page of the archive."""
FEED_LENGTH = 30
MOST_WORDS = 10


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveRequest:
    """What a reader looks for in an archive: words as typed, local dates from and to, and the page, from
    1.
    """

    words: str = ""
    since: date | None = None
    until: date | None = None
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivePage:
    """A page of a list's archive. `fitting` editions were found in all; None: nothing was searched.

    `corrected` is what was wrong in them, by their numbers.
    """

    mailing_list: MailingList
    editions: tuple[ArchivedEdition, ...]
    page: int
    has_older: bool
    corrected: Mapping[int, Sequence[Erratum]] = field(default_factory=dict)
    fitting: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicEdition:
    """An edition that went out, with the numbers of those before and after it in the archive, and what was
    wrong in single stories of it.
    """

    mailing_list: MailingList
    edition: Edition
    content: EditionContent
    before: int | None = None
    after: int | None = None
    corrected: tuple[Erratum, ...] = ()


async def archive(app: App, slug: str, asked: ArchiveRequest | None = None) -> ArchivePage:
    """Return a page of a public list's editions that went out to all its readers, newest first.

    All of the words must stand in an edition, in any spelling of Arabic.

    Raises:
        NotFoundError: there is no such public list, or no such page.
    """
    asked = asked or ArchiveRequest()
    wanted = query_of(asked)
    async with app.database.read() as session:
        mailing_list = await _public(session, slug)
        list_id = row_id(mailing_list)
        # One more than is shown tells that there is an older page.
        start = (asked.page - 1) * PAGE_LENGTH
        found = await stored.page(session, list_id, wanted, start=start, limit=PAGE_LENGTH + 1)
        fitting = None if wanted == EVERYTHING else await stored.count(session, list_id, wanted)
        corrected = await corrections.about(session, list_id, [one.number for one in found])
    if start and not found:
        raise NotFoundError(f"The archive of {slug} has no page {asked.page}.")
    return ArchivePage(
        mailing_list=mailing_list,
        editions=tuple(found[:PAGE_LENGTH]),
        page=asked.page,
        has_older=len(found) > PAGE_LENGTH,
        corrected=corrected,
        fitting=fitting,
    )


def query_of(asked: ArchiveRequest) -> ArchiveQuery:
    """Return what is asked as the store takes it."""
    words = tuple(dict.fromkeys(fold(asked.words).split()))[:MOST_WORDS]
    return ArchiveQuery(words=words, since=asked.since, until=asked.until)


@dataclass(frozen=True, slots=True)
class LatestEditions:
    """A public list's newest editions with their content, newest first, and what was wrong in them, by their
    numbers.
    """

    mailing_list: MailingList
    editions: Sequence[Edition]
    corrected: Mapping[int, Sequence[Erratum]]


async def latest(app: App, slug: str, section: str | None = None) -> LatestEditions:
    """Return a public list's newest editions; `section`: those that have it.

    Raises:
        NotFoundError: there is no such public list, or it has no such section.
    """
    async with app.database.read() as session:
        mailing_list = await _public(session, slug)
        if section is not None and section not in {spec.key for spec in specs(mailing_list)}:
            raise NotFoundError(f"The list {slug} has no section {section}.")
        found = await stored.whole(session, row_id(mailing_list), FEED_LENGTH)
        errata = await corrections.about(session, row_id(mailing_list), [one.number for one in found])
        return LatestEditions(mailing_list, found, errata)


async def edition(app: App, slug: str, number: int) -> PublicEdition:
    """Return an edition that went out, with what was corrected of it since. An unsent one is not there for
    the public.

    The mails of one that was cancelled or held later link to it, and it answers; so does one for a segment,
    which stands in no archive.

    Raises:
        NotFoundError: there is no such edition.
    """
    async with app.database.read() as session:
        mailing_list = await lists.by_slug(session, slug)
        list_id = row_id(mailing_list)
        found = await stored.by_number(session, list_id, number)
        errata = await corrections.of_edition(session, list_id, number)
        before, after = await stored.beside(session, list_id, number)
    if found is None or not mailing_list.public:
        raise NotFoundError(f"The list {slug} has no edition {number}.")
    content = EditionContent.model_validate(found.content)
    own = tuple(
        Correction(
            text=one.text, edition_number=number, url=page_of(app, mailing_list, one) if one.story else None
        )
        for one in errata
    )
    return PublicEdition(
        mailing_list=mailing_list,
        edition=found,
        content=content.model_copy(update={"corrections": own + content.corrections}),
        before=before,
        after=after,
        corrected=tuple(one for one in errata if one.story),
    )


def searched_text(subject: str, content: EditionContent) -> str:
    """Return what an edition is searched by, folded: subject, headlines, sentences, outlets."""
    parts = [subject]
    for story in content.stories:
        parts += [story.headline, *(one.text for one in story.summary.sentences), *story.outlets]
    return fold(" ".join(parts))


async def make_searchable(app: App, most: int = 200) -> int:
    """Keep the text that editions are searched by which have none yet; returns how many."""
    async with app.database.begin() as session:
        found = await stored.without_text(session, most)
        for one in found:
            text = searched_text(one.subject, EditionContent.model_validate(one.content))
            await stored.keep_text(session, row_id(one), text)
    return len(found)
