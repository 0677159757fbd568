"""Keep the mark: how far a database had come when it sent."""

import fcntl
import json
import os
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import structlog
from sqlalchemy import make_url

from digest.model.mark import Mark

log = structlog.get_logger()

LENGTH = 1024
"""Octets of the file, always: it is overwritten in one piece."""
MOST_BATCHES = 8
MOST_EDITIONS = 4
WRITTEN = tuple(one.name for one in fields(Mark) if one.name != "found")


class MarkFile:
    """A mark at a path. It is written in place and under a lock, so that all processes of a machine may share
    it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._last: tuple[bytes, Mark] | None = None

    def read(self) -> Mark | None:
        """Return the mark; None when there is none, or none that can be read."""
        try:
            with self.path.open("rb") as opened:
                return _read(opened.read(LENGTH), os.fstat(opened.fileno()).st_ino)
        except OSError:
            return None

    def change(self, change: Callable[[Mark | None], Mark]) -> bool:
        """Write what `change` makes of the mark. False: it cannot be written, which is logged."""
        try:
            descriptor = self._opened()
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                inode = os.fstat(descriptor).st_ino
                found, last = os.pread(descriptor, LENGTH, 0), self._last
                # What this process wrote last it need not read again: a send writes at every commit.
                known = last[1] if last and last[0] == found and last[1].found == inode else None
                mark = replace(change(known or _read(found, inode)), found=inode)
                octets = _written(mark)
                os.pwrite(descriptor, octets, 0)
                self._last = octets, mark
            finally:
                os.close(descriptor)
        except OSError as error:
            log.warning("mark.not_written", path=str(self.path), reason=str(error))
            return False
        return True

    def _opened(self) -> int:
        """Open the file; the folder is only made when it is missing: a send writes the mark at every
        commit.
        """
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        try:
            return os.open(self.path, flags, 0o600)
        except FileNotFoundError:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            return os.open(self.path, flags, 0o600)

    def adopt(self, instance: str, sequence: int) -> bool:
        """Make this the mark of that database, as far as it has come; the same database's is never set
        back.
        """

        def adopted(old: Mark | None) -> Mark:
            if old is not None and old.instance == instance:
                return replace(old, sequence=max(old.sequence, sequence))
            return Mark(instance, sequence, at=old.at if old else None, inode=self._inode())

        return self.change(adopted)

    def advance(self, instance: str, sequence: int, edition: str = "") -> bool:
        """Note that something of an edition will be sent."""

        def advanced(old: Mark | None) -> Mark:
            if old is None or old.instance != instance:
                old = Mark(instance, sequence, inode=self._inode())
            named = [one for one in old.editions if one != edition] + ([edition] if edition else [])
            kept = tuple(named[-MOST_EDITIONS:])
            return replace(old, sequence=max(old.sequence, sequence), editions=kept)

        return self.change(advanced)

    def sent(self, batch_id: int, count: int, now: datetime) -> bool:
        """Note how many messages of a batch were recorded as sent."""

        def noted(old: Mark | None) -> Mark:
            known = old or Mark("", 0)
            others = [one for one in known.sent.items() if one[0] != batch_id][1 - MOST_BATCHES :]
            return replace(known, sent=dict([*others, (batch_id, count)]), at=max(known.at or now, now))

        return self.change(noted)

    def _inode(self) -> int:
        return self.path.stat().st_ino


def mark_path(url: str, folder: Path | None) -> Path | None:
    """Return where a database's mark is kept; None for a database that lives in memory.

    Beside an embedded database's file, unless a folder is named. A server's is kept in the folder, by a name
    that its address gives, without user and password.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            return None
        file = Path(parsed.database).absolute()
        return (folder or file.parent) / f"{file.name}.mark"
    address = f"{parsed.host}:{parsed.port}/{parsed.database}?{sorted(parsed.query.items())}"
    return (folder or Path("state")) / f"{parsed.database}-{sha256(address.encode()).hexdigest()[:12]}.mark"


def _read(raw: bytes, inode: int) -> Mark | None:
    try:
        kept = json.loads(raw)
        return Mark(
            instance=str(kept["instance"]),
            sequence=int(kept["sequence"]),
            sent={int(batch): int(count) for batch, count in kept["sent"].items()},
            editions=tuple(str(one) for one in kept["editions"]),
            at=datetime.fromisoformat(kept["at"]) if kept["at"] else None,
            inode=int(kept["inode"]),
            found=inode,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _written(mark: Mark) -> bytes:
    # Not `asdict`, which copies all that is in it.
    kept = {name: getattr(mark, name) for name in WRITTEN}
    kept["at"] = mark.at.isoformat() if mark.at else None
    return json.dumps(kept).encode().ljust(LENGTH - 1) + b"\n"
