"""Editions and alerts of a list."""

from digest.entrypoints.api.v1.resources import editions, newsdesk
from digest.entrypoints.api.v1.shapes import editions as edition_shapes
from digest.entrypoints.api.v1.shapes.base import Counted, PageAsked
from digest.entrypoints.api.v1.table import ROOT, ApiRoute
from digest.model import Scope

LIST = f"{ROOT}/lists/{{slug}}"
EDITION = f"{LIST}/editions/{{number:int}}"

EDITIONS: tuple[ApiRoute, ...] = (
    # Editions and alerts.
    ApiRoute(
        method="GET",
        path=f"{LIST}/editions",
        needs=Scope.EDITIONS_READ,
        does=editions.list_editions,
        says="A list's editions",
        query=PageAsked,
        answer=edition_shapes.EditionPage,
    ),
    ApiRoute(
        method="GET",
        path=EDITION,
        needs=Scope.EDITIONS_READ,
        does=editions.show_edition,
        says="An edition with its stories",
        answer=edition_shapes.EditionShown,
    ),
    ApiRoute(
        method="GET",
        path=f"{EDITION}/progress",
        needs=Scope.EDITIONS_READ,
        does=editions.show_progress,
        says="How an edition's send stands",
        answer=edition_shapes.EditionProgress,
    ),
    ApiRoute(
        method="POST",
        path=f"{EDITION}/pause",
        needs=Scope.EDITIONS_SEND,
        does=editions.pause_edition,
        says="Stop sending an edition for now",
        answer=edition_shapes.EditionProgress,
        act="editions.pause",
    ),
    ApiRoute(
        method="POST",
        path=f"{EDITION}/resume",
        needs=Scope.EDITIONS_SEND,
        does=editions.resume_edition,
        says="Let a paused or held edition go on",
        answer=edition_shapes.EditionProgress,
        act="editions.resume",
    ),
    ApiRoute(
        method="POST",
        path=f"{EDITION}/cancel",
        needs=Scope.EDITIONS_SEND,
        does=editions.cancel_edition,
        says="End an edition",
        answer=edition_shapes.EditionProgress,
        act="editions.cancel",
    ),
    ApiRoute(
        method="POST",
        path=f"{EDITION}/retry",
        needs=Scope.EDITIONS_SEND,
        does=editions.retry_edition,
        says="Try again to reach those for whom it did not work out",
        body=edition_shapes.RetryAsked,
        answer=Counted,
        act="editions.retry",
    ),
    # Editions that wait for people.
    ApiRoute(
        method="GET",
        path=f"{EDITION}/edits",
        needs=Scope.EDITIONS_READ,
        does=newsdesk.show_edits,
        says="An edition as it is edited, with its version",
        answer=edition_shapes.EditionEdited,
    ),
    ApiRoute(
        method="POST",
        path=f"{EDITION}/edits",
        needs=Scope.EDITIONS_EDIT,
        does=newsdesk.edit_edition,
        says="Edit an edition that waits for its approval",
        body=edition_shapes.EditAsked,
        answer=edition_shapes.EditionEdited,
        act="editions.edit",
    ),
    ApiRoute(
        method="POST",
        path=f"{EDITION}/edits/undo",
        needs=Scope.EDITIONS_EDIT,
        does=newsdesk.undo_edit,
        says="Take the last edit back",
        body=edition_shapes.VersionAsked,
        answer=edition_shapes.EditionEdited,
        act="editions.undo",
    ),
    ApiRoute(
        method="POST",
        path=f"{EDITION}/approve",
        needs=Scope.EDITIONS_SEND,
        does=newsdesk.approve_edition,
        says="Approve an edition",
        body=edition_shapes.ApprovalAsked,
        answer=edition_shapes.EditionEdited,
        act="editions.approve",
    ),
    ApiRoute(
        method="POST",
        path=f"{EDITION}/stop",
        needs=Scope.EDITIONS_SEND,
        does=newsdesk.stop_edition,
        says="Take an approval back before the edition begins",
        answer=edition_shapes.EditionEdited,
        act="editions.stop",
    ),
    ApiRoute(
        method="POST",
        path=f"{EDITION}/schedule",
        needs=Scope.EDITIONS_SEND,
        does=newsdesk.schedule_edition,
        says="Set when an edition goes out",
        body=edition_shapes.ScheduleAsked,
        answer=edition_shapes.EditionEdited,
        act="editions.schedule",
    ),
    ApiRoute(
        method="GET",
        path=f"{LIST}/alerts",
        needs=Scope.ALERTS_READ,
        does=editions.list_alerts,
        says="Alerts of the last thirty days",
        answer=edition_shapes.AlertPage,
    ),
)
