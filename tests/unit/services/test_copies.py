"""Whether a database is the one that its mark knows."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from digest.model.mark import Mark
from digest.services.copies.judge import CopyFinding, KnownMark, judge
from digest.storage.database.mark_file import LENGTH, MarkFile, mark_path
from tests.builders import NOW

MARK: dict[str, Any] = {"instance": "a", "sequence": 5, "sent": {7: 60}, "at": NOW, "inode": 1, "found": 1}
SAME: dict[str, Any] = {"id": "a", "sequence": 5, "sent": {7: 60}, "oldest_list": NOW - timedelta(days=9)}
SERVER: dict[str, Any] = {**SAME, "embedded": False, "place": "s.1.2", "here": "s.1.2"}


@pytest.mark.parametrize(
    ("known", "mark", "found"),
    [
        (SAME, MARK, None),
        ({**SAME, "sequence": 6}, MARK, None),
        ({**SAME, "sequence": 4}, MARK, CopyFinding.OLDER),
        ({**SAME, "sent": {7: 59}}, MARK, CopyFinding.OLDER),
        ({**SAME, "sent": {7: 61}}, MARK, None),
        ({**SAME, "sent": {}}, MARK, None),  # its list was removed
        (SAME, {**MARK, "found": 2}, CopyFinding.COPIED),
        ({**SAME, "has_sent": False}, {**MARK, "found": 2}, None),
        ({**SAME, "id": "b"}, MARK, CopyFinding.OTHER),
        ({**SAME, "id": "b", "has_sent": False}, MARK, CopyFinding.OTHER),
        ({**SAME, "id": "b", "former": ("x", "a")}, MARK, None),
        ({**SAME, "id": "b", "has_sent": False, "oldest_list": NOW + timedelta(hours=1)}, MARK, None),
        ({**SAME, "id": "b", "has_sent": False, "oldest_list": None}, MARK, None),
        (SAME, None, CopyFinding.COPIED),
        ({**SAME, "marked": False}, None, None),  # of an older version
        ({**SAME, "has_sent": False}, None, None),  # brand-new
        (SERVER, MARK, None),
        (SERVER, None, None),  # a further machine
        ({**SERVER, "here": "s.1.3"}, None, CopyFinding.COPIED),
        ({**SERVER, "here": "s.1.3"}, MARK, CopyFinding.COPIED),
        ({**SERVER, "here": "s.1.3", "has_sent": False}, MARK, None),
        ({**SERVER, "sequence": 9}, MARK, None),  # the other machines went on
        ({**SERVER, "sequence": 4}, MARK, CopyFinding.OLDER),
        ({**SAME, "unrecorded": 3}, MARK, CopyFinding.UNRECORDED),
        ({**SAME, "unrecorded": 3, "has_sent": False}, None, CopyFinding.UNRECORDED),
    ],
)
def test_what_a_database_and_its_mark_say_is_weighed(
    known: dict[str, Any], mark: dict[str, Any] | None, found: CopyFinding | None
):
    assert judge(KnownMark(**known), Mark(**mark) if mark else None) is found


def test_a_mark_is_never_set_back_and_one_that_cannot_be_read_is_none(tmp_path: Path):
    mark = MarkFile(tmp_path / "deep" / "digest.db.mark")
    assert mark.read() is None
    assert mark.adopt("a", 3)
    assert mark.advance("a", 7)
    assert mark.advance("a", 6)
    assert mark.adopt("a", 2)
    for batch in range(12):
        mark.sent(batch, batch * 10, NOW)
    mark.sent(11, 111, NOW - timedelta(days=1))
    found = mark.read()
    assert found is not None
    assert (found.instance, found.sequence, found.at, found.inode == found.found) == ("a", 7, NOW, True)
    assert list(found.sent) == [4, 5, 6, 7, 8, 9, 10, 11]
    assert found.sent[11] == 111
    assert mark.path.stat().st_size == LENGTH
    assert mark.path.stat().st_mode & 0o777 == 0o600
    mark.path.write_text("[1]")
    assert mark.read() is None
    mark.path.write_bytes(b"\xff")
    assert mark.read() is None


def test_a_mark_that_cannot_be_written_stops_nothing(tmp_path: Path):
    (tmp_path / "file").write_text("")
    assert not MarkFile(tmp_path / "file" / "x.mark").sent(1, 1, NOW)


def test_a_mark_lies_outside_what_a_backup_of_the_database_holds(tmp_path: Path):
    file = tmp_path / "digest.db"
    assert mark_path(f"sqlite:///{file}", None) == tmp_path / "digest.db.mark"
    assert mark_path(f"sqlite:///{file}", tmp_path / "kept") == tmp_path / "kept" / "digest.db.mark"
    assert mark_path("sqlite://", None) is None
    one = mark_path("postgresql://amal:secret@localhost/digest", None)
    assert one == mark_path("postgresql://badr@localhost/digest", None)
    assert one is not None
    assert one.parent == Path("state")
    assert "secret" not in str(one)
    assert one != mark_path("postgresql://localhost/other", None)
