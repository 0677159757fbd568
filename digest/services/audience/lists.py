"""Lists: making, changing, showing, removing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from digest.errors import InputError
from digest.model import MailingList, SectionSpec
from digest.services.app import App
from digest.services.audience.list_settings import checked, checked_slug, settings_of
from digest.services.schedule import due
from digest.storage import lists

DEFAULT_SLUG = "daily"
# Room goes by weight: a section has at most so many, and each has one.
_ROOM = 8
DEFAULT_SECTIONS = (
    SectionSpec(key="politics", title="السياسة", colour="#9a3412", max_stories=_ROOM),
    SectionSpec(key="world", title="العالم", colour="#1e3a8a", max_stories=_ROOM),
    SectionSpec(key="disasters", title="حوادث وكوارث", colour="#7f1d1d"),
    SectionSpec(key="economy", title="الاقتصاد", colour="#166534"),
    SectionSpec(key="local", title="محليات", colour="#854d0e"),
    SectionSpec(key="health", title="الصحة", colour="#0f766e"),
    SectionSpec(key="sport", title="الرياضة", colour="#1d4ed8"),
    SectionSpec(key="technology", title="التقنية", colour="#6d28d9"),
    SectionSpec(key="culture", title="الثقافة", colour="#9d174d"),
    SectionSpec(key="religion", title="شؤون دينية", colour="#3f6212"),
    SectionSpec(key="misc", title="متفرقات", colour="#52525b"),
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A list with its count of confirmed subscribers and the next time it goes out."""

    mailing: MailingList
    confirmed: int
    next_at: datetime | None


def specs(mailing: MailingList) -> tuple[SectionSpec, ...]:
    """Return the list's sections in its order; the default ones when it names none."""
    return tuple(SectionSpec.model_validate(raw) for raw in mailing.sections) or DEFAULT_SECTIONS


async def ensure(app: App, slug: str | None) -> MailingList:
    """Return the list of that name; without a name, the default one, which is made when there is no list at all.

    Raises:
        InputError: there is no such list, or several and none is named.
    """
    async with app.database.begin() as session:
        if slug:
            return await lists.by_slug(session, slug)
        known = await lists.all_lists(session)
        if len(known) > 1 and DEFAULT_SLUG not in {mailing.slug for mailing in known}:
            names = ", ".join(mailing.slug for mailing in known)
            raise InputError(f"There are several lists: {names}.", remedy="Choose one with --list.")
        if known:
            return next((mailing for mailing in known if mailing.slug == DEFAULT_SLUG), known[0])
        return await lists.add(
            session,
            MailingList(
                slug=DEFAULT_SLUG,
                name="موجز اليوم",
                description="أهم أخبار اليوم، مختصرة ومرتبة، كل صباح.",
                sections=[spec.model_dump() for spec in DEFAULT_SECTIONS],
                created_at=app.clock.now(),
            ),
        )


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
        return await lists.add(
            session, MailingList(slug=checked_slug(slug), created_at=app.clock.now(), **found)
        )


async def change(app: App, slug: str, values: Mapping[str, Any]) -> MailingList:
    """Change some settings of a list; all are checked together. Editions that are frozen stay as they are.

    Raises:
        InputError: there is no such list, or a setting is wrong.
        ConfigError: there is no such layout.
    """
    async with app.database.begin() as session:
        mailing = await lists.by_slug(session, slug)
        for name, value in checked({**settings_of(mailing), **values}, layouts=_layouts(app)).items():
            setattr(mailing, name, value)
        return mailing


def _layouts(app: App) -> str:
    return str(app.settings.mail.layouts or "")


async def every(app: App) -> list[Listed]:
    """Return all lists with what an operator asks first."""
    now = app.clock.now()
    async with app.database.begin() as session:
        known = await lists.all_lists(session)
        return [
            Listed(
                one,
                await lists.confirmed(session, one.id or 0),
                due.next_due(one, now) if one.enabled else None,
            )
            for one in known
        ]


async def remove(app: App, slug: str) -> None:
    """Remove a list with its editions and subscriptions; subscribers stay.

    Raises:
        InputError: there is no such list.
    """
    async with app.database.begin() as session:
        mailing = await lists.by_slug(session, slug)
        await lists.remove(session, mailing.id or 0)
