"""Imports of people from files: made, looked at, taken back."""

import io

from digest.entrypoints.api.v1.call import ApiCall, behind_number, cursor_of
from digest.entrypoints.api.v1.shapes.imports import (
    ImportDone,
    ImportPage,
    ImportShown,
    ImportUndone,
    LineRefused,
)
from digest.entrypoints.api.v1.table import ROOT, ApiAnswer
from digest.model import ImportRun
from digest.model.rows import row_id
from digest.services.audience.admin import paging
from digest.services.audience.imports import run
from digest.services.audience.imports.writing import ImportOutcome


async def import_people(call: ApiCall) -> ApiAnswer:
    """Import a file of people into a list; nobody is confirmed whom it, or we, know to have left."""
    asked = call.query
    done = await run.import_file(
        call.app, call.here, io.BytesIO(call.body), name=asked.name, dry_run=asked.dry_run
    )
    if done.import_id is not None:
        counts = {outcome.value: count for outcome, count in done.counts.items() if count}
        call.changed(str(done.import_id), after={"rows": done.rows, **counts})
    return ApiAnswer(
        ImportDone(
            id=done.import_id,
            rows=done.rows,
            counts={outcome.value: done.counts.get(outcome, 0) for outcome in ImportOutcome},
            names_filled_in=done.named,
            first_errors=[LineRefused(line=line, why=why) for line, why in done.first_errors],
        ),
        status=200 if done.import_id is None else 201,
        location=f"{ROOT}/lists/{call.here.slug}/imports/{done.import_id}" if done.import_id else "",
    )


async def list_imports(call: ApiCall) -> ApiAnswer:
    """Return a list's imports, newest first."""
    asked = call.query
    found = await paging.imports_below(call.app, call.here, behind_number(asked.cursor), asked.limit + 1)
    shown = [_shown(one) for one in found[: asked.limit]]
    return ApiAnswer(
        ImportPage(items=shown, next=cursor_of(shown[-1].id) if len(found) > asked.limit else None)
    )


async def show_import(call: ApiCall) -> ApiAnswer:
    """Return an import."""
    return ApiAnswer(_shown(await paging.import_of(call.app, call.here, call.number())))


async def undo_import(call: ApiCall) -> ApiAnswer:
    """Take an import back; who has confirmed or left since then stays so."""
    before = await paging.import_of(call.app, call.here, call.number())
    _, counts = await run.undo(call.app, row_id(before))
    call.changed(str(before.id), before={"undone": False, **before.counts}, after={"undone": True, **counts})
    return ApiAnswer(ImportUndone(counts=counts))


def _shown(one: ImportRun) -> ImportShown:
    return ImportShown(id=row_id(one), file=one.file, at=one.at, counts=one.counts, undone_at=one.undone_at)
