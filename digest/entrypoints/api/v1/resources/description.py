"""The description of the interface, for programs."""

from digest.entrypoints.api.v1.call import ApiCall
from digest.entrypoints.api.v1.openapi import openapi
from digest.entrypoints.api.v1.shapes.description import OpenApiDocument
from digest.entrypoints.api.v1.table import ApiAnswer


async def describe(call: ApiCall) -> ApiAnswer:
    """Return what the interface takes and answers, as OpenAPI 3.1."""
    return ApiAnswer(OpenApiDocument(openapi(call.request.app.state.table)))
