"""`digest subscribers import` and its kin, as an admin types them."""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from digest.entrypoints.cli.audience.lists import app as list_commands
from digest.entrypoints.cli.audience.subscribers import app as commands


@pytest.fixture(autouse=True)
def _a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIGEST_DATABASE__URL", f"sqlite:///{tmp_path}/digest.db")
    monkeypatch.setenv("DIGEST_WEB__SECRET", "s" * 32)
    monkeypatch.setenv("COLUMNS", "200")


def run(*arguments: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(commands, arguments, input=given)


FILE = "Email Address;Full Name;Status\namal@mujaz.example;أمل;subscribed\nnobody;=1;subscribed\nbadr@mujaz.example;بدر;unsubscribed\n"


def test_an_admin_sees_the_columns_the_counts_and_the_lines_that_were_refused(tmp_path: Path):
    (tmp_path / "people.csv").write_text(FILE, encoding="utf-8")
    dry = run("import", "people.csv", "--dry-run")
    assert "email ← «Email Address», name ← «Full Name», state ← «Status»" in dry.stdout
    assert "1 would be added to the list daily" in dry.stdout
    done = run("import", "people.csv", "--errors", "refused.csv")
    assert done.exit_code == dry.exit_code == 2
    assert (
        "1 added to the list daily, 0 were there already, 1 left, 0 must not be mailed, 0 doubled in the file, 1 refused: 3 rows."
        in done.stdout
    )
    assert "line 3: 'nobody' is no e-mail address" in done.stdout
    kept = (tmp_path / "refused.csv").read_text(encoding="utf-8")
    assert kept.startswith("\ufeff")  # by which a spreadsheet knows that it is UTF-8
    head, row = csv.reader(kept.lstrip("\ufeff").splitlines())
    assert head == ["line", "reason", *FILE.splitlines()[0].split(";")]
    assert (row[0], row[2:]) == ("3", ["nobody", "'=1", "subscribed"])


def test_refused_lines_are_corrected_in_their_file_and_imported_from_it(tmp_path: Path):
    (tmp_path / "people.csv").write_text(FILE, encoding="utf-8")
    run("import", "people.csv", "--errors", "refused.csv")
    kept = (tmp_path / "refused.csv").read_text(encoding="utf-8-sig")
    (tmp_path / "refused.csv").write_text(
        kept.replace(",nobody,", ",salma@mujaz.example,"), encoding="utf-8-sig"
    )
    again = run("import", "refused.csv")
    assert again.exit_code == 0
    assert "1 added to the list daily" in again.stdout


def test_imports_are_listed_with_what_became_of_them():
    run("import", "-", given=b"email\namal@mujaz.example\n")
    run("import", "-", given=b"email\namal@mujaz.example\nbadr@mujaz.example\n")
    run("undo-import", "2")
    second, first = json.loads(run("imports", "--json").stdout)
    assert (first["counts"], first["undone_at"]) == ({"added": 1}, None)
    assert (second["counts"], second["undone_at"] is None) == ({"added": 1, "known": 1}, False)
    assert "1 added, 1 known" in run("imports").stdout


def test_an_import_is_shown_and_taken_back():
    done = run("import", "-", given=b"email\namal@mujaz.example\n")
    assert done.exit_code == 0, done.output
    shown = json.loads(run("show", "amal@mujaz.example", "--json").stdout)
    assert [(one["list"], one["state"], one["consent"], one["sections"]) for one in shown["lists"]] == [
        ("daily", "confirmed", "import", None)
    ]
    assert [one["email"] for one in json.loads(run("list", "--json").stdout)] == ["amal@mujaz.example"]
    assert "undo-import 1" in done.stdout
    assert "1 subscriptions taken back" in run("undo-import", "1").stdout
    assert json.loads(run("list", "--json").stdout) == []


def test_with_several_lists_none_is_taken_by_guess():
    for slug in ("daily", "other"):
        assert CliRunner().invoke(list_commands, ["add", slug, "--name", slug]).exit_code == 0
    for command in (("import", "-"), ("add", "amal@mujaz.example")):
        refused = run(*command, given=b"email\namal@mujaz.example\n")
        assert refused.exit_code != 0
        assert "Choose one with --list" in str(refused.exception)
    assert run("import", "-", "--list", "other", given=b"email\namal@mujaz.example\n").exit_code == 0


@pytest.mark.parametrize("mapping", ["email", "phone=1", "email=-", "=x"])
def test_a_mapping_that_is_none_is_refused(mapping: str):
    assert run("import", "-", "--map", mapping, given=b"email\na@b.example\n").exit_code != 0


def test_there_are_no_sample_readers_to_remove():
    run("add", "amal@mujaz.example")
    assert run("remove-samples").stdout == "There are no sample readers.\n"


def test_an_erased_address_may_be_let_back_by_an_admin():
    run("add", "amal@mujaz.example")
    assert run("remove", "amal@mujaz.example").exit_code == 0
    assert run("add", "amal@mujaz.example").exit_code != 0
    assert run("enable", "amal@mujaz.example").exit_code == 0
    assert run("add", "amal@mujaz.example").exit_code == 0


def test_people_are_exported_as_json_and_imported_from_it():
    given = "email,name,status\namal@mujaz.example,=1,subscribed\nbadr@mujaz.example,\u202eبدر,left\n"
    run("import", "-", given=given.encode())
    run("set", "amal@mujaz.example", "--hour", "7")
    CliRunner().invoke(list_commands, ["add", "other", "--name", "Other"])
    said = run("export", "--list", "daily", "--json").stdout
    first, second = (json.loads(line) for line in said.splitlines())
    assert (first["email"], first["name"], first["state"]) == ("amal@mujaz.example", "=1", "confirmed")
    assert (first["choices"], first["tags"], first["stopped"]) == ({"hour": 7}, [], None)
    assert (second["state"], second["choices"]) == ("left", None)
    assert "\u202e" not in said
    assert json.loads(run("export", "--json").stdout.splitlines()[0])["list"] == "daily"
    again = json.loads(run("import", "-", "--list", "other", "--json", given=said.encode()).stdout)
    assert (again["counts"]["added"], again["counts"]["left"]) == (1, 1)
    assert run("export", "--list", "other", "--json").stdout.count('"hour": 7') == 1


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1256"])
def test_a_file_as_excel_saves_it_is_imported_with_its_arabic(tmp_path: Path, encoding: str):
    text = "البريد الإلكتروني\tالاسم\tالحالة\r\namal@mujaz.example\tأمل\tمشترك\r\nbadr@mujaz.example\tبدر\tملغي\r\n"
    (tmp_path / "people.txt").write_bytes(text.encode(encoding))
    done = json.loads(run("import", "people.txt", "--json").stdout)
    assert (done["counts"]["added"], done["counts"]["left"], done["counts"]["rejected"]) == (1, 1, 0)
    assert "أمل" in run("list").stdout
