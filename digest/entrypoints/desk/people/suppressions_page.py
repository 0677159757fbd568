"""The suppression list: how an address stands, addresses added, a list handed in, one taken off with a
reason.
"""

import io

from starlette.responses import Response

from digest.entrypoints.desk.pages import desk_page, go_to, problem_of
from digest.entrypoints.desk.visit import DeskVisit
from digest.errors import InputError, NotFoundError, RefusedError
from digest.model import Suppression, SuppressionReason
from digest.services.audience.admin import suppressing
from digest.services.audience.admin.suppressing import ListKind, SuppressionHistory, SuppressionsTaken

HOME = "/desk/suppressions"
SHOWN = 50
KINDS = tuple(one.value for one in ListKind)


async def suppressions_page(visit: DeskVisit) -> Response:
    """Show how many are suppressed and why, the newest, and how an address stands that is asked for."""
    return await _page(visit)


async def _page(
    visit: DeskVisit,
    *,
    status: int = 200,
    problem: str = "",
    taken: SuppressionsTaken | None = None,
    note: str = "",
    address: str = "",
) -> Response:
    reason = visit.asked("reason")
    wanted = reason if reason in set(SuppressionReason) else None
    asked = visit.asked("address")[:320].strip() or address
    history: SuppressionHistory | None = None
    if asked and not problem:
        try:
            history = await suppressing.history_of(visit.app, asked)
        except InputError:
            status, problem = 422, "refused_no_address"
    view = {
        "counts": await suppressing.counted(visit.app),
        "rows": await suppressing.listed(visit.app, wanted, SHOWN),
        "reason": wanted or "",
        "asked": asked,
        "history": history,
        "taken": taken,
        "kinds": KINDS,
        "note": note,
    }
    return desk_page(visit, "people/suppressions", view, status=status, problem=problem)


def _problem(error: InputError) -> str:
    if isinstance(error, RefusedError):
        return problem_of(error)
    if isinstance(error, NotFoundError):
        return "refused_not_suppressed"
    words = error.message
    return (
        "refused_note"
        if "names an address" in words or "letters long" in words or "with a reason" in words
        else "refused_no_address"
    )


async def add(visit: DeskVisit) -> Response:
    """Never mail an address again."""
    address, note = visit.field("address")[:320].strip(), visit.field("note")[:1000]
    try:
        is_new = await suppressing.block(visit.app, address, note)
    except InputError as error:
        return await _page(visit, status=422, problem=_problem(error), note=note, address=address)
    if is_new:
        now = (await suppressing.history_of(visit.app, address)).now
        visit.changed(_named(now), after={"reason": SuppressionReason.ADMIN.value, "note": note})
    return go_to(f"{HOME}?done={'suppressed' if is_new else 'suppressed_before'}")


async def remove(visit: DeskVisit) -> Response:
    """Let an address be mailed again, with the reason why."""
    address, why = visit.field("address")[:320].strip(), visit.field("why")[:1000]
    try:
        was = (await suppressing.history_of(visit.app, address)).now
        await suppressing.unblock(visit.app, address, why)
    except InputError as error:
        return await _page(visit, status=422, problem=_problem(error), note=why, address=address)
    visit.changed(_named(was), before={"reason": was.reason if was else ""}, after={"why": why})
    return go_to(f"{HOME}?done=unsuppressed")


def _named(one: Suppression | None) -> str:
    """How the log calls an address: by the beginning of its hash, as the interface for programs does."""
    return one.address_hash[:12] if one else ""


async def take_list(visit: DeskVisit) -> Response:
    """Suppress every address, or hash, of a file or of lines that were pasted."""
    kind, note = visit.field("kind"), visit.field("note")[:1000]
    content = visit.field("pasted").encode()
    if visit.upload is not None:
        content = await visit.upload.read()
    try:
        if kind not in KINDS:
            raise RefusedError("choice", "There is no such kind.")
        if not content.strip():
            raise RefusedError("file_empty", "The file is empty.")
        taken = await suppressing.take_list(visit.app, io.BytesIO(content), ListKind(kind), note=note)
    except InputError as error:
        return await _page(visit, status=422, problem=_problem(error), note=note)
    visit.changed(after={"added": taken.added, "known": taken.known, "refused": taken.refused, "note": note})
    return await _page(visit, taken=taken)
