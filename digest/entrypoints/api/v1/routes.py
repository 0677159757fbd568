"""All addresses of the JSON interface, each with the scope that it needs. What stands in no line is answered
to nobody.
"""

from digest.entrypoints.api.v1.resources import description
from digest.entrypoints.api.v1.shapes.description import OpenApiDocument
from digest.entrypoints.api.v1.table import ROOT, ApiAccess, ApiRoute
from digest.entrypoints.api.v1.tables.editions import EDITIONS
from digest.entrypoints.api.v1.tables.house import HOUSE
from digest.entrypoints.api.v1.tables.lists import LISTS
from digest.entrypoints.api.v1.tables.people import PEOPLE

ROUTES: tuple[ApiRoute, ...] = (
    ApiRoute(
        method="GET",
        path=f"{ROOT}/openapi.json",
        needs=ApiAccess.ANYBODY,
        does=description.describe,
        says="This description, as OpenAPI 3.1",
        answer=OpenApiDocument,
    ),
    *LISTS,
    *PEOPLE,
    *EDITIONS,
    *HOUSE,
)
