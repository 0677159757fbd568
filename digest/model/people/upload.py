"""What admins hand in by the desk: files of people that wait to be imported, and logos."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from digest.model.columns import by_value


class UploadState(StrEnum):
    """How far an upload has come."""

    NEW = "new"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class PeopleUpload(SQLModel, table=True):
    """A file of people for a list, kept until it is imported, or until `ends_at`."""

    __tablename__ = "people_upload"

    id: int | None = Field(default=None, primary_key=True)
    list_id: int = Field(foreign_key="mailing_list.id", ondelete="CASCADE", index=True)
    file: str = Field(description="its name, for people")
    content: bytes
    mapping: dict[str, str] = Field(
        default_factory=dict, sa_type=JSON, description="which column is what, as a person chose"
    )
    state: UploadState = Field(default=UploadState.NEW, sa_type=by_value(UploadState))  # type: ignore[call-overload, unused-ignore]
    created_at: datetime
    ends_at: datetime = Field(index=True)
    started_at: datetime | None = None
    people: int = Field(default=0, description="of how many people it was decided so far")
    rows: int = 0
    counts: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
    refused: str = Field(default="", description="the lines that were not taken, with their reasons, as CSV")
    import_id: int | None = None


class ListLogo(SQLModel, table=True):
    """A picture that was made a list's logo. It stays: mails that were sent show it."""

    __tablename__ = "list_logo"

    name: str = Field(primary_key=True, description="the beginning of the SHA-256 of its content")
    content: bytes = Field(description="PNG, made anew from what was uploaded")
    created_at: datetime
