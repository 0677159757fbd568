"""What all shapes have in common: nothing unknown is taken, and pages are turned by a cursor."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Words = Annotated[str, Field(max_length=1000)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Address = Annotated[str, Field(min_length=3, max_length=320, examples=["reader@mujaz.example"])]


class SentBody(BaseModel):
    """What a program sends: strictly of its types, and nothing that the route does not know."""

    model_config = ConfigDict(extra="forbid", strict=True)


class QueryAsked(BaseModel):
    """What stands behind the question mark."""

    model_config = ConfigDict(extra="forbid")


class PageAsked(QueryAsked):
    """Which page of a collection is asked for."""

    limit: int = Field(default=50, ge=1, le=200, description="how many at most")
    cursor: str | None = Field(default=None, max_length=200, description="`next` of the page before")


class Counted(BaseModel):
    """How many something was done to."""

    count: int
