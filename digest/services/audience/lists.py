"""Lists: making, changing, showing, removing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import InputError, RefusedError
from digest.model import MailingList, SectionSpec
from digest.model.rows import row_id
from digest.model.versions import require_version, version_of
from digest.services.app import App
from digest.services.audience.list_settings import checked, checked_slug, settings_of
from digest.services.schedule import due
from digest.storage.articles import articles, sources
from digest.storage.audience import lists

DEFAULT_SLUG = "daily"
# Room goes by weight: a section has at most so many, and each has one.
_ROOM = 10
DEFAULT_SECTIONS = (
    SectionSpec(key="politics", title="السياسة", colour="#9a3412", max_stories=_ROOM),
    SectionSpec(key="world", title="العالم", colour="#1e3a8a", max_stories=_ROOM),
    SectionSpec(key="disasters", title="حوادث وكوارث", colour="#7f1d1d"),
    SectionSpec(key="economy", title="الاقتصاد", colour="#166534"),
    SectionSpec(key="local", title="المحليات", colour="#854d0e"),
    SectionSpec(key="health", title="الصحة", colour="#0f766e"),
    SectionSpec(key="sport", title="الرياضة", colour="#1d4ed8"),
    SectionSpec(key="technology", title="علوم وتقنية", colour="#6d28d9"),
    SectionSpec(key="culture", title="الثقافة", colour="#9d174d"),
    SectionSpec(key="religion", title="شؤون دينية", colour="#3f6212"),
    SectionSpec(key="misc", title="منوعات", colour="#52525b"),
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A list with its count of confirmed subscribers and the next time it goes out."""

    mailing_list: MailingList
    confirmed: int
    next_at: datetime | None


def specs(mailing_list: MailingList) -> tuple[SectionSpec, ...]:
    """Return the list's sections in its order; the default ones when it names none."""
    return tuple(SectionSpec.model_validate(raw) for raw in mailing_list.sections) or DEFAULT_SECTIONS


async def choose(app: App, slug: str | None = None) -> MailingList:
    """Return the list of that name; without a name the only one, or the default one. Nothing is written.

    Raises:
        InputError: there is no such list, no list at all, or several of which none is the default.
    """
    async with app.database.begin() as session:
        found = await _chosen(session, slug)
    if found is None:
        raise InputError(
            "There are no lists yet.", remedy="`digest run` makes the first, or `digest lists add SLUG`."
        )
    return found


async def ensure(app: App, slug: str | None) -> MailingList:
    """Return what `choose` does; the list `daily` is made when there is no list at all and none is named.

    Only for commands that begin something: `run`, and adding people.

    Raises:
        InputError: there is no such list, or several of which none is the default.
    """
    async with app.database.begin() as session:
        return await _chosen(session, slug) or await lists.add(
            session,
            MailingList(
                slug=DEFAULT_SLUG,
                name="موجز اليوم",
                description="أهم أخبار اليوم، مختصرة ومرتبة، كل صباح.",
                sections=[spec.model_dump() for spec in DEFAULT_SECTIONS],
                created_at=app.clock.now(),
            ),
        )


async def _chosen(session: AsyncSession, slug: str | None) -> MailingList | None:
    """Return the list that is meant, or None when there is none at all and none is named."""
    if slug is not None:
        return await lists.by_slug(session, slug)
    known = await lists.all_lists(session)
    if len(known) <= 1:
        return known[0] if known else None
    default = next((one for one in known if one.is_default), None)
    if default is None:
        names = ", ".join(one.slug for one in known)
        raise InputError(
            f"There are several lists: {names}.",
            remedy="Choose one with --list SLUG, or set a default with `digest lists default SLUG`.",
        )
    return default


async def is_default_of_several(app: App, mailing_list: MailingList) -> bool:
    """Say whether a list is meant only because it is the default one among several."""
    async with app.database.begin() as session:
        return mailing_list.is_default and len(await lists.all_lists(session)) > 1


async def set_default(app: App, slug: str | None) -> MailingList | None:
    """Make a list the one that commands mean when none is named; None: no list is.

    Raises:
        InputError: there is no such list.
    """
    async with app.database.begin() as session:
        wanted = await lists.by_slug(session, slug) if slug is not None else None
        for one in await lists.all_lists(session):
            one.is_default = wanted is not None and one.id == wanted.id
        return wanted


async def unmatched_pins(app: App, mailing_list: MailingList) -> list[str]:
    """Return those of a list's pins that no stored article has as its address or content."""
    async with app.database.begin() as session:
        known = await articles.known_marks(session, mailing_list.pins)
    return [pin for pin in mailing_list.pins if pin not in known]


async def add(app: App, slug: str, values: Mapping[str, Any]) -> MailingList:
    """Keep a new list after checking what is set of it; sections that are not named are the default ones.

    Raises:
        InputError: a setting is wrong, or the slug is taken.
        ConfigError: there is no such layout.
    """
    given = dict(values)
    if not given.get("sections"):
        given["sections"] = [spec.model_dump() for spec in DEFAULT_SECTIONS]
    found = checked(given, layouts=_layouts(app))
    async with app.database.begin() as session:
        await _check_sections(session, found["sections"])
        for source in found["alert_sources"]:
            await sources.find(session, source)
        return await lists.add(
            session, MailingList(slug=checked_slug(slug), created_at=app.clock.now(), **found)
        )


async def change(
    app: App,
    slug: str,
    values: Mapping[str, Any],
    *,
    version: str | None = None,
    whole: str | None = None,
) -> MailingList:
    """Change some settings of a list; all are checked together. Editions that are frozen stay as they are.

    `version` is the mark (`version_of`) of these settings as they were seen, `whole` of all of them: nothing
    is changed when somebody else was first.

    Raises:
        InputError: there is no such list, or a setting is wrong.
        RefusedError: they were changed since they were seen.
        ConfigError: there is no such layout.
    """
    async with app.database.begin() as session:
        mailing_list = await lists.by_slug(session, slug, lock=True)
        if version is not None and version != version_of(
            {name: getattr(mailing_list, name) for name in values}
        ):
            raise RefusedError("changed_meanwhile", "Somebody else changed these settings first.")
        require_version(whole, settings_of(mailing_list))
        found = checked({**settings_of(mailing_list), **values}, layouts=_layouts(app))
        if "sections" in values:
            await _check_sections(session, found["sections"])
        for source in values.get("alert_sources") or ():
            await sources.find(session, str(source))
        for name, value in found.items():
            setattr(mailing_list, name, value)
        return mailing_list


async def _check_sections(session: AsyncSession, sections: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a key that no article can have: none of Mujaz's own, and named by no list and no source so
    far.
    """
    own = [spec.key for spec in DEFAULT_SECTIONS]
    known = {*own, *await sources.section_keys(session)}
    for spec in sections:
        if spec["key"] not in known:
            names = ", ".join([*own, *sorted(known - set(own))])
            raise InputError(f"There is no section {spec['key']!r}.", remedy=f"There are: {names}.")


def _layouts(app: App) -> str:
    return str(app.settings.mail.layouts or "")


async def all_lists(app: App) -> list[MailingList]:
    """Return all lists by name, and count nobody."""
    async with app.database.read() as session:
        return await lists.all_lists(session)


async def every(app: App) -> list[Listed]:
    """Return all lists with what an operator asks first."""
    now = app.clock.now()
    async with app.database.begin() as session:
        known = await lists.all_lists(session)
        return [
            Listed(
                one,
                await lists.confirmed(session, row_id(one)),
                due.next_due(one, now) if one.enabled else None,
            )
            for one in known
        ]


async def remove(app: App, slug: str, *, whole: str | None = None) -> None:
    """Remove a list with its editions and subscriptions; subscribers stay.

    Raises:
        InputError: there is no such list.
        RefusedError: its settings were changed since they had the mark `whole`.
    """
    async with app.database.begin() as session:
        mailing_list = await lists.by_slug(session, slug, lock=True)
        require_version(whole, settings_of(mailing_list))
        await lists.remove(session, row_id(mailing_list))
