"""Shapes of segments."""

from pydantic import BaseModel

from digest.model import SegmentDefinition


class SegmentHead(BaseModel):
    """A saved segment."""

    name: str
    definition: SegmentDefinition


class SegmentPage(BaseModel):
    """A list's segments by name."""

    items: list[SegmentHead]
    next: str | None = None


class SegmentCounted(BaseModel):
    """Whom a definition means now: how many people, and how many of them are readers."""

    name: str
    definition: SegmentDefinition
    people: int
    readers: int
