"""People as CSV, some thousand at a time: memory stays flat however many there are."""

import csv
import io
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


async def csv_lines(app: App, asked: ExportRequest) -> AsyncIterator[str]:
    """Yield a CSV with every subscriber asked for, by list and address, some thousand lines at a time.

    Of one list, its own fields and the tags stand in columns, too; of several, the list does. What readers
    chose is as `portable.written` gives it.

    Raises:
        InputError: there is no such list or segment, or a segment of no list is asked for.
    """
    if asked.segment is not None and asked.slug is None:
        raise InputError("A segment is of one list.", remedy="Name the list with --list.")
    async with app.database.read() as session:
        chosen = [await lists.by_slug(session, asked.slug)] if asked.slug else await lists.all_lists(session)
        segment = await _segment(app, asked, chosen[0]) if asked.segment else None
        own = await own_fields.of_list(session, row_id(chosen[0])) if asked.slug else ()
    alone = asked.slug is not None
    extra = [*(one.key for one in own), "tags"] if alone else ["list"]
    yield _lines([[*COLUMNS, *extra, CHOICES]], machine=asked.machine)
    for mailing_list in chosen:
        last = ""
        while True:
            async with app.database.read() as session:
                people = await exports.after(
                    session, row_id(mailing_list), last, AT_ONCE, segment, ids=asked.ids
                )
                ids = [one.subscriber_id for one in people]
                values = await own_fields.values_of(session, ids, row_id(mailing_list)) if own else {}
                tags = await own_fields.tags_of(session, ids, row_id(mailing_list)) if alone else {}
                why = await belonging.reasons(session, _stopped(people), asked.seen)
            if not people:
                break
            last = people[-1].email
            rows = [
                [
                    *_row(one, why.get(one.subscriber_id, "")),
                    *(
                        _own(own, values.get(one.subscriber_id, {}), tags.get(one.subscriber_id, ()))
                        if alone
                        else [mailing_list.slug]
                    ),
                    portable.written(one.row),
                ]
                for one in people
            ]
            yield _lines(rows, machine=asked.machine)


async def _segment(app: App, asked: ExportRequest, mailing_list: MailingList) -> CheckedSegment:
    async with app.database.read() as session:
        name = asked.segment or ""
        definition = await saved.of_name(session, mailing_list, name)
        return await saved.ready(app, session, mailing_list, definition, name=name)


def _stopped(people: Sequence[ExportedPerson]) -> Mapping[int, str]:
    return {one.subscriber_id: one.disabled_reason for one in people if one.disabled_reason}


def _row(one: ExportedPerson, why: str) -> list[str]:
    stamps = (one.requested_at, one.confirmed_at, one.left_at)
    return [
        one.email,
        one.name,
        one.state.value,
        *(stamp.isoformat() if stamp else "" for stamp in stamps),
        one.consent_how,
        why,
    ]


def _own(own: Sequence[CustomField], values: dict[str, str], tags: Sequence[str]) -> list[str]:
    return [*(values.get(one.key, "") for one in own), ", ".join(tags)]


def _lines(rows: Sequence[Sequence[str]], *, machine: bool) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows(rows if machine else [[quoted(cell) for cell in row] for row in rows])
    return out.getvalue()
