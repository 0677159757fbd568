"""Shapes of imports."""

from datetime import datetime

from pydantic import BaseModel, Field

from digest.entrypoints.api.v1.shapes.base import QueryAsked


class ImportAsked(QueryAsked):
    """How a file is imported. `dry_run` only says what would come of it."""

    name: str = Field(default="upload", min_length=1, max_length=200, description="what it is called")
    dry_run: bool = False


class LineRefused(BaseModel):
    """A line that was not taken, and why."""

    line: int
    why: str


class ImportDone(BaseModel):
    """What an import did, or would do; `counts` add up to `rows`. `id` is null where nothing was written."""

    id: int | None
    rows: int
    counts: dict[str, int]
    names_filled_in: int
    first_errors: list[LineRefused]


class ImportShown(BaseModel):
    """An import that was made."""

    id: int
    file: str
    at: datetime
    counts: dict[str, int]
    undone_at: datetime | None


class ImportPage(BaseModel):
    """A list's imports, newest first."""

    items: list[ImportShown]
    next: str | None = None


class ImportUndone(BaseModel):
    """What undoing took back: subscriptions, people, those opened again, suppressions lifted."""

    counts: dict[str, int]
