"""Addresses that must never be mailed."""

from digest.entrypoints.api.v1.call import ApiCall, behind, cursor_of
from digest.entrypoints.api.v1.shapes.suppression import (
    AddressLifted,
    SuppressionDone,
    SuppressionPage,
    SuppressionShown,
    SuppressionState,
)
from digest.entrypoints.api.v1.table import ApiAnswer
from digest.model import Suppression
from digest.services.audience.admin import paging, suppressing


async def list_suppressions(call: ApiCall) -> ApiAnswer:
    """Return some suppressions, by hash."""
    asked = call.query
    found = await paging.suppressions_after(call.app, behind(asked.cursor), asked.limit + 1, asked.reason)
    shown = [_shown(one) for one in found[: asked.limit]]
    return ApiAnswer(
        SuppressionPage(items=shown, next=cursor_of(shown[-1].hash) if len(found) > asked.limit else None)
    )


async def look_up_suppression(call: ApiCall) -> ApiAnswer:
    """Say how an address stands. By POST, so that no address stands in a log of addresses."""
    found = await suppressing.history_of(call.app, call.body.address)
    return ApiAnswer(SuppressionState(suppression=_shown(found.now) if found.now else None))


async def suppress_address(call: ApiCall) -> ApiAnswer:
    """Never mail an address again."""
    done = await suppressing.block(call.app, call.body.email, call.body.note)
    if done:
        found = await suppressing.history_of(call.app, call.body.email)
        hashed = found.now.address_hash if found.now else ""
        call.changed(hashed[:12], after={"suppressed": True, "note": call.body.note})
    return ApiAnswer(SuppressionDone(outcome="suppressed" if done else "known"), status=201 if done else 200)


async def lift_suppression(call: ApiCall) -> ApiAnswer:
    """Let an address be mailed again, and record why."""
    before = (await suppressing.history_of(call.app, call.body.address)).now
    stopped = await suppressing.unblock(call.app, call.body.address, call.body.why)
    call.changed(
        before.address_hash[:12] if before else "",
        before={"suppressed": True, "reason": before.reason if before else ""},
        after={"suppressed": False, "why": call.body.why},
    )
    return ApiAnswer(AddressLifted(stopped=stopped))


def _shown(one: Suppression) -> SuppressionShown:
    return SuppressionShown(hash=one.address_hash, reason=one.reason, note=one.note, since=one.created_at)
