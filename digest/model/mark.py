"""What a process last knew of its database, kept outside it."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Mark:
    """What a process last knew of its database.

    `sent` is how many messages of a batch were recorded as sent, of the last batches; `editions` names those that began
    last, each as list, kind, local date and number. `inode` is the file's own when it
    was made; `found` the one it has now: a folder that was copied or unpacked gives it another.
    """

    instance: str
    sequence: int
    sent: dict[int, int] = field(default_factory=dict)
    editions: tuple[str, ...] = ()
    at: datetime | None = None
    inode: int = 0
    found: int = 0
