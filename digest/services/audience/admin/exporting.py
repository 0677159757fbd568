"""People as CSV or JSON, some thousand at a time: memory stays flat however many there are."""

import csv
import io
import json
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass

from digest.errors import InputError
from digest.model import CheckedSegment, CustomField, MailingList
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience.choices import portable
from digest.services.audience.imports.addresses import quoted
from digest.services.audience.people import belonging
from digest.services.audience.segments import saved
from digest.storage.audience import exports, lists, own_fields
from digest.storage.audience.exports import ExportedPerson

AT_ONCE = 5000
COLUMNS = ("email", "name", "state", "requested_at", "confirmed_at", "left_at", "consent", "stopped")
CHOICES = "choices"
"""The column of what readers chose; it is the last, as JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """What is exported: of which list (None: of all), of which of its segments, and for whom.

    `machine`: cells as they are kept. Else those that a spreadsheet would run begin with an apostrophe, which
    the import takes off. `ids`: those people alone. `seen`: for somebody who is there for these lists alone.
    """

    slug: str | None = None
    segment: str | None = None
    machine: bool = False
    ids: Sequence[int] | None = None
    seen: Collection[int] | None = None


@dataclass(frozen=True, slots=True)
class _Page:
    """Some people of a list with what stands in its own fields and with their tags, by subscriber."""

    mailing_list: MailingList
    people: Sequence[ExportedPerson]
    values: Mapping[int, Mapping[str, str]]
    tags: Mapping[int, Sequence[str]]
    why: Mapping[int, str]
    """Why some of them are mailed no more."""


async def csv_lines(app: App, asked: ExportRequest) -> AsyncIterator[str]:
    """Yield a CSV with every subscriber asked for, by list and address, some thousand lines at a time.

    Of one list, its own fields and the tags stand in columns, too; of several, the list does. What readers
    chose is as `portable.written` gives it.

    Raises:
        InputError: there is no such list or segment, or a segment of no list is asked for.
    """
    chosen, own = await _lists(app, asked)
    extra = [*(one.key for one in own), "tags"] if asked.slug else ["list"]
    yield _lines([[*COLUMNS, *extra, CHOICES]], machine=asked.machine)
    async for page in _pages(app, asked, chosen, own):
        rows = [
            [
                *_row(page, one),
                *(_own(own, page, one) if asked.slug else [page.mailing_list.slug]),
                _choices(one),
            ]
            for one in page.people
        ]
        yield _lines(rows, machine=asked.machine)


async def json_lines(app: App, asked: ExportRequest) -> AsyncIterator[str]:
    """Yield what `csv_lines` does as JSON, an object a line with a CSV's columns as its keys: null where
    nothing stands, tags as a list, choices as an object. `import` reads it.

    Raises:
        InputError: as `csv_lines`.
    """
    chosen, own = await _lists(app, asked)
    async for page in _pages(app, asked, chosen, own):
        yield "".join(
            json.dumps(_object(page, one, own, alone=asked.slug is not None), ensure_ascii=False) + "\n"
            for one in page.people
        )


def _object(
    page: _Page, one: ExportedPerson, own: Sequence[CustomField], *, alone: bool
) -> dict[str, object]:
    found: dict[str, object] = {
        name: cell or None for name, cell in zip(COLUMNS, _row(page, one), strict=True)
    }
    if alone:
        values = page.values.get(one.subscriber_id, {})
        found |= {each.key: values.get(each.key) for each in own}
        found["tags"] = list(page.tags.get(one.subscriber_id, ()))
    else:
        found["list"] = page.mailing_list.slug
    choices = _choices(one)
    return found | {CHOICES: json.loads(choices) if choices else None}


async def _lists(app: App, asked: ExportRequest) -> tuple[Sequence[MailingList], Sequence[CustomField]]:
    """The lists that are exported, and of one list its own fields."""
    if asked.segment is not None and asked.slug is None:
        raise InputError("A segment is of one list.", remedy="Name the list with --list.")
    async with app.database.read() as session:
        if not asked.slug:
            return await lists.all_lists(session), ()
        one = await lists.by_slug(session, asked.slug)
        own = await own_fields.of_list(session, row_id(one))
    if asked.segment:
        await _segment(app, asked, one)  # what is wrong with it is said before the first line
    return [one], own


async def _pages(
    app: App, asked: ExportRequest, chosen: Sequence[MailingList], own: Sequence[CustomField]
) -> AsyncIterator[_Page]:
    """The people of lists, some thousand at a time."""
    segment = await _segment(app, asked, chosen[0]) if asked.segment else None
    for mailing_list in chosen:
        last, list_id = "", row_id(mailing_list)
        while True:
            async with app.database.read() as session:
                people = await exports.after(session, list_id, last, AT_ONCE, segment, ids=asked.ids)
                ids = [one.subscriber_id for one in people]
                values = await own_fields.values_of(session, ids, list_id) if own else {}
                tags = await own_fields.tags_of(session, ids, list_id) if asked.slug else {}
                why = await belonging.reasons(session, _stopped(people), asked.seen)
            if not people:
                break
            last = people[-1].email
            yield _Page(mailing_list, people, values, tags, why)


async def _segment(app: App, asked: ExportRequest, mailing_list: MailingList) -> CheckedSegment:
    async with app.database.read() as session:
        name = asked.segment or ""
        definition = await saved.of_name(session, mailing_list, name)
        return await saved.ready(app, session, mailing_list, definition, name=name)


def _stopped(people: Sequence[ExportedPerson]) -> Mapping[int, str]:
    return {one.subscriber_id: one.disabled_reason for one in people if one.disabled_reason}


def _row(page: _Page, one: ExportedPerson) -> list[str]:
    stamps = (one.requested_at, one.confirmed_at, one.left_at)
    return [
        one.email,
        one.name,
        one.state.value,
        *(stamp.isoformat() if stamp else "" for stamp in stamps),
        one.consent_how,
        page.why.get(one.subscriber_id, ""),
    ]


def _own(own: Sequence[CustomField], page: _Page, one: ExportedPerson) -> list[str]:
    values = page.values.get(one.subscriber_id, {})
    return [*(values.get(each.key, "") for each in own), ", ".join(page.tags.get(one.subscriber_id, ()))]


def _choices(one: ExportedPerson) -> str:
    return portable.written(one.row)


def _lines(rows: Sequence[Sequence[str]], *, machine: bool) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows(rows if machine else [[quoted(cell) for cell in row] for row in rows])
    return out.getvalue()
