"""What people change of a composed edition: an ordered list of edits, applied to what was composed."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from digest.model.news.story import Story, SummarySentence, Value


class EditKind(StrEnum):
    """What is changed."""

    MOVE = "move"
    PIN = "pin"
    UNPIN = "unpin"
    DROP = "drop"
    RESTORE = "restore"
    MERGE = "merge"
    SPLIT = "split"
    TITLE = "title"
    HEADLINE = "headline"
    SUMMARY = "summary"
    ADD = "add"
    OPENING = "opening"
    SUBJECT = "subject"


class Edit(Value):
    """One change. `story` is the key of the story it is about; of the edition as a whole it is empty.

    `section`, `title`, `colour` and `place` (from 1) say where a story is moved or added; `other` is the key
    of the story that is merged in; `urls` are the articles that are split off, or the one whose title becomes
    the headline; `made` is the story that an edit brings in; `sentences` are those of a summary as it was
    written; `doubts` are what the guard found in the words.
    """

    kind: EditKind
    story: str = ""
    text: str = ""
    section: str = ""
    title: str = ""
    colour: str = ""
    place: int = 0
    other: str = ""
    urls: tuple[str, ...] = ()
    made: Story | None = None
    sentences: tuple[SummarySentence, ...] = ()
    doubts: tuple[str, ...] = ()


class EditionEdit(SQLModel, table=True):
    """A stored edit of an edition. `version` is the edition's after it; edits apply in that order."""

    __tablename__ = "edition_edit"
    __table_args__ = (UniqueConstraint("edition_id", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    edition_id: int = Field(foreign_key="edition.id", ondelete="CASCADE")
    version: int
    edit: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    made_by: str
    made_at: datetime
