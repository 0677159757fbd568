"""Whether a database is the one that its mark knows. Pure rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from digest.model.mark import Mark


class CopyFinding(StrEnum):
    """What is wrong with a database."""

    OLDER = "older"
    COPIED = "copied"
    OTHER = "other"
    UNRECORDED = "unrecorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownMark:
    """What a database says of itself, and what is seen of it from outside.

    `place` is where it was when it was last accepted, `here` where it is. `sent` is how many of a batch were sent, of the
    batches that the mark names. `unrecorded` counts mails in the embedded mailbox that the ledger should know and does not.
    """

    id: str
    former: tuple[str, ...] = ()
    sequence: int = 0
    marked: bool = True
    embedded: bool = True
    place: str = ""
    here: str = ""
    has_sent: bool = True
    oldest_list: datetime | None = None
    sent: Mapping[int, int] = field(default_factory=dict)
    unrecorded: int = 0


def judge(known: KnownMark, mark: Mark | None) -> CopyFinding | None:
    """Return what is wrong with a database, or None.

    A new database, one of an older version that never had a mark, and a further machine on a server's database are
    right. So is one whose former id the mark has: a person accepted it.
    """
    found = _without_mark(known) if mark is None else _by_mark(known, mark)
    return found or (CopyFinding.UNRECORDED if known.unrecorded else None)


def _without_mark(known: KnownMark) -> CopyFinding | None:
    if not (known.marked and known.has_sent):
        return None
    return CopyFinding.COPIED if known.embedded or _moved(known) else None


def _by_mark(known: KnownMark, mark: Mark) -> CopyFinding | None:
    if mark.instance != known.id:
        if mark.instance in known.former or _is_new(known, mark):
            return None
        return CopyFinding.OTHER
    if known.sequence < mark.sequence or any(
        known.sent.get(batch, count) < count for batch, count in mark.sent.items()
    ):
        return CopyFinding.OLDER
    copied = mark.inode != mark.found if known.embedded else _moved(known)
    return CopyFinding.COPIED if copied and known.has_sent else None


def _moved(known: KnownMark) -> bool:
    return bool(known.place and known.here) and known.place != known.here


def _is_new(known: KnownMark, mark: Mark) -> bool:
    """A database that was begun anew where another had been: all its lists are younger than the last mail."""
    return not known.has_sent and (
        mark.at is None or known.oldest_list is None or known.oldest_list > mark.at
    )
