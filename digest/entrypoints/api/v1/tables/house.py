"""What belongs to no list: suppression, sources, the audit log."""

from digest.entrypoints.api.v1.resources import audit_log, sources, suppression
from digest.entrypoints.api.v1.shapes import audit as audit_shapes
from digest.entrypoints.api.v1.shapes import sources as source_shapes
from digest.entrypoints.api.v1.shapes import suppression as suppression_shapes
from digest.entrypoints.api.v1.table import ROOT, ApiRoute
from digest.model import Scope

HOUSE: tuple[ApiRoute, ...] = (
    # Suppression, of the whole house.
    ApiRoute(
        method="GET",
        path=f"{ROOT}/suppression",
        needs=Scope.SUPPRESSION_READ,
        does=suppression.list_suppressions,
        says="Hashes of addresses that must never be mailed",
        query=suppression_shapes.SuppressionsAsked,
        answer=suppression_shapes.SuppressionPage,
    ),
    ApiRoute(
        method="POST",
        path=f"{ROOT}/suppression/look-up",
        needs=Scope.SUPPRESSION_READ,
        does=suppression.look_up_suppression,
        says="Whether an address may be mailed",
        body=suppression_shapes.AddressAsked,
        answer=suppression_shapes.SuppressionState,
        only_asks=True,
    ),
    ApiRoute(
        method="POST",
        path=f"{ROOT}/suppression",
        needs=Scope.SUPPRESSION_WRITE,
        does=suppression.suppress_address,
        says="Never mail an address again (200: it was so before)",
        body=suppression_shapes.NewSuppression,
        answer=suppression_shapes.SuppressionDone,
        status=201,
        also=(200,),
        act="suppress.add",
    ),
    ApiRoute(
        method="POST",
        path=f"{ROOT}/suppression/lift",
        needs=Scope.SUPPRESSION_WRITE,
        does=suppression.lift_suppression,
        says="Let an address be mailed again, and say why",
        body=suppression_shapes.SuppressionLifted,
        answer=suppression_shapes.AddressLifted,
        also=(404,),
        act="suppress.remove",
    ),
    # Sources, of the whole house.
    ApiRoute(
        method="GET",
        path=f"{ROOT}/sources",
        needs=Scope.SOURCES_READ,
        does=sources.list_sources,
        says="All sources, and how they fare",
        answer=source_shapes.SourcePage,
    ),
    ApiRoute(
        method="POST",
        path=f"{ROOT}/sources",
        needs=Scope.SOURCES_WRITE,
        does=sources.add_source,
        says="Visit a site, feed or page, and keep it",
        body=source_shapes.NewSource,
        answer=source_shapes.SourceAdded,
        status=201,
        act="sources.add",
    ),
    ApiRoute(
        method="GET",
        path=f"{ROOT}/sources/{{id:int}}",
        needs=Scope.SOURCES_READ,
        does=sources.show_source,
        says="A source, and how it fares",
        answer=source_shapes.SourceShown,
    ),
    ApiRoute(
        method="DELETE",
        path=f"{ROOT}/sources/{{id:int}}",
        needs=Scope.SOURCES_WRITE,
        does=sources.remove_source,
        says="Remove a source and its articles",
        status=204,
        act="sources.remove",
    ),
    ApiRoute(
        method="GET",
        path=f"{ROOT}/sources/{{id:int}}/history",
        needs=Scope.SOURCES_READ,
        does=sources.list_source_history,
        says="What happened to a source",
        answer=source_shapes.SourceHistory,
    ),
    # The audit log.
    ApiRoute(
        method="GET",
        path=f"{ROOT}/audit",
        needs=Scope.AUDIT_READ,
        does=audit_log.list_audit,
        says="Who did what",
        query=audit_shapes.AuditAsked,
        answer=audit_shapes.AuditPage,
    ),
)
