"""What a visit to a source leaves for the next visit."""

from dataclasses import dataclass
from typing import Protocol, Self


class HasFetchState(Protocol):
    """What is read of a stored source."""

    etag: str | None
    last_modified: str | None
    body_hash: str | None
    hub: str | None
    topic: str | None
    rights_line: str | None
    cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchState:
    """The fields of a source that only visits change, all of them: None is "none", never "as before".

    `etag`, `last_modified` and `body_hash` tell an unchanged answer (RFC 9110 §13), `hub` and `topic` are
    those of WebSub, `cursor` says how far a mailbox was read. A reader begins with `of(source)` and replaces
    what the visit brought.
    """

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    hub: str | None = None
    topic: str | None = None
    rights_line: str | None = None
    cursor: str | None = None

    @classmethod
    def of(cls, source: HasFetchState) -> Self:
        """Return what the last visit left."""
        return cls(
            etag=source.etag,
            last_modified=source.last_modified,
            body_hash=source.body_hash,
            hub=source.hub,
            topic=source.topic,
            rights_line=source.rights_line,
            cursor=source.cursor,
        )
