"""The audit log, as it is filtered."""

from digest.entrypoints.api.v1.call import ApiCall, behind_number, cursor_of
from digest.entrypoints.api.v1.shapes.audit import AuditPage, AuditShown
from digest.entrypoints.api.v1.table import ApiAnswer
from digest.model.rows import row_id
from digest.services import audit
from digest.services.audit import AuditFilter


async def list_audit(call: ApiCall) -> ApiAnswer:
    """Return some entries of the audit log, newest first."""
    asked = call.query
    wanted = AuditFilter(
        actor=asked.actor,
        act=asked.act,
        list_slug=asked.list,
        first_day=asked.since,
        last_day=asked.until,
    )
    found = await audit.found(call.app, wanted, before_id=behind_number(asked.cursor), limit=asked.limit + 1)
    shown = [
        AuditShown(
            id=row_id(one),
            at=one.at,
            actor=one.actor,
            act=one.act,
            list=one.list_slug,
            about=one.about,
            before=one.before,
            after=one.after,
            came_from=one.came_from,
        )
        for one in found[: asked.limit]
    ]
    return ApiAnswer(
        AuditPage(items=shown, next=cursor_of(shown[-1].id) if len(found) > asked.limit else None)
    )
