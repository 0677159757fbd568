"""Lists, their settings, fields and tags."""

from collections.abc import Mapping
from typing import Any

from digest.entrypoints.api.v1.call import ApiCall
from digest.entrypoints.api.v1.problems import ProblemError
from digest.entrypoints.api.v1.shapes.lists import (
    FieldPage,
    FieldShown,
    ListHead,
    ListPage,
    ListShown,
    TagCount,
    TagPage,
)
from digest.entrypoints.api.v1.table import ROOT, ApiAnswer
from digest.model import MailingList
from digest.model.versions import version_of
from digest.services.audience import lists
from digest.services.audience.list_settings import ListSettings, settings_of
from digest.services.audience.lists import Listed
from digest.services.audience.segments import fields, tags


async def list_lists(call: ApiCall) -> ApiAnswer:
    """Return the lists that the key may see."""
    only = call.only_list
    every = await lists.every(call.app)
    shown = [_head(one) for one in every if only is None or one.mailing_list.id == only.id]
    return ApiAnswer(ListPage(items=shown))


async def show_list(call: ApiCall) -> ApiAnswer:
    """Return a list with its settings."""
    return await _answered(call, call.here)


async def add_list(call: ApiCall) -> ApiAnswer:
    """Make a list."""
    values = call.body.model_dump(mode="json", exclude_unset=True)
    slug = values.pop("slug")
    _no_files_of_ours(values)
    made = await lists.add(call.app, slug, values)
    call.changed(slug, after=settings_of(made), list_slug=slug)
    return await _answered(call, made, location=f"{ROOT}/lists/{slug}")


async def change_list(call: ApiCall) -> ApiAnswer:
    """Change settings of a list."""
    values = call.body.model_dump(mode="json", exclude_unset=True)
    _no_files_of_ours(values)
    before = settings_of(call.here)
    changed = await lists.change(call.app, call.here.slug, values, whole=call.seen)
    call.changed(call.here.slug, before=before, after=settings_of(changed))
    return await _answered(call, changed)


async def remove_list(call: ApiCall) -> ApiAnswer:
    """Remove a list with its editions and subscriptions; subscribers stay."""
    await lists.remove(call.app, call.here.slug, whole=call.seen)
    call.changed(call.here.slug, before=settings_of(call.here))
    return ApiAnswer()


async def list_fields(call: ApiCall) -> ApiAnswer:
    """Return a list's own fields."""
    found = await fields.of_list(call.app, call.here)
    names = FieldShown.model_fields
    return ApiAnswer(
        FieldPage(items=[FieldShown(**{name: getattr(one, name) for name in names}) for one in found])
    )


async def list_tags(call: ApiCall) -> ApiAnswer:
    """Return a list's tags with how many people have each."""
    found = await tags.counts(call.app, call.here)
    return ApiAnswer(TagPage(items=[TagCount(tag=tag, people=people) for tag, people in found.items()]))


def _no_files_of_ours(values: Mapping[str, Any]) -> None:
    """Refuse paths: who calls from outside must not have our machine's files read into an edition."""
    for place in values.get("blocks") or ():
        if not str(place).startswith("https://"):
            raise ProblemError(422, "blocks: a program may name https addresses only, no files.")


def _head(one: Listed) -> ListHead:
    found = one.mailing_list
    return ListHead(
        slug=found.slug,
        name=found.name,
        language=found.language,
        enabled=found.enabled,
        public=found.public,
        confirmed=one.confirmed,
        next_at=one.next_at,
    )


async def _answered(call: ApiCall, mailing_list: MailingList, location: str = "") -> ApiAnswer:
    every = await lists.every(call.app)
    one = next(one for one in every if one.mailing_list.id == mailing_list.id)
    settings = settings_of(mailing_list)
    shown = ListShown(
        slug=mailing_list.slug,
        confirmed=one.confirmed,
        next_at=one.next_at,
        settings=ListSettings.model_validate(settings),
    )
    return ApiAnswer(shown, location=location, mark=version_of(settings))
