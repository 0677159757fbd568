"""Every command that changes something leaves one row in the audit log, with what it was before and is
after.
"""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from digest.__main__ import app, main
from digest.entrypoints.cli.recording import changes

LASTING = {"serve", "worker", "mailbox", "preview", "demo"}
BESIDE = {
    "config",
    "db backup",
    "db status",
    "db upgrade",
    "db restore",
    "dkim keygen",
    "dkim record",
    "lint",
}
"""They work without the database, or on a file that holds it."""
ONLY_SHOWS = {"lists form", "signups blocked"}
NEEDS_MORE = {
    "sources import",
    "signups release",
    "keys remember",
    "desk remove-second-factor",
    "editions compose",
}
"""Their rows are looked at where what they need is there: a file, a sign-up, a telephone, news of today."""

STEPS: tuple[tuple[str, tuple[str, ...], str, object, object], ...] = (
    # act, arguments, a value of the row, what it was and what it is (None: it is not in the row)
    ("run", ("--demo",), "edition", None, 1),
    ("lists set", ("daily", "min_stories=2"), "min_stories", 3, 2),
    ("lists add", ("noon", "--name", "موجز الظهيرة"), "name", None, "موجز الظهيرة"),
    ("lists default", ("daily",), "default", "", "daily"),
    ("sources add", ("ingest:desk", "--yes"), "kind", None, "webhook"),
    ("lists sources", ("noon", "--weight", "ingest:desk=2"), "sources", {"desk": 1}, {"desk": 2}),
    ("lists remove", ("noon", "--yes"), "send_at", "06:30", None),
    ("sources set", ("ingest:desk", "--standing", "2"), "weight", 1, 2),
    ("sources pause", ("ingest:desk",), "enabled", True, False),
    ("sources resume", ("ingest:desk",), "enabled", False, True),
    ("sources clean", ("ingest:desk", "--noise", "تابعونا"), "cleaning", ..., ...),
    ("sources remove", ("ingest:desk",), "kind", "webhook", None),
    ("subscribers add", ("zed@mujaz.example",), "state_daily", None, "confirmed"),
    ("subscribers set", ("zed@mujaz.example", "--headlines-only"), "headlines_only", False, True),
    ("fields add", ("city", "--title", "المدينة"), "kind", None, "text"),
    ("fields set", ("zed@mujaz.example", "city=الرباط"), "fields", [], ["city"]),
    ("tags add", ("vip", "zed@mujaz.example"), "people", 0, 1),
    ("segments add", ("vips", "--include", "tag is vip"), "definition", None, ...),
    ("segments remove", ("vips",), "definition", ..., None),
    ("tags remove", ("vip", "zed@mujaz.example"), "people", 1, 0),
    ("fields remove", ("city",), "kind", "text", None),
    ("subscribers import", ("people.csv",), "people", ..., ...),
    ("subscribers undo-import", ("1",), "people", ..., ...),
    ("subscribers enable", ("zed@mujaz.example",), "", None, None),
    ("subscribers forget", ("zed@mujaz.example",), "known", True, False),
    ("subscribers remove", ("new1@mujaz.example",), "", None, None),
    ("subscribers remove-samples", (), "people", ..., ...),
    ("suppress add", ("bad@mujaz.example", "--reason", "asked by telephone"), "suppressed", False, True),
    ("suppress remove", ("bad@mujaz.example", "--reason", "asked again"), "suppressed", True, False),
    ("suppress import", ("addresses.txt",), "suppressed", ..., ...),
    ("editions correct", ("1", "العدد ثلاثة لا أربعة."), "corrections", [], ["العدد ثلاثة لا أربعة."]),
    ("editions retry", ("1", "--failed"), "", None, None),
    ("keys rotate", ("sessions", "--yes"), "keys", ..., ...),
    ("desk invite", ("amal@news.example", "--role", "editor"), "invitations", 0, 1),
    ("api keys add", ("site", "--scope", "lists:read"), "open", None, True),
    ("api keys revoke", ("site",), "open", True, False),
    ("webhooks add", ("crm", "https://crm.example.org/hook"), "url", None, "https://crm.example.org/…"),
    ("webhooks test", ("crm",), "waiting", 0, 1),
    ("webhooks replay", ("crm",), "", None, None),
    ("webhooks remove", ("crm",), "url", "https://crm.example.org/…", None),
    ("channels add", ("wa", "webhook", "https://wa.example.org/hook"), "kind", None, "webhook"),
    ("channels pause", ("wa",), "paused", False, True),
    ("channels resume", ("wa",), "paused", True, False),
    ("channels retry", ("wa",), "", None, None),
    ("channels remove", ("wa",), "kind", "webhook", None),
)
OF_EDITIONS = {f"editions {one}" for one in ("pause", "resume", "cancel", "approve", "stop", "schedule")}
OF_ACCOUNTS = {"desk reset", "desk end-sessions", "desk shut-out", "desk let-in"}
OF_SERVERS = {"channels test", "desk test-mail"}


def _commands(command: Any, path: str = "") -> set[str]:
    if not isinstance(command, TyperGroup):
        return {path}
    context = typer.Context(command)
    return {
        found
        for name in command.list_commands(context)
        for found in _commands(command.get_command(context, name), f"{path} {name}".strip())
    }


def digest(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[str, str]:
    with suppress(SystemExit):
        main(list(arguments))
    return capsys.readouterr()


def log(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(digest(capsys, "desk", "audit", "--json", "--limit", "500")[0])
    return found


def test_every_command_that_changes_something_stands_in_this_walk():
    every = {name for name in _commands(typer.main.get_command(app)) if changes(name)}
    every = {name for name in every if not name.startswith(("tool ", "editions edit "))}
    walked = {act for act, *_ in STEPS} | OF_EDITIONS | OF_ACCOUNTS | OF_SERVERS | NEEDS_MORE
    assert every - LASTING - BESIDE - ONLY_SHOWS == walked


def test_each_leaves_a_row_with_what_was_and_what_is(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "people.csv").write_text("email\nnew1@mujaz.example\nnew2@mujaz.example\n", encoding="utf-8")
    (tmp_path / "addresses.txt").write_text("gone@mujaz.example\n", encoding="utf-8")
    seen = 0
    for act, arguments, name, before, after in STEPS:
        printed = digest(capsys, *act.split(" "), *arguments)
        rows = log(capsys)
        new = rows[: len(rows) - seen]
        seen = len(rows)
        if act == "subscribers remove":
            assert new == [], "nobody has the address any more: what failed is not written down"
            continue
        assert [one["act"] for one in new] == [act], (act, printed)
        row = new[0]
        for side, wanted in ((row["before"], before), (row["after"], after)):
            if wanted is ...:
                assert name in side, (act, row)
            elif wanted is None:
                assert not name or name not in side, (act, row)
            else:
                assert side.get(name) == wanted, (act, row)
    written = json.dumps(log(capsys), ensure_ascii=False)
    for secret in ("zed@", "bad@", "gone@", "new1@", "الرباط", "whsec_", "mujaz_", "/hook"):
        assert secret not in written, secret
