"""The shape of the description of the interface."""

from typing import Any

from pydantic import RootModel


class OpenApiDocument(RootModel[dict[str, Any]]):
    """An OpenAPI 3.1 document."""
